package org.tallystick.platform.metering.fold;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * What is known of one epoch of one edge: which sequence numbers were folded, so that no receipt counts twice whatever
 * batches it comes in; the outcomes of its deliveries, which may arrive before the delivery itself; and the log positions of its
 * batches. An outcome is a void or a cut: it says how many bytes of a delivery were handed over. Outcomes are kept as two sets
 * that only grow: deliveries with an outcome of free bytes at most ({@code voided}), and deliveries with an outcome of more
 * ({@code kept}). A delivery stands if it is in the second set, or in neither. Not thread-safe.
 */
public final class FoldedEpoch {
    private static final int RECENT = 256;

    private final int edge;
    private final int epoch;
    private final Ranges seen;
    private final Roaring64NavigableMap voided;
    private final Roaring64NavigableMap kept;
    /** The most bytes handed over by outcomes whose deliveries have not arrived, by the deliveries' numbers. */
    private final NavigableMap<Long, Long> waiting;

    private final Roaring64NavigableMap positions;
    /** First, last and position of the latest batches; a void mostly names one of them. */
    private final long[] recent = new long[3 * RECENT];

    private int folded;
    private boolean changed;

    public FoldedEpoch(int edge, int epoch) {
        this(edge, epoch, new Ranges(), new Outcomes(), new Roaring64NavigableMap());
    }

    /** The epoch as it was saved. */
    public FoldedEpoch(int edge, int epoch, Ranges seen, Outcomes outcomes, Roaring64NavigableMap positions) {
        this.edge = edge;
        this.epoch = epoch;
        this.seen = seen;
        this.voided = outcomes.voided();
        this.kept = outcomes.kept();
        this.waiting = outcomes.waiting();
        this.positions = positions;
        Arrays.fill(recent, -1);
    }

    public int edge() {
        return edge;
    }

    public int epoch() {
        return epoch;
    }

    /** Whether any of these sequence numbers was folded before. */
    boolean overlaps(long first, long last) {
        return seen.intersects(first, last);
    }

    boolean isSeen(long sequence) {
        return seen.contains(sequence);
    }

    /** Notes a batch; its numbers are seen from now on. */
    void enter(long first, long last, long position) {
        seen.add(first, last);
        positions.addLong(position);
        int at = 3 * (folded++ % RECENT);
        recent[at] = first;
        recent[at + 1] = last;
        recent[at + 2] = position;
        changed = true;
    }

    /**
     * The outcomes of an epoch's deliveries.
     *
     * @param voided numbers of deliveries with an outcome of free bytes at most
     * @param kept numbers of deliveries with an outcome of more than free bytes
     * @param waiting the most bytes of outcomes whose deliveries have not arrived, by the deliveries' numbers
     */
    public record Outcomes(Roaring64NavigableMap voided, Roaring64NavigableMap kept, NavigableMap<Long, Long> waiting) {
        Outcomes() {
            this(new Roaring64NavigableMap(), new Roaring64NavigableMap(), new TreeMap<>());
        }
    }

    /** Whether any delivery has an outcome. */
    boolean hasOutcomes() {
        return !voided.isEmpty() || !kept.isEmpty() || !waiting.isEmpty();
    }

    /** Whether a delivery is a use in spite of its outcomes, if it has any. */
    public boolean stands(long sequence) {
        return kept.contains(sequence) || !voided.contains(sequence);
    }

    /** Whether a delivery has an outcome. */
    public boolean hasOutcome(long sequence) {
        return kept.contains(sequence) || voided.contains(sequence);
    }

    /** Notes an outcome of free bytes at most. */
    void markVoid(long sequence) {
        if (!voided.contains(sequence)) {
            voided.addLong(sequence);
            changed = true;
        }
    }

    /** Notes an outcome of more than free bytes. */
    void markKept(long sequence) {
        if (!kept.contains(sequence)) {
            kept.addLong(sequence);
            changed = true;
        }
    }

    /** Notes an outcome, in bytes, of a delivery that has not arrived. */
    void await(long sequence, long bytes) {
        waiting.merge(sequence, bytes, Math::max);
        changed = true;
    }

    /** Takes out the most bytes of the outcomes that arrived before this delivery; empty where none did. */
    OptionalLong arrived(long sequence) {
        Long bytes = waiting.isEmpty() ? null : waiting.remove(sequence);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** The position of one of the latest batches, if it holds that number. */
    OptionalLong recentWith(long sequence) {
        for (int i = 0; i < recent.length; i += 3) {
            if (recent[i] >= 0 && recent[i] <= sequence && sequence <= recent[i + 1]) {
                return OptionalLong.of(recent[i + 2]);
            }
        }
        return OptionalLong.empty();
    }

    public Ranges seen() {
        return seen;
    }

    public Outcomes outcomes() {
        return new Outcomes(voided, kept, waiting);
    }

    public Roaring64NavigableMap positions() {
        return positions;
    }

    public boolean isChanged() {
        return changed;
    }

    void saved() {
        changed = false;
    }
}
