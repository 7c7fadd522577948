package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.protocol.LeafKind;
import org.tallystick.protocol.LeafReader;

/**
 * Finds the receipts behind members of sets by reading again the batches that fed them: once for the voids, once for the
 * deliveries, however many sets are asked for. What it finds depends only on the log up to a position, so a statement's
 * evidence never changes. Not thread-safe.
 */
final class EvidenceFinder {
    private final Handle tx;
    private final World world;
    private final Classifier classifier;
    private final Map<ReceiptNumber, Spot> voids = new HashMap<>();
    private final Map<Long, Optional<FoldedEpoch>> epochs = new HashMap<>();

    EvidenceFinder(Handle tx, World bare) {
        this.tx = tx;
        this.world = bare;
        this.classifier = new Classifier(bare);
    }

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

        Evidence.Place place() {
            return new Evidence.Place(position, index);
        }
    }

    /** One question and the best answers so far, by ordinal. */
    private record Search(Wanted wanted, Map<Integer, Spot> best) {}

    /**
     * For each question the earliest delivery of each of its works, by ordinal; works without one are left out.
     *
     * @return in the order of the questions
     */
    List<List<Evidence>> find(List<Wanted> questions) {
        List<Search> searches = new ArrayList<>();
        Map<UsageKey, List<Search>> byKey = new HashMap<>();
        Map<UsageKey, List<MeteringStore.Row>> rows = new HashMap<>();
        Roaring64NavigableMap positions = new Roaring64NavigableMap();
        for (Wanted wanted : questions) {
            Search search = new Search(wanted, new TreeMap<>());
            searches.add(search);
            byKey.computeIfAbsent(wanted.key(), key -> new ArrayList<>()).add(search);
            for (MeteringStore.Row row : rows.computeIfAbsent(wanted.key(), key -> MeteringStore.set(tx, key))) {
                if (wanted.meets(row)) {
                    positions.or(row.feeding());
                }
            }
        }
        collectVoids(positions);
        forEach(positions, (position, leaf) -> {
            if (leaf.meters() && classifier.classify(position, leaf) != Classifier.NOWHERE) {
                List<Search> asking = byKey.getOrDefault(classifier.set().key(), List.of());
                for (Search search : asking) {
                    consider(search, position, leaf);
                }
            }
        });
        return searches.stream().map(this::answer).toList();
    }

    private void consider(Search search, long position, LeafReader leaf) {
        Wanted wanted = search.wanted();
        int ordinal = classifier.ordinal();
        if (position >= wanted.before()
                || !wanted.covers(leaf.time())
                || !wanted.works().contains(ordinal)) {
            return;
        }
        Spot spot = Spot.of(position, leaf);
        Spot known = search.best().get(ordinal);
        boolean better = known == null || spot.before(known);
        if (better && isTakenBack(spot, wanted.before()) == wanted.taken()) {
            search.best().put(ordinal, spot);
        }
    }

    private List<Evidence> answer(Search search) {
        List<Evidence> found = new ArrayList<>();
        search.best().forEach((ordinal, spot) -> {
            Optional<Evidence.Place> taken = search.wanted().taken()
                    ? Optional.of(
                            Objects.requireNonNull(voids.get(spot.number())).place())
                    : Optional.empty();
            found.add(new Evidence(ordinal, spot.place(), taken));
        });
        return found;
    }

    /**
     * Whether a void below a position names the delivery. That void is among the batches that fed the set, unless it came
     * ahead of the delivery, which intake does not let happen; then all batches of the epoch are looked at.
     */
    private boolean isTakenBack(Spot spot, long before) {
        Spot taken = voids.get(spot.number());
        if (taken == null) {
            ReceiptNumber number = spot.number();
            Optional<FoldedEpoch> epoch = epochs.computeIfAbsent(
                    (long) number.edge() << 32 | number.epoch(),
                    key -> MeteringStore.epoch(tx, number.edge(), number.epoch()));
            if (epoch.isEmpty() || !epoch.get().isVoided(number.sequence())) {
                return false;
            }
            collectVoids(epoch.get().positions());
            taken = Objects.requireNonNull(voids.get(number), "a void that was folded is not in the log");
        }
        return taken.position() < before;
    }

    private void collectVoids(Roaring64NavigableMap positions) {
        forEach(positions, (position, leaf) -> {
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

    private void forEach(Roaring64NavigableMap positions, Each each) {
        for (LongIterator next = positions.getLongIterator(); next.hasNext(); ) {
            long position = next.next();
            LeafReader leaf =
                    world.reader().inBundle(world.reader().batchEntry(position)).reader();
            while (leaf.hasNext()) {
                leaf.next();
                each.leaf(position, leaf);
            }
        }
    }
}
