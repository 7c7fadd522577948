package org.tallystick.protocol.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The bytes of a work that cost nothing, however often and under whatever token they are fetched: a footer, an index, a
 * preview. Its creator signs them in the manifest, and the dataset version's root commits to them. Being a fixed set of
 * bytes, no number of jobs, tokens or edges gets more of a work for nothing.
 *
 * @param ranges ascending, none overlapping another, at most {@value #MOST}
 */
public record FreeRanges(List<Range> ranges) {
    /** No byte of the work is free. */
    public static final FreeRanges NONE = new FreeRanges(List.of());

    /** Most ranges of one work. */
    public static final int MOST = 64;

    private static final long MOST_BYTES = (1L << 48) - 1;

    /**
     * Some bytes in a row.
     *
     * @param from first byte
     * @param to first byte past it
     */
    public record Range(long from, long to) {
        public Range {
            if (from < 0 || from >= to || to > MOST_BYTES) {
                throw new MalformedException(
                        "free-ranges/range", "a free range holds at least one byte, from before to");
            }
        }
    }

    public FreeRanges {
        ranges = List.copyOf(ranges);
        if (ranges.size() > MOST) {
            throw new MalformedException("free-ranges/many", "a work has at most " + MOST + " free ranges");
        }
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).from() < ranges.get(i - 1).to()) {
                throw new MalformedException("free-ranges/order", "free ranges ascend and do not overlap");
            }
        }
    }

    /** The member of that name; none where it is absent. An empty list is refused, so that there is one form for none. */
    public static FreeRanges read(Fields fields, String name) {
        if (fields.optional(name).isEmpty()) {
            return NONE;
        }
        List<Range> ranges = new ArrayList<>();
        for (Fields range : fields.objects(name)) {
            ranges.add(new Range(range.integer("from", 0, MOST_BYTES), range.integer("to", 1, MOST_BYTES)));
            range.noOthers();
        }
        if (ranges.isEmpty()) {
            throw new MalformedException("free-ranges/empty", "free ranges name one; without any they are left out");
        }
        return new FreeRanges(ranges);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The JSON form; empty where there are none. */
    public Optional<Json> json() {
        return ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(Json.array(ranges.stream()
                        .map(range -> Json.object()
                                .put("from", range.from())
                                .put("to", range.to())
                                .build())
                        .toList()));
    }

    /** For people, for example {@code bytes 0-99, 500-599}; {@code no bytes} where there are none. */
    public String words() {
        return ranges.isEmpty()
                ? "no bytes"
                : ranges.stream()
                        .map(range -> range.from() + "-" + (range.to() - 1))
                        .collect(Collectors.joining(", ", "bytes ", ""));
    }

    /** Bytes that are free. */
    public long bytes() {
        return ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
    }

    /**
     * Checks that all of it lies within a work.
     *
     * @throws MalformedException {@code free-ranges/beyond}
     */
    public void checkWithin(long length) {
        if (!ranges.isEmpty() && ranges.getLast().to() > length) {
            throw new MalformedException(
                    "free-ranges/beyond", "a free range ends behind the work's " + length + " bytes");
        }
    }

    /**
     * Whether handing over so many bytes of what a delivery promised is a use: not where all of them are free. Leaves of the
     * older form do not say where they begin, and are always one.
     *
     * @param from first byte promised
     * @param promised bytes promised
     */
    public boolean isUse(LeafForm form, long from, long promised, long handed) {
        return form == LeafForm.ONE || !covers(from, Math.min(handed, promised));
    }

    /** Whether all of these bytes are free; false where there are no bytes. */
    public boolean covers(long from, long bytes) {
        long at = from;
        long end = from + bytes;
        for (int i = 0; i < ranges.size() && at < end; i++) {
            Range range = ranges.get(i);
            if (range.from() <= at && at < range.to()) {
                at = range.to();
            }
        }
        return bytes > 0 && at >= end;
    }
}
