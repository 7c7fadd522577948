package org.tallystick.protocol.receipt;

/**
 * Reads numbers that {@link BitWriter} wrote. Does not check for the end of the input: the caller must know that enough
 * bytes are there. Not thread-safe.
 */
final class BitReader {
    private final byte[] in;
    private int at;
    private long open;
    private int bits;

    BitReader(byte[] in, int offset) {
        this.in = in;
        this.at = offset;
    }

    /**
     * The next number.
     *
     * @param width bits of the number, 0 to 64
     */
    long next(int width) {
        if (width > Integer.SIZE) {
            long high = next(width - Integer.SIZE);
            return (high << Integer.SIZE) | next(Integer.SIZE);
        }
        while (bits < width) {
            open = (open << Byte.SIZE) | (in[at++] & 0xff);
            bits += Byte.SIZE;
        }
        bits -= width;
        return (open >>> bits) & ((1L << width) - 1);
    }
}
