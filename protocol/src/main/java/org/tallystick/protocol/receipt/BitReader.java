package org.tallystick.protocol.receipt;

/** Reads what {@link BitWriter} wrote. The caller sees to it that enough bytes are there. Not thread-safe. */
final class BitReader {
    private final byte[] in;
    private int at;
    private long open;
    private int bits;

    BitReader(byte[] in, int offset) {
        this.in = in;
        this.at = offset;
    }

    /** The next number of a width of 0 to 64 bits. */
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
