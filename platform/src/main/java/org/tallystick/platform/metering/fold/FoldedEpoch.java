package org.tallystick.platform.metering.fold;

import java.util.Arrays;
import java.util.OptionalLong;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * What is known of one epoch of one edge: which sequence numbers were folded, so that no receipt counts twice whatever
 * batches it comes in; which are void, so that a void receipt works also ahead of what it voids; and the log positions of
 * its batches. Not thread-safe.
 */
public final class FoldedEpoch {
    private static final int RECENT = 256;

    private final int edge;
    private final int epoch;
    private final Ranges seen;
    private final Roaring64NavigableMap voided;
    private final Roaring64NavigableMap positions;
    /** First, last and position of the latest batches; a void mostly names one of them. */
    private final long[] recent = new long[3 * RECENT];

    private int folded;
    private boolean changed;

    public FoldedEpoch(int edge, int epoch) {
        this(edge, epoch, new Ranges(), new Roaring64NavigableMap(), new Roaring64NavigableMap());
    }

    public FoldedEpoch(
            int edge, int epoch, Ranges seen, Roaring64NavigableMap voided, Roaring64NavigableMap positions) {
        this.edge = edge;
        this.epoch = epoch;
        this.seen = seen;
        this.voided = voided;
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

    boolean hasVoided() {
        return !voided.isEmpty();
    }

    public boolean isVoided(long sequence) {
        return voided.contains(sequence);
    }

    /** Notes that a number is void; answers whether that is news. */
    boolean markVoid(long sequence) {
        if (voided.contains(sequence)) {
            return false;
        }
        voided.addLong(sequence);
        changed = true;
        return true;
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

    public Roaring64NavigableMap voided() {
        return voided;
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
