package org.tallystick.protocol.receipt;

import java.util.Arrays;

/** Writes numbers of any number of bits one after another, highest bit first. Not thread-safe. */
final class BitWriter {
    private byte[] out = new byte[1024];
    private int length;
    private long open;
    private int bits;

    /**
     * Appends the lowest {@code width} bits of a number.
     *
     * @param width 0 to 64
     */
    void put(long value, int width) {
        if (width > Integer.SIZE) {
            put(value >>> Integer.SIZE, width - Integer.SIZE);
            put(value, Integer.SIZE);
            return;
        }
        open = (open << width) | (value & ((1L << width) - 1));
        bits += width;
        while (bits >= Byte.SIZE) {
            bits -= Byte.SIZE;
            append((byte) (open >>> bits));
        }
    }

    private void append(byte value) {
        if (length == out.length) {
            out = Arrays.copyOf(out, 2 * length);
        }
        out[length++] = value;
    }

    /** All bytes written; unused bits of the last byte are zero. */
    byte[] bytes() {
        if (bits > 0) {
            put(0, Byte.SIZE - bits);
        }
        return Arrays.copyOf(out, length);
    }

    /** The number of bits that hold every number from 0 to {@code most}. */
    static int width(long most) {
        return Long.SIZE - Long.numberOfLeadingZeros(most);
    }

    /** The number of bytes that hold so many bits, rounded up. */
    static long bytes(long bits) {
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }
}
