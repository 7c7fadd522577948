package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.metering.fold.Classifier;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.LeafReader;

/**
 * Finds the receipts behind members of sets by reading again the batches that fed them: once for the voids and cuts, once for
 * the deliveries, however many sets are asked for. What it finds depends only on the log up to a position, so a statement's
 * evidence never changes. Not thread-safe.
 */
final class EvidenceFinder {
    private final Handle tx;
    private final StoredFoldInputs world;
    private final Classifier classifier;
    private final Map<ReceiptNumber, List<Outcome>> outcomes = new HashMap<>();
    private final Set<Long> searched = new HashSet<>();
    private final Map<Long, Optional<FoldedEpoch>> epochs = new HashMap<>();

    EvidenceFinder(Handle tx, StoredFoldInputs bare) {
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

    /** A void or a cut: how many bytes of an earlier delivery were handed over. */
    private record Outcome(Spot spot, long bytes) {}

    /** One question and the best answers so far, at the place of each work among those asked for. */
    private static final class Search {
        final EvidenceQuery query;
        final @Nullable Spot[] best;
        final @Nullable Spot[] withdrawnBy;
        private final int[] places;

        Search(EvidenceQuery query) {
            this.query = query;
            this.best = new Spot[query.works().getCardinality()];
            this.withdrawnBy = new Spot[best.length];
            this.places = new int[query.works().isEmpty() ? 0 : query.works().last() + 1];
            int[] ordinals = query.works().toArray();
            for (int i = 0; i < ordinals.length; i++) {
                places[ordinals[i]] = i + 1;
            }
        }

        /** The place of a work, or -1 where it is not asked for. */
        int place(int ordinal) {
            return ordinal < places.length ? places[ordinal] - 1 : -1;
        }
    }

    /**
     * For each question the earliest delivery of each of its works, by ordinal; works without one are left out.
     *
     * @return in the order of the questions
     */
    List<List<Evidence>> find(List<EvidenceQuery> questions) {
        List<Search> searches = new ArrayList<>();
        Map<UsageKey, List<Search>> byKey = new HashMap<>();
        Map<UsageKey, List<MeteringStore.Row>> rows = new HashMap<>();
        Roaring64NavigableMap positions = new Roaring64NavigableMap();
        for (EvidenceQuery query : questions) {
            Search search = new Search(query);
            searches.add(search);
            byKey.computeIfAbsent(query.key(), key -> new ArrayList<>()).add(search);
            for (MeteringStore.Row row : rows.computeIfAbsent(query.key(), key -> MeteringStore.set(tx, key))) {
                if (query.meets(row)) {
                    positions.or(row.feeding());
                }
            }
        }
        collectOutcomes(positions);
        forEach(positions, header -> true, (position, batch) -> {
            classifier.lookUp(batch);
            for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
                leaf.next();
                if (leaf.meters()
                        && classifier.classifyNext(position, leaf) != Classifier.NOWHERE
                        && classifier.isUse(leaf, leaf.bytes())) {
                    List<Search> asking = byKey.getOrDefault(classifier.set().key(), List.of());
                    for (Search search : asking) {
                        consider(search, position, leaf);
                    }
                }
            }
        });
        return searches.stream().map(this::answer).toList();
    }

    private void consider(Search search, long position, LeafReader leaf) {
        EvidenceQuery query = search.query;
        int place = search.place(classifier.ordinal());
        if (place < 0 || position >= query.before() || !query.covers(leaf.time())) {
            return;
        }
        Spot known = search.best[place];
        if (known != null && known.time() < leaf.time()) {
            return; // most repetitions: no need to look closer
        }
        Spot spot = Spot.of(position, leaf);
        boolean better = known == null || spot.before(known);
        if (better) {
            Optional<Spot> withdrawing = withdrawal(spot, leaf, query.before());
            if (withdrawing.isPresent() == query.withdrawn()) {
                search.best[place] = spot;
                search.withdrawnBy[place] = withdrawing.orElse(null);
            }
        }
    }

    private List<Evidence> answer(Search search) {
        List<Evidence> found = new ArrayList<>();
        int[] ordinals = search.query.works().toArray();
        for (int i = 0; i < ordinals.length; i++) {
            Spot spot = search.best[i];
            if (spot != null) {
                Optional<Evidence.Place> withdrawnBy =
                        Optional.ofNullable(search.withdrawnBy[i]).map(Spot::place);
                found.add(new Evidence(ordinals[i], spot.place(), withdrawnBy));
            }
        }
        return found;
    }

    /**
     * The first receipt below a position that takes the delivery back, if none below it says that more than free bytes were
     * handed over. Both are among the batches that fed the set, unless they came ahead of the delivery, which intake does not
     * let happen; then all batches of the epoch are looked at.
     */
    private Optional<Spot> withdrawal(Spot delivery, LeafReader leaf, long before) {
        ReceiptNumber number = delivery.number();
        long key = (long) number.edge() << 32 | number.epoch();
        if (!outcomes.containsKey(number) && !searched.contains(key)) {
            Optional<FoldedEpoch> epoch =
                    epochs.computeIfAbsent(key, e -> MeteringStore.epoch(tx, number.edge(), number.epoch()));
            if (epoch.isPresent() && epoch.get().hasOutcome(number.sequence())) {
                searched.add(key);
                collectOutcomes(epoch.get().positions());
            }
        }
        Optional<Spot> first = Optional.empty();
        for (Outcome one : outcomes.getOrDefault(number, List.of())) {
            if (one.spot().position() < before) {
                if (one.bytes() > 0 && classifier.isUse(leaf, one.bytes())) {
                    return Optional.empty();
                }
                first = first.filter(earlier -> earlier.position() <= one.spot().position())
                        .or(() -> Optional.of(one.spot()));
            }
        }
        return first;
    }

    private void collectOutcomes(Roaring64NavigableMap positions) {
        forEach(positions, EvidenceFinder::mayTakeBack, (position, batch) -> {
            for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
                leaf.next();
                if (leaf.kindCode() == LeafKind.VOID.code() || leaf.kindCode() == LeafKind.CUT.code()) {
                    ReceiptNumber number = new ReceiptNumber(leaf.edge(), leaf.epoch(), leaf.refers());
                    outcomes.computeIfAbsent(number, n -> new ArrayList<>())
                            .add(new Outcome(Spot.of(position, leaf), leaf.bytes()));
                }
            }
        });
    }

    /** Most batches hold nothing but deliveries, as intake has checked. */
    private static boolean mayTakeBack(BatchHeader header) {
        return header.metered() < header.count();
    }

    @FunctionalInterface
    private interface Each {
        void batch(long position, Batch batch);
    }

    private void forEach(Roaring64NavigableMap positions, Predicate<BatchHeader> wanted, Each each) {
        for (LongIterator next = positions.getLongIterator(); next.hasNext(); ) {
            long position = next.next();
            LogEntry.BatchEntry entry = world.reader().batchEntry(position);
            if (wanted.test(entry.signed().header())) {
                each.batch(position, world.reader().inBundle(entry));
            }
        }
    }
}
