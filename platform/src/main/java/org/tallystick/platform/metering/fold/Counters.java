package org.tallystick.platform.metering.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * A count for each work of a dataset version, stored by binary digit: one array of words per digit, a bit for each work.
 * Most works count none, one or two, so they take two or three bits; the same arrays are what is saved; whole sets are
 * added 64 works at a time; and the works of one creator, who lie together, are summed by counting bits. Not thread-safe.
 */
public final class Counters {
    private static final int MOST_DIGITS = 31;

    private final int works;
    private long[][] digits = new long[0][];

    /** @param works size of the dataset version */
    public Counters(int works) {
        this.works = works;
    }

    /** The counts as they were saved. */
    public static Counters of(CountPlanes saved) {
        Counters counters = new Counters(saved.works());
        counters.digits = new long[saved.digits().size()][];
        for (int digit = 0; digit < counters.digits.length; digit++) {
            RoaringBitmap bits = saved.digits().get(digit);
            long[] plane = bits.isEmpty() ? new long[0] : BitSetUtil.toLongArray(bits);
            counters.digits[digit] = Arrays.copyOf(plane, counters.words());
        }
        return counters;
    }

    private int words() {
        return (works + 63) >>> 6;
    }

    int works() {
        return works;
    }

    /** Counts a work once more. */
    void add(int ordinal) {
        carry(ordinal >>> 6, 1L << ordinal);
    }

    /** Counts every member of a set once more. */
    public void addAll(long[] members) {
        for (int word = 0; word < members.length; word++) {
            carry(word, members[word]);
        }
    }

    private void carry(int word, long bits) {
        long carry = bits;
        for (int digit = 0; carry != 0; digit++) {
            if (digit == digits.length) {
                grow();
            }
            long[] plane = digits[digit];
            long before = plane[word];
            plane[word] = before ^ carry;
            carry &= before;
        }
    }

    private void grow() {
        if (digits.length == MOST_DIGITS) {
            throw new ArithmeticException("a work was counted 2^31 times");
        }
        digits = Arrays.copyOf(digits, digits.length + 1);
        digits[digits.length - 1] = new long[words()];
    }

    /** Counts a work once less; its count must not be zero. */
    public void remove(int ordinal) {
        int word = ordinal >>> 6;
        long bit = 1L << ordinal;
        for (long[] plane : digits) {
            plane[word] ^= bit;
            if ((plane[word] & bit) == 0) {
                return;
            }
        }
        throw new IllegalStateException("work " + ordinal + " was counted below zero");
    }

    /** How often a work was counted. */
    public int get(int ordinal) {
        int count = 0;
        for (int digit = 0; digit < digits.length; digit++) {
            count |= (int) ((digits[digit][ordinal >>> 6] >>> ordinal) & 1) << digit;
        }
        return count;
    }

    /** The counts of the works from one ordinal up to another, which is not included, added up. */
    public long sum(int from, int to) {
        long sum = 0;
        for (int digit = 0; digit < digits.length; digit++) {
            sum += (long) ones(digits[digit], from, to) << digit;
        }
        return sum;
    }

    private static int ones(long[] plane, int from, int to) {
        if (from >= to) {
            return 0;
        }
        int first = from >>> 6;
        int last = (to - 1) >>> 6;
        long head = -1L << from;
        long tail = -1L >>> -to;
        if (first == last) {
            return Long.bitCount(plane[first] & head & tail);
        }
        int ones = Long.bitCount(plane[first] & head) + Long.bitCount(plane[last] & tail);
        for (int word = first + 1; word < last; word++) {
            ones += Long.bitCount(plane[word]);
        }
        return ones;
    }

    /** The works whose count is not zero; a copy. */
    public RoaringBitmap members() {
        long[] members = new long[words()];
        for (long[] plane : digits) {
            for (int word = 0; word < plane.length; word++) {
                members[word] |= plane[word];
            }
        }
        return BitSetUtil.bitmapOf(members);
    }

    /** The counts as they are saved. */
    public CountPlanes planes() {
        List<RoaringBitmap> found = new ArrayList<>();
        for (long[] plane : digits) {
            RoaringBitmap bits = BitSetUtil.bitmapOf(plane);
            bits.runOptimize();
            found.add(bits);
        }
        while (!found.isEmpty() && found.getLast().isEmpty()) {
            found.removeLast();
        }
        return new CountPlanes(works, found);
    }

    /** Bytes of memory, about. */
    long footprint() {
        return (long) digits.length * words() * Long.BYTES;
    }
}
