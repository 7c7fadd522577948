package org.tallystick.platform.metering.fold;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A set of sequence numbers as the few ranges that dense numbering leaves: one, and one more per gap. Appending at the
 * end, the usual case, costs nothing. Not thread-safe.
 */
public final class Ranges {
    private long[] starts = new long[4];
    private long[] ends = new long[4];
    private int count;

    /** Whether the number is in the set. */
    public boolean contains(long number) {
        return intersects(number, number);
    }

    /** Whether any number from the first to the last, both included, is in the set. */
    public boolean intersects(long first, long last) {
        int at = firstEndingAtOrAfter(first);
        return at < count && starts[at] <= last;
    }

    /** Adds all numbers from the first to the last, both included. */
    public void add(long first, long last) {
        if (first > last) {
            throw new IllegalArgumentException(first + " to " + last + " is not a range");
        }
        int from = firstEndingAtOrAfter(first - 1);
        int to = from;
        long start = first;
        long end = last;
        while (to < count && starts[to] <= last + 1) {
            start = Math.min(start, starts[to]);
            end = Math.max(end, ends[to]);
            to++;
        }
        replace(from, to, start, end);
    }

    /** How many ranges there are. */
    public int size() {
        return count;
    }

    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(count * 16);
        for (int i = 0; i < count; i++) {
            out.putLong(starts[i]).putLong(ends[i]);
        }
        return out.array();
    }

    public static Ranges decode(byte[] bytes) {
        Ranges ranges = new Ranges();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            ranges.add(in.getLong(), in.getLong());
        }
        return ranges;
    }

    private int firstEndingAtOrAfter(long number) {
        if (count == 0 || ends[count - 1] < number) {
            return count;
        }
        int found = Arrays.binarySearch(ends, 0, count, number);
        return found >= 0 ? found : -found - 1;
    }

    private void replace(int from, int to, long start, long end) {
        int size = count - (to - from) + 1;
        if (size > starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        System.arraycopy(starts, to, starts, from + 1, count - to);
        System.arraycopy(ends, to, ends, from + 1, count - to);
        starts[from] = start;
        ends[from] = end;
        count = size;
    }
}
