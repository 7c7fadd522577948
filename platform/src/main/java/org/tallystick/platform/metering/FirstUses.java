package org.tallystick.platform.metering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;

/**
 * A set read back, each work in the stretch of time of its first standing delivery: the numbers by day and by period that
 * add up to the whole. Depends on the deliveries alone, not on the order in which they arrived.
 *
 * @param spans by time
 */
record FirstUses(UsageKey key, Hash dataset, List<Span> spans) {
    /**
     * One stretch of time.
     *
     * @param start first millisecond
     * @param end first millisecond past it
     * @param works first used in it; not to be changed
     */
    record Span(long start, long end, RoaringBitmap works) {}

    FirstUses {
        spans = List.copyOf(spans);
    }

    /** @param rows the buckets of any number of sets, set by set and by time */
    static List<FirstUses> of(List<MeteringStore.Row> rows) {
        List<FirstUses> found = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            int to = from + 1;
            while (to < rows.size() && rows.get(to).key().equals(rows.get(from).key())) {
                to++;
            }
            found.add(ofSet(rows.subList(from, to)));
            from = to;
        }
        return found;
    }

    private static FirstUses ofSet(List<MeteringStore.Row> rows) {
        List<Span> spans = new ArrayList<>();
        rows.forEach(
                row -> spans.add(new Span(row.start(), row.end(), row.planes().members())));
        return new FirstUses(rows.getFirst().key(), rows.getFirst().dataset(), firsts(spans));
    }

    /** A set as it is being folded. */
    static FirstUses of(FoldedSet set) {
        List<Span> spans = new ArrayList<>();
        set.buckets().forEach(bucket -> spans.add(new Span(bucket.start(), bucket.end(), bucket.members())));
        return new FirstUses(set.key(), set.dataset(), firsts(spans));
    }

    private static List<Span> firsts(List<Span> spans) {
        RoaringBitmap before = new RoaringBitmap();
        List<Span> firsts = new ArrayList<>();
        for (Span span : spans) {
            firsts.add(new Span(span.start(), span.end(), RoaringBitmap.andNot(span.works(), before)));
            before.or(span.works());
        }
        return firsts;
    }

    /** The works first used in each of consecutive periods; the first one reaches back to the beginning. */
    UsedWorks by(List<Instant> ends) {
        List<RoaringBitmap> periods = new ArrayList<>();
        long from = 0;
        for (Instant end : ends) {
            periods.add(between(from, end.toEpochMilli()));
            from = end.toEpochMilli();
        }
        return new UsedWorks(key, dataset, periods);
    }

    /** All works used; the caller's own. */
    RoaringBitmap all() {
        RoaringBitmap all = new RoaringBitmap();
        spans.forEach(span -> all.or(span.works()));
        return all;
    }

    /** Works first used from a moment on and before another, both in milliseconds and both cuts; the caller's own. */
    RoaringBitmap between(long from, long to) {
        RoaringBitmap works = new RoaringBitmap();
        for (Span span : spans) {
            if (span.start() >= from && span.start() < to) {
                if (span.end() > to) {
                    throw new IllegalStateException(key + " is not cut at " + to);
                }
                works.or(span.works());
            } else if (span.start() < from && span.end() > from) {
                throw new IllegalStateException(key + " is not cut at " + from);
            }
        }
        return works;
    }
}
