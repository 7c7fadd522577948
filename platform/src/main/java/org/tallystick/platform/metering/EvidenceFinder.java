package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.protocol.LeafKind;
import org.tallystick.protocol.LeafReader;

/**
 * Finds the receipts behind members of a set by reading again the batches that fed it: once for the voids, once for the
 * deliveries. What it finds depends only on the log up to a position, so a statement's evidence never changes. Not
 * thread-safe.
 */
final class EvidenceFinder {
    private final World world;
    private final Classifier classifier;
    private final Map<ReceiptNumber, Spot> voids = new HashMap<>();

    EvidenceFinder(World bare) {
        this.world = bare;
        this.classifier = new Classifier(bare);
    }

    /**
     * Where to look.
     *
     * @param from first millisecond of the deliveries asked for
     * @param to first millisecond past them
     * @param before log position past the last that counts
     */
    record Where(UsageKey key, long from, long to, long before) {}

    /** A receipt's number. */
    private record ReceiptNumber(int edge, int epoch, long sequence) {}

    /** A leaf by its place. */
    private record Spot(long position, int index, long time, ReceiptNumber number) {
        static Spot of(long position, LeafReader leaf) {
            ReceiptNumber number = new ReceiptNumber(leaf.edge(), leaf.epoch(), leaf.sequence());
            return new Spot(position, leaf.index(), leaf.time(), number);
        }

        boolean before(Spot other) {
            return time != other.time
                    ? time < other.time
                    : position != other.position ? position < other.position : index < other.index;
        }
    }

    /** The earliest standing delivery of each wanted work, by ordinal; works without one are left out. */
    List<Evidence> uses(List<MeteringStore.Row> rows, Where where, RoaringBitmap wanted) {
        List<Evidence> found = new ArrayList<>();
        earliest(rows, where, wanted, false).forEach((ordinal, spot) -> found.add(evidence(ordinal, spot)));
        return found;
    }

    /** The earliest delivery of each wanted work that a void takes back, with that void, by ordinal. */
    List<Withdrawal> withdrawals(List<MeteringStore.Row> rows, Where where, RoaringBitmap wanted) {
        List<Withdrawal> found = new ArrayList<>();
        earliest(rows, where, wanted, true).forEach((ordinal, spot) -> {
            Spot taken = Objects.requireNonNull(voids.get(spot.number()));
            found.add(new Withdrawal(evidence(ordinal, spot), evidence(ordinal, taken)));
        });
        return found;
    }

    private Map<Integer, Spot> earliest(
            List<MeteringStore.Row> rows, Where where, RoaringBitmap wanted, boolean takenBack) {
        Roaring64NavigableMap positions = new Roaring64NavigableMap();
        for (MeteringStore.Row row : rows) {
            if (row.start() < where.to() && row.end() > where.from()) {
                positions.or(row.feeding());
            }
        }
        collectVoids(positions);
        Map<Integer, Spot> best = new TreeMap<>();
        forEach(positions, where.before(), (position, leaf) -> {
            int ordinal = ordinal(position, leaf, where);
            if (ordinal == Classifier.NOWHERE || !wanted.contains(ordinal)) {
                return;
            }
            Spot spot = Spot.of(position, leaf);
            Spot known = best.get(ordinal);
            if (isTakenBack(spot, where.before()) == takenBack && (known == null || spot.before(known))) {
                best.put(ordinal, spot);
            }
        });
        return best;
    }

    private int ordinal(long position, LeafReader leaf, Where where) {
        if (!leaf.meters() || leaf.time() < where.from() || leaf.time() >= where.to()) {
            return Classifier.NOWHERE;
        }
        int ordinal = classifier.classify(position, leaf);
        return ordinal != Classifier.NOWHERE && classifier.set().key().equals(where.key())
                ? ordinal
                : Classifier.NOWHERE;
    }

    /**
     * Whether a void below a position names the delivery. That void is among the batches that fed the set, unless it came
     * ahead of the delivery, which intake does not let happen; then all batches of the epoch are looked at.
     */
    private boolean isTakenBack(Spot spot, long before) {
        Spot taken = voids.get(spot.number());
        if (taken == null) {
            FoldedEpoch epoch = world.epoch(spot.number().edge(), spot.number().epoch());
            if (!epoch.isVoided(spot.number().sequence())) {
                return false;
            }
            collectVoids(epoch.positions());
            taken = Objects.requireNonNull(voids.get(spot.number()), "a void that was folded is not in the log");
        }
        return taken.position() < before;
    }

    private void collectVoids(Roaring64NavigableMap positions) {
        forEach(positions, Long.MAX_VALUE, (position, leaf) -> {
            if (leaf.kindCode() == LeafKind.VOID.code()) {
                ReceiptNumber number = new ReceiptNumber(leaf.edge(), leaf.epoch(), leaf.voids());
                Spot spot = Spot.of(position, leaf);
                voids.merge(number, spot, (one, other) -> one.position() <= other.position() ? one : other);
            }
        });
    }

    @FunctionalInterface
    private interface Each {
        void leaf(long position, LeafReader leaf);
    }

    private void forEach(Roaring64NavigableMap positions, long before, Each each) {
        for (LongIterator next = positions.getLongIterator(); next.hasNext(); ) {
            long position = next.next();
            if (position >= before) {
                return;
            }
            LeafReader leaf =
                    world.reader().inBundle(world.reader().batchEntry(position)).reader();
            while (leaf.hasNext()) {
                leaf.next();
                each.leaf(position, leaf);
            }
        }
    }

    private static Evidence evidence(int ordinal, Spot spot) {
        return new Evidence(ordinal, spot.position(), spot.index());
    }
}
