package org.tallystick.platform.metering.fold;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.tallystick.protocol.codec.Hash;

/**
 * A usage set while it is being folded: its buckets by time, cut at UTC midnights and at the ends of closed periods. The
 * cuts change nothing about the union. Not thread-safe.
 */
public final class FoldedSet {
    public static final long DAY = TimeUnit.DAYS.toMillis(1);

    private final UsageKey key;
    private final Hash dataset;
    private final int works;
    private final NavigableSet<Long> boundaries;
    private final NavigableMap<Long, Bucket> buckets = new TreeMap<>();
    private Bucket last;

    /**
     * @param dataset root of the dataset version whose ordinals it holds
     * @param works size of that version
     * @param saved buckets as they were saved
     * @param boundaries where buckets are cut besides midnights, in milliseconds; shared and growing
     */
    public FoldedSet(UsageKey key, Hash dataset, int works, Collection<Bucket> saved, NavigableSet<Long> boundaries) {
        this.key = key;
        this.dataset = dataset;
        this.works = works;
        this.boundaries = boundaries;
        saved.forEach(bucket -> buckets.put(bucket.start(), bucket));
        this.last = new Bucket(0, 0, 0);
    }

    public UsageKey key() {
        return key;
    }

    public Hash dataset() {
        return dataset;
    }

    public Collection<Bucket> buckets() {
        return buckets.values();
    }

    /** The bucket for deliveries at that time, made where there is none. */
    Bucket at(long time) {
        if (!last.covers(time)) {
            last = find(time);
        }
        return last;
    }

    private Bucket find(long time) {
        var floor = buckets.floorEntry(time);
        if (floor != null && floor.getValue().covers(time)) {
            return floor.getValue();
        }
        long start = startOf(time, boundaries);
        Bucket made = new Bucket(start, endOf(time, boundaries), works);
        buckets.put(start, made);
        return made;
    }

    /** Cuts the bucket that spans a moment; answers its later part, whose deliveries still lie in the earlier one. */
    Bucket cut(long moment) {
        Bucket earlier = at(moment);
        Bucket later = earlier.cut(moment);
        buckets.put(moment, later);
        last = later;
        return later;
    }

    /** Moves one delivery from before a fresh cut to behind it, if it lies in the bucket that was cut. */
    void moveBehind(long moment, long time, int ordinal, long position) {
        Bucket later = at(time);
        var earlier = buckets.lowerEntry(moment);
        if (later.start() == moment && earlier != null) {
            earlier.getValue().remove(ordinal, position);
            later.add(ordinal, position);
        }
    }

    static long startOf(long time, NavigableSet<Long> boundaries) {
        long midnight = Math.floorDiv(time, DAY) * DAY;
        Long cut = boundaries.floor(time);
        return cut == null ? midnight : Math.max(midnight, cut);
    }

    static long endOf(long time, NavigableSet<Long> boundaries) {
        long midnight = (Math.floorDiv(time, DAY) + 1) * DAY;
        Long cut = boundaries.higher(time);
        return cut == null ? midnight : Math.min(midnight, cut);
    }
}
