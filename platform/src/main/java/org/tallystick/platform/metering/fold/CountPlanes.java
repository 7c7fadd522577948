package org.tallystick.platform.metering.fold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * Counts at rest: one bitmap per binary digit of the count, so that a set whose works were delivered about as often as
 * one another takes little more room than the set itself. Immutable.
 *
 * @param works size of the dataset version
 * @param digits bitmap of the works whose count has that binary digit, lowest first
 */
public record CountPlanes(int works, List<RoaringBitmap> digits) {
    private static final byte VERSION = 1;

    public CountPlanes {
        digits = List.copyOf(digits);
    }

    /** The works whose count is not zero; the caller's own. */
    public RoaringBitmap members() {
        RoaringBitmap members = new RoaringBitmap();
        digits.forEach(members::or);
        return members;
    }

    /** Adds the works whose count is not zero to a set of as many words as it takes. */
    public void orInto(long[] members) {
        for (RoaringBitmap digit : digits) {
            long[] words = digit.isEmpty() ? new long[0] : BitSetUtil.toLongArray(digit);
            for (int i = 0; i < words.length; i++) {
                members[i] |= words[i];
            }
        }
    }

    /** Version, works u32, number of digits u8, then each bitmap in Roaring's portable format. */
    public byte[] encode() {
        int length = 6;
        for (RoaringBitmap digit : digits) {
            length += digit.serializedSizeInBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(VERSION).putInt(works).put((byte) digits.size());
        digits.forEach(digit -> digit.serialize(out));
        return out.array();
    }

    public static CountPlanes decode(byte[] bytes) {
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
