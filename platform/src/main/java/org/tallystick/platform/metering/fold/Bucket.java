package org.tallystick.platform.metering.fold;

import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * The part of a usage set that was delivered within one stretch of time: how often each work was, and which log positions
 * that came from. A work is a member while its count is above zero, so taking back a delivery is exact and needs nothing
 * but the count. Not thread-safe.
 */
public final class Bucket {
    private final long start;
    private final Counters counts;
    private final Positions positions;
    private long end;
    private boolean changed;

    /**
     * @param start first millisecond that belongs to it
     * @param end first millisecond that no longer does
     * @param works size of the dataset version
     */
    public Bucket(long start, long end, int works) {
        this(start, end, new Counters(works), new Positions());
    }

    private Bucket(long start, long end, Counters counts, Positions positions) {
        this.start = start;
        this.end = end;
        this.counts = counts;
        this.positions = positions;
    }

    /** The bucket as it was saved. */
    public static Bucket of(long start, long end, CountPlanes saved, Roaring64NavigableMap positions) {
        return new Bucket(start, end, Counters.of(saved), new Positions(positions));
    }

    public long start() {
        return start;
    }

    public long end() {
        return end;
    }

    public int works() {
        return counts.works();
    }

    /** Whether a delivery at that time belongs here. */
    boolean covers(long time) {
        return start <= time && time < end;
    }

    /** Counts one more delivery of a work. */
    public void add(int ordinal, long position) {
        counts.add(ordinal);
        feed(position);
    }

    /**
     * Takes back one delivery of a work.
     *
     * @param position of the batch that takes it back, which becomes part of the evidence
     */
    public void remove(int ordinal, long position) {
        if (counts.get(ordinal) == 0) {
            throw new IllegalStateException("work " + ordinal + " has no delivery that could be taken back");
        }
        counts.remove(ordinal);
        feed(position);
    }

    /** Notes that a log position has to do with this bucket. */
    void feed(long position) {
        changed = true;
        positions.add(position);
    }

    /** Deliveries of a work that stand. */
    public int count(int ordinal) {
        return counts.get(ordinal);
    }

    /**
     * Splits the bucket at a moment: this one ends there, the one returned begins there. Both have the same positions, because voids
     * of its deliveries are among them, and no deliveries yet.
     */
    public Bucket cut(long moment) {
        if (moment <= start || moment >= end) {
            throw new IllegalArgumentException(moment + " does not divide the bucket");
        }
        Bucket later = new Bucket(moment, end, new Counters(counts.works()), positions.copy());
        later.changed = true;
        end = moment;
        changed = true;
        return later;
    }

    /** The works delivered; a copy. */
    public RoaringBitmap members() {
        return counts.members();
    }

    public CountPlanes planes() {
        return counts.planes();
    }

    public Roaring64NavigableMap positions() {
        return positions.all();
    }

    public boolean isChanged() {
        return changed;
    }

    void saved() {
        changed = false;
    }

    /** Bytes of memory, about. */
    public long footprint() {
        return 256 + counts.footprint() + positions.footprint();
    }
}
