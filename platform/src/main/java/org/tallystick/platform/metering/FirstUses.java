package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.protocol.Hash;

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
        RoaringBitmap before = new RoaringBitmap();
        List<Span> spans = new ArrayList<>();
        for (MeteringStore.Row row : rows) {
            RoaringBitmap works = row.planes().members();
            RoaringBitmap first = RoaringBitmap.andNot(works, before);
            before.or(works);
            spans.add(new Span(row.start(), row.end(), first));
        }
        return new FirstUses(rows.getFirst().key(), rows.getFirst().dataset(), spans);
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
