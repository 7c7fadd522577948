package org.tallystick.platform.metering.fold;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * What is known of one epoch of one edge: which sequence numbers were folded, so that no receipt counts twice whatever
 * batches it comes in; what was said of deliveries afterwards, so that a void or a cut works also ahead of what it speaks of;
 * and the log positions of its batches. What was said afterwards are sets that only grow: deliveries of which something says
 * that no more than free bytes were handed over, and deliveries of which something says that more was. A delivery stands if it
 * is in the second, or in neither. Not thread-safe.
 */
public final class FoldedEpoch {
    private static final int RECENT = 256;

    private final int edge;
    private final int epoch;
    private final Ranges seen;
    private final Roaring64NavigableMap voided;
    private final Roaring64NavigableMap kept;
    /** Greatest number of bytes handed over that was said of deliveries still to come, by their numbers. */
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
     * What was said of deliveries afterwards.
     *
     * @param voided numbers of which something says that no more than free bytes were handed over
     * @param kept numbers of which something says that more was
     * @param waiting greatest number of bytes that was said of numbers still to come
     */
    public record Outcomes(Roaring64NavigableMap voided, Roaring64NavigableMap kept, NavigableMap<Long, Long> waiting) {
        Outcomes() {
            this(new Roaring64NavigableMap(), new Roaring64NavigableMap(), new TreeMap<>());
        }
    }

    /** Whether anything was said of any delivery afterwards. */
    boolean hasOutcomes() {
        return !voided.isEmpty() || !kept.isEmpty() || !waiting.isEmpty();
    }

    /** Whether what was said of a delivery afterwards, if anything, leaves it a use. */
    public boolean stands(long sequence) {
        return kept.contains(sequence) || !voided.contains(sequence);
    }

    /** Whether anything was said of a delivery afterwards. */
    public boolean isSpokenOf(long sequence) {
        return kept.contains(sequence) || voided.contains(sequence);
    }

    /** Notes that something says that no more than free bytes of a delivery were handed over. */
    void markVoid(long sequence) {
        if (!voided.contains(sequence)) {
            voided.addLong(sequence);
            changed = true;
        }
    }

    /** Notes that something says that more than free bytes of a delivery were handed over. */
    void markKept(long sequence) {
        if (!kept.contains(sequence)) {
            kept.addLong(sequence);
            changed = true;
        }
    }

    /** Notes how much of a delivery that is still to come was handed over. */
    void await(long sequence, long bytes) {
        waiting.merge(sequence, bytes, Math::max);
        changed = true;
    }

    /** The greatest number of bytes that was said of a delivery ahead of it, which is not waited for any longer. */
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
