package org.tallystick.platform.metering.fold;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.LeafReader;

/**
 * Folds batches into usage sets. The work per leaf is two look-ups by value and one byte counted up; no object is made.
 *
 * <p>Why counts and not bits: a void, or a cut within free bytes, takes back one delivery, and the work stays used exactly if
 * another delivery stands. With the number of standing deliveries per work, kept per stretch of time, that is one
 * subtraction, exact whenever the void arrives. Why sequence numbers: they make every leaf count once, so that counts are as
 * indifferent to repetition as a union is. An outcome (void or cut) that arrives before its delivery is remembered and applied
 * when the delivery arrives.
 *
 * <p>Not thread-safe. After an exception it is to be thrown away: what it holds may be half of a batch.
 */
public final class Folder {
    private final FoldInputs inputs;
    private final Classifier classifier;
    private final Map<Long, FoldedEpoch> epochs = new HashMap<>();
    private final Map<Long, Map<UncountedReason, Integer>> anomalies = new TreeMap<>();

    public Folder(FoldInputs inputs) {
        this.inputs = inputs;
        this.classifier = new Classifier(inputs);
    }

    /** All sets touched so far. */
    public Collection<FoldedSet> sets() {
        return classifier.sets();
    }

    /** All epochs touched so far. */
    public Collection<FoldedEpoch> epochs() {
        return epochs.values();
    }

    /** How many leaves of which batch were not counted, and why, since the last {@link #saved}. */
    public Map<Long, Map<UncountedReason, Integer>> anomalies() {
        return anomalies;
    }

    /** What it holds has been saved; goes on from there. */
    public void saved() {
        anomalies.clear();
        classifier.forgetUnknown();
        epochs.values().forEach(FoldedEpoch::saved);
        sets().forEach(set -> set.buckets().forEach(Bucket::saved));
    }

    /** Forgets what tokens and epochs stand for: some have been ended since. */
    public void forgetGrants() {
        classifier.forgetGrants();
    }

    /** Forgets which tokens nobody was granted: some have been since. */
    public void forgetUnknown() {
        classifier.forgetUnknown();
    }

    /** Folds the batch at a log position, which must lie behind all folded so far. */
    public void fold(long position, Batch batch) {
        BatchHeader header = batch.header();
        FoldedEpoch epoch = epoch(header.edge(), header.epoch());
        LeafReader leaf = batch.reader();
        classifier.lookUp(batch);
        if (epoch.overlaps(header.first(), header.last())) {
            foldUnseen(position, leaf, epoch);
            return;
        }
        epoch.enter(header.first(), header.last(), position);
        while (leaf.hasNext()) {
            leaf.next();
            fold(position, leaf, epoch);
        }
    }

    /** A batch some of whose numbers came in another batch already: each counts once. */
    private void foldUnseen(long position, LeafReader leaf, FoldedEpoch epoch) {
        while (leaf.hasNext()) {
            leaf.next();
            if (!epoch.isSeen(leaf.sequence())) {
                epoch.enter(leaf.sequence(), leaf.sequence(), position);
                fold(position, leaf, epoch);
            }
        }
    }

    private void fold(long position, LeafReader leaf, FoldedEpoch epoch) {
        int kind = leaf.kindCode();
        if (kind == LeafKind.VOID.code() || kind == LeafKind.CUT.code()) {
            applyOutcome(position, epoch, leaf);
            return;
        }
        if (kind == LeafKind.HEAD.code()) {
            epoch.arrived(leaf.sequence());
            return;
        }
        int ordinal = classifier.classifyNext(position, leaf);
        if (ordinal == Classifier.NOWHERE) {
            anomalies
                    .computeIfAbsent(position, at -> new EnumMap<>(UncountedReason.class))
                    .merge(classifier.reason(), 1, Integer::sum);
        } else if (leaf.meters() && classifier.isUse(leaf)) {
            if (epoch.hasOutcomes()) {
                epoch.arrived(leaf.sequence()).ifPresent(handed -> note(epoch, leaf, handed));
            }
            if (!epoch.hasOutcomes() || epoch.stands(leaf.sequence())) {
                classifier.set().at(leaf.time()).add(ordinal, position);
            }
            return;
        }
        epoch.arrived(leaf.sequence());
    }

    /** Notes how much of the delivery just classified was handed over. */
    private void note(FoldedEpoch epoch, LeafReader delivery, long handed) {
        if (handed > 0 && classifier.isUse(delivery, handed)) {
            epoch.markKept(delivery.sequence());
        } else {
            epoch.markVoid(delivery.sequence());
        }
    }

