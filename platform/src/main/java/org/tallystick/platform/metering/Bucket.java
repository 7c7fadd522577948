package org.tallystick.platform.metering;

import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/**
 * The part of a usage set that was delivered within one stretch of time: how often each work was, as one byte a work,
 * and which log positions that came from. A work is a member while its count is above zero, so taking back a delivery is
 * exact and needs nothing but the count. Not thread-safe.
 */
final class Bucket {
    private static final int WIDE = 0xff;

    private final long start;
    private final int works;
    private final long[] members;
    private final byte[] counts;
    /** Counts that do not fit a byte; its place there holds {@link #WIDE}. */
    private final Map<Integer, Integer> wide = new HashMap<>();

    private final Roaring64NavigableMap positions;
    private long end;
    private long lastPosition = -1;
    private boolean changed;

    /**
     * @param start first millisecond that belongs to it
     * @param end first millisecond that no longer does
     * @param works size of the dataset version
     */
    Bucket(long start, long end, int works) {
        this(start, end, works, new Roaring64NavigableMap());
    }

    private Bucket(long start, long end, int works, Roaring64NavigableMap positions) {
        this.start = start;
        this.end = end;
        this.works = works;
        this.members = new long[(works + 63) >>> 6];
        this.counts = new byte[works];
        this.positions = positions;
    }

    /** The bucket as it was saved. */
    static Bucket of(long start, long end, CountPlanes saved, Roaring64NavigableMap positions) {
        Bucket bucket = new Bucket(start, end, saved.works(), positions);
        saved.forEach(bucket::set);
        return bucket;
    }

    private void set(int ordinal, int count) {
        members[ordinal >> 6] |= 1L << ordinal;
        counts[ordinal] = (byte) Math.min(count, WIDE);
        if (count >= WIDE) {
            wide.put(ordinal, count);
        }
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    int works() {
        return works;
    }

    /** Whether a delivery at that time belongs here. */
    boolean covers(long time) {
        return start <= time && time < end;
    }

    /** Counts one more delivery of a work. */
    void add(int ordinal, long position) {
        int count = counts[ordinal] & 0xff;
        if (count < WIDE - 1) {
            counts[ordinal]++;
            members[ordinal >> 6] |= 1L << ordinal;
        } else {
            counts[ordinal] = (byte) WIDE;
            wide.merge(ordinal, WIDE, (old, one) -> Math.addExact(old, 1));
        }
        feed(position);
    }

    /**
     * Takes back one delivery of a work.
     *
     * @param position of the batch that takes it back, which becomes part of the evidence
     */
    void remove(int ordinal, long position) {
        int count = count(ordinal);
        if (count == 0) {
            throw new IllegalStateException("work " + ordinal + " has no delivery that could be taken back");
        }
        if (count > WIDE) {
            wide.put(ordinal, count - 1);
        } else {
            wide.remove(ordinal);
            counts[ordinal] = (byte) (count - 1);
        }
        if (count == 1) {
            members[ordinal >> 6] &= ~(1L << ordinal);
        }
        feed(position);
    }

    /** Notes that a log position has to do with this bucket. */
    void feed(long position) {
        changed = true;
        if (position != lastPosition) {
            positions.addLong(position);
            lastPosition = position;
        }
    }

    /** Deliveries of a work that stand. */
    int count(int ordinal) {
        int count = counts[ordinal] & 0xff;
        return count == WIDE ? wide.getOrDefault(ordinal, WIDE) : count;
    }

    /**
     * Gives the time from a moment on away; answers the bucket it went to. That one has the same positions, because voids
     * of its deliveries are among them, and no deliveries yet.
     */
    Bucket cut(long moment) {
        if (moment <= start || moment >= end) {
            throw new IllegalArgumentException(moment + " does not divide the bucket");
        }
        Roaring64NavigableMap copy = new Roaring64NavigableMap();
        copy.or(positions);
        Bucket later = new Bucket(moment, end, works, copy);
        later.changed = true;
        end = moment;
        changed = true;
        return later;
    }

    /** The works delivered; a copy. */
    RoaringBitmap members() {
        return BitSetUtil.bitmapOf(members);
    }

    CountPlanes planes() {
        return CountPlanes.of(works, this::count);
    }

    Roaring64NavigableMap positions() {
        return positions;
    }

    boolean isChanged() {
        return changed;
    }

    void saved() {
        changed = false;
    }

    /** Bytes of memory, about. */
    long footprint() {
        return 256L + works + (long) members.length * 8 + wide.size() * 64L + positions.getLongSizeInBytes();
    }
}
