package org.tallystick.platform.metering;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.metering.fold.FoldedSet;

/** Answers {@link MetricsQuery} in one transaction. */
final class MetricsReader {
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,9})\\.([0-9]{1,10})");

    private final Handle tx;
    private final Catalog catalog;

    MetricsReader(Handle tx, Catalog catalog) {
        this.tx = tx;
        this.catalog = catalog;
    }

    Metrics read(MetricsQuery query) {
        List<FirstUses> sets = FirstUses.of(MeteringStore.sets(tx, query.contract())).stream()
                .filter(uses -> query.covers(uses.key()))
                .toList();
        List<Metrics.Row> rows = new ArrayList<>();
        for (FirstUses uses : sets) {
            rows.addAll(rows(query, uses));
        }
        rows.sort(java.util.Comparator.comparing(Metrics.Row::day)
                .thenComparing(Metrics.Row::job)
                .thenComparing(Metrics.Row::scope)
                .thenComparing(Metrics.Row::creator));
        Listing listing = query.works() == 0 ? Listing.EMPTY : works(query, sets);
        return new Metrics(MeteringStore.position(tx), rows, listing.works(), listing.next());
    }

    private List<CreatorRange> ranges(MetricsQuery query, FirstUses uses) {
        return catalog.ranges(tx, uses.dataset()).stream()
                .filter(range -> query.creator().map(range.creator()::equals).orElse(true))
                .toList();
    }

    private List<Metrics.Row> rows(MetricsQuery query, FirstUses uses) {
        List<CreatorRange> ranges = ranges(query, uses);
        List<Metrics.Row> rows = new ArrayList<>();
        byDay(query, uses).forEach((day, works) -> {
            for (CreatorRange range : ranges) {
                long count = works.rangeCardinality(range.from(), range.to());
                if (count > 0) {
                    rows.add(new Metrics.Row(
                            day,
                            uses.dataset(),
                            range.creator(),
                            uses.key().job(),
                            uses.key().scope(),
                            count));
                }
            }
        });
        return rows;
    }

    private static Map<LocalDate, RoaringBitmap> byDay(MetricsQuery query, FirstUses uses) {
        Map<LocalDate, RoaringBitmap> days = new TreeMap<>();
        for (FirstUses.Span span : uses.spans()) {
            LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(span.start(), FoldedSet.DAY));
            if (query.covers(day)) {
                days.computeIfAbsent(day, d -> new RoaringBitmap()).or(span.works());
            }
        }
        return days;
    }

    private record Listing(List<Metrics.Work> works, Optional<String> next) {
        static final Listing EMPTY = new Listing(List.of(), Optional.empty());
    }

    private Listing works(MetricsQuery query, List<FirstUses> sets) {
        int set = 0;
        int from = 0;
        if (query.after().isPresent()) {
            Matcher matcher = CURSOR.matcher(query.after().get());
            if (!matcher.matches()) {
                throw Problem.invalid(
                                "usage/malformed-cursor", "Malformed cursor", "a cursor is what a page gave as next")
                        .asException();
            }
            set = Integer.parseInt(matcher.group(1));
            from = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(matcher.group(2)));
        }
        List<Metrics.Work> found = new ArrayList<>();
        for (; set < sets.size(); set++, from = 0) {
            int full = addWorks(query, sets.get(set), from, found);
            if (full >= 0) {
                return new Listing(found, Optional.of(set + "." + full));
            }
        }
        return new Listing(found, Optional.empty());
    }

    /** Adds works of a set from an ordinal on; answers the ordinal the next page begins at, or -1 at the set's end. */
    private int addWorks(MetricsQuery query, FirstUses uses, int from, List<Metrics.Work> found) {
        RoaringBitmap wanted = new RoaringBitmap();
        byDay(query, uses).values().forEach(wanted::or);
        RoaringBitmap allowed = new RoaringBitmap();
        ranges(query, uses).forEach(range -> allowed.add((long) range.from(), (long) range.to()));
        wanted.and(allowed);
        Iterator<Member> members =
                MemberReader.of(tx, catalog, uses.dataset(), wanted, from, query.works() - found.size() + 1);
        while (members.hasNext()) {
            Member member = members.next();
            if (found.size() == query.works()) {
                return member.ordinal();
            }
            found.add(new Metrics.Work(uses.key(), member.creator(), member.content()));
        }
        return -1;
    }
}