    /** A void or a cut says how much of an earlier delivery was handed over. */
    private void applyOutcome(long position, FoldedEpoch epoch, LeafReader outcome) {
        long sequence = outcome.refers();
        epoch.arrived(outcome.sequence()); // an outcome is no delivery, so nothing withdraws it
        if (!epoch.isSeen(sequence)) {
            if (outcome.kindCode() == LeafKind.VOID.code()) {
                epoch.markVoid(sequence);
            } else {
                epoch.await(sequence, outcome.bytes());
            }
            return;
        }
        long at = positionOf(epoch, sequence);
        LeafReader delivery = leafIn(inputs.batch(at), sequence);
        boolean counted = delivery.meters()
                && classifier.classify(at, delivery) != Classifier.NOWHERE
                && classifier.isUse(delivery);
        if (!counted) {
            if (outcome.kindCode() == LeafKind.VOID.code()) {
                epoch.markVoid(sequence);
            }
            return;
        }
        boolean stood = epoch.stands(sequence);
        note(epoch, delivery, outcome.bytes());
        Bucket bucket = classifier.set().at(delivery.time());
        if (stood && !epoch.stands(sequence)) {
            bucket.remove(classifier.ordinal(), position);
        } else if (!stood && epoch.stands(sequence)) {
            bucket.add(classifier.ordinal(), position);
        } else {
            bucket.feed(position);
        }
    }

    /**
     * Cuts all buckets at a moment, so that what was delivered before can be told from what was delivered from then on.
     * Everything folded must have been saved. Reads again the batches of the buckets it cuts, as far as they reach beyond
     * the moment; each delivery that stands moves with its count, so unions stay as they were.
     */
    public void cut(long moment) {
        Roaring64NavigableMap positions = new Roaring64NavigableMap();
        for (FoldInputs.Spanning spanning : inputs.spanning(moment)) {
            FoldedSet set = classifier.set(spanning.key(), spanning.dataset(), spanning.works());
            positions.or(set.cut(moment).positions());
        }
        Map<Long, Ranges> met = new HashMap<>();
        for (LongIterator each = positions.getLongIterator(); each.hasNext(); ) {
            long position = each.next();
            BatchHeader header = inputs.header(position);
            if (header.maxTime() >= moment) {
                FoldedEpoch epoch = epoch(header.edge(), header.epoch());
                Ranges numbers = met.computeIfAbsent(key(header.edge(), header.epoch()), k -> new Ranges());
                move(position, moment, epoch, numbers);
            }
        }
    }

    /** Moves the deliveries of a batch that lie behind a fresh cut; numbers met in another batch have moved already. */
    private void move(long position, long moment, FoldedEpoch epoch, Ranges met) {
        LeafReader leaf = inputs.batch(position).reader();
        while (leaf.hasNext()) {
            leaf.next();
            if (leaf.time() < moment || !leaf.meters() || met.contains(leaf.sequence())) {
                continue;
            }
            met.add(leaf.sequence(), leaf.sequence());
            int ordinal = classifier.classify(position, leaf);
            if (ordinal != Classifier.NOWHERE && classifier.isUse(leaf) && epoch.stands(leaf.sequence())) {
                classifier.set().moveBehind(moment, leaf.time(), ordinal, position);
            }
        }
    }

    public static LeafReader leafIn(Batch batch, long sequence) {
        LeafReader leaf = batch.reader();
        do {
            leaf.next();
        } while (leaf.sequence() != sequence);
        return leaf;
    }

    private FoldedEpoch epoch(int edge, int epoch) {
        long key = key(edge, epoch);
        FoldedEpoch known = epochs.get(key);
        if (known == null) {
            known = inputs.epoch(edge, epoch);
            epochs.put(key, known);
        }
        return known;
    }

    private static long key(int edge, int epoch) {
        return (long) edge << 32 | epoch;
    }

    private long positionOf(FoldedEpoch epoch, long sequence) {
        OptionalLong recent = epoch.recentWith(sequence);
        return recent.isPresent()
                ? recent.getAsLong()
                : positionOf(epoch.positions(), sequence, inputs)
                        .orElseThrow(() -> new IllegalStateException("sequence " + sequence + " of edge " + epoch.edge()
                                + " epoch " + epoch.epoch() + " was folded, but no batch holds it"));
    }

    /**
     * The position of the batch that holds a number. Batches of an epoch lie in the log in the order of their numbers,
     * so halving finds it; should they ever not, looking at each does.
     */
    static OptionalLong positionOf(Roaring64NavigableMap positions, long sequence, FoldInputs inputs) {
        long low = 0;
        long high = positions.getLongCardinality() - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long position = positions.select(middle);
            BatchHeader header = inputs.header(position);
            if (header.first() <= sequence && sequence <= header.last()) {
                return OptionalLong.of(position);
            }
            if (sequence < header.first()) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        for (LongIterator each = positions.getLongIterator(); each.hasNext(); ) {
            long position = each.next();
            BatchHeader header = inputs.header(position);
            if (header.first() <= sequence && sequence <= header.last()) {
                return OptionalLong.of(position);
            }
        }
        return OptionalLong.empty();
    }
}
