package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.List;

/**
 * In how many sets each work of one dataset version stands. Sets are added as words, 64 works at a time, into counters
 * that lie upright: one array of words per binary digit of the count. So a million uses cost some thousand additions,
 * and the works of a creator, who lie together, are summed by counting bits. Not thread-safe.
 */
final class OrdinalTotals {
    private final int words;
    private final List<long[]> digits = new ArrayList<>();

    /** @param works size of the dataset version */
    OrdinalTotals(int works) {
        this.words = (works + 63) >>> 6;
    }

    /** Counts every member of a set once more. */
    void add(long[] members) {
        if (members.length > words) {
            throw new IllegalArgumentException(members.length + " words, where " + words + " hold all works");
        }
        for (int word = 0; word < members.length; word++) {
            long carry = members[word];
            for (int digit = 0; carry != 0; digit++) {
                if (digit == digits.size()) {
                    digits.add(new long[words]);
                }
                long[] plane = digits.get(digit);
                long both = plane[word] & carry;
                plane[word] ^= carry;
                carry = both;
            }
        }
    }

    /** The counts of the works from one ordinal up to another, which is not included, added up. */
    long sum(int from, int to) {
        long sum = 0;
        for (int digit = 0; digit < digits.size(); digit++) {
            sum += (long) ones(digits.get(digit), from, to) << digit;
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
}
