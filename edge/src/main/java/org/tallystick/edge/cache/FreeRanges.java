package org.tallystick.edge.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The bytes of a work that its creator gives away (an index, a footer, a preview), signed in its manifest and fixed by the
 * dataset version's root. What lies wholly inside is never a use, however often and by whomever it is fetched. Immutable.
 */
public final class FreeRanges {
    static final FreeRanges NONE = new FreeRanges(List.of());

    private static final int MOST = 4096;

    private final List<Range> ranges;

    /** Bytes from the first, up to and without the second. */
    private record Range(long from, long to) {}

    private FreeRanges(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /**
     * Reads the ranges of a member; none where it has none.
     *
     * @param length of the work, in bytes
     * @throws MalformedException {@code member/free-ranges} unless they ascend, are disjoint and lie in the work
     */
    static FreeRanges of(Fields member, long length) {
        if (member.optional("free_ranges").isEmpty()) {
            return NONE;
        }
        List<Range> ranges = new ArrayList<>();
        long last = 0;
        for (Fields stated : member.objects("free_ranges")) {
            long from = stated.integer("from", 0, length);
            long to = stated.integer("to", 0, length);
            stated.noOthers();
            if (from < last || to <= from || ranges.size() == MOST) {
                throw new MalformedException(
                        "member/free-ranges", "free ranges are up to " + MOST + ", ascending, disjoint and not empty");
            }
            if (from == last && !ranges.isEmpty()) {
                from = ranges.removeLast().from(); // two that touch are one
            }
            ranges.add(new Range(from, to));
            last = to;
        }
        return new FreeRanges(ranges);
    }

    /** Whether all of so many bytes from a place are free; no bytes at all are not. */
    public boolean cover(long from, long length) {
        int low = 0;
        int high = ranges.size() - 1;
        Optional<Range> found = Optional.empty();
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (range.from() <= from) {
                found = Optional.of(range);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return length > 0 && found.isPresent() && length <= found.get().to() - from;
    }

    /** As members state them. */
    public Json json() {
        return Json.array(ranges.stream()
                .map(range -> Json.object()
                        .put("from", range.from())
                        .put("to", range.to())
                        .build())
                .toList());
    }

    /** For people, for example {@code bytes 0-99, 500-599}. */
    @Override
    public String toString() {
        return ranges.isEmpty()
                ? "no bytes"
                : ranges.stream()
                        .map(range -> range.from() + "-" + (range.to() - 1))
                        .collect(Collectors.joining(", ", "bytes ", ""));
    }
}
