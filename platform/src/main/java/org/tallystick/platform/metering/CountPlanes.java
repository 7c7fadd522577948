package org.tallystick.platform.metering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * Counts at rest: one bitmap per binary digit of the count, so that a set whose works were delivered about as often as
 * one another takes little more room than the set itself. Immutable.
 *
 * @param works size of the dataset version
 * @param digits bitmap of the works whose count has that binary digit, lowest first
 */
record CountPlanes(int works, List<RoaringBitmap> digits) {
    private static final byte VERSION = 1;

    CountPlanes {
        digits = List.copyOf(digits);
    }

    /** @param count of each work, at least 0 */
    static CountPlanes of(int works, IntUnaryOperator count) {
        List<long[]> planes = new ArrayList<>();
        for (int ordinal = 0; ordinal < works; ordinal++) {
            int rest = count.applyAsInt(ordinal);
            for (int digit = 0; rest != 0; digit++, rest >>>= 1) {
                if (planes.size() == digit) {
                    planes.add(new long[(works + 63) >>> 6]);
                }
                planes.get(digit)[ordinal >> 6] |= (rest & 1L) << ordinal;
            }
        }
        List<RoaringBitmap> digits = new ArrayList<>();
        for (long[] plane : planes) {
            RoaringBitmap bitmap = BitSetUtil.bitmapOf(plane);
            bitmap.runOptimize();
            digits.add(bitmap);
        }
        return new CountPlanes(works, digits);
    }

    /** The works whose count is not zero; the caller's own. */
    RoaringBitmap members() {
        RoaringBitmap members = new RoaringBitmap();
        digits.forEach(members::or);
        return members;
    }

    /** Adds the works whose count is not zero to a set of as many words as it takes. */
    void orInto(long[] members) {
        for (RoaringBitmap digit : digits) {
            long[] words = digit.isEmpty() ? new long[0] : BitSetUtil.toLongArray(digit);
            for (int i = 0; i < words.length; i++) {
                members[i] |= words[i];
            }
        }
    }

    /** Calls with each work that has a count. */
    void forEach(Each each) {
        int[] counts = new int[works];
        for (int digit = 0; digit < digits.size(); digit++) {
            int value = 1 << digit;
            digits.get(digit).forEach((int ordinal) -> counts[ordinal] |= value);
        }
        for (int ordinal = 0; ordinal < works; ordinal++) {
            if (counts[ordinal] != 0) {
                each.count(ordinal, counts[ordinal]);
            }
        }
    }

    /** Takes one count. */
    @FunctionalInterface
    interface Each {
        void count(int ordinal, int count);
    }

    /** Version, works u32, number of digits u8, then each bitmap in Roaring's portable format. */
    byte[] encode() {
        int length = 6;
        for (RoaringBitmap digit : digits) {
            length += digit.serializedSizeInBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(VERSION).putInt(works).put((byte) digits.size());
        digits.forEach(digit -> digit.serialize(out));
        return out.array();
    }

    static CountPlanes decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            throw new IllegalStateException("the saved counts are of another version");
        }
        int works = in.getInt();
        int planes = in.get();
        List<RoaringBitmap> digits = new ArrayList<>();
        for (int i = 0; i < planes; i++) {
            RoaringBitmap digit = new RoaringBitmap();
            try {
                digit.deserialize(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            in.position(in.position() + digit.serializedSizeInBytes());
            digits.add(digit);
        }
        return new CountPlanes(works, digits);
    }
}
