package org.tallystick.protocol.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A SHA-256 value (FIPS 180-4). Held as four big-endian 64-bit words instead of an array, so that it is immutable
 * without copies, cheap to compare and usable as a map key. Ordered as its 32 bytes are when read as unsigned numbers.
 */
public record Hash(long word0, long word1, long word2, long word3) implements Comparable<Hash> {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final HexFormat HEX = HexFormat.of();

    /**
     * The hash whose bytes these are; they are copied.
     *
     * @throws IllegalArgumentException unless there are exactly 32 bytes
     */
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return at(bytes, 0);
    }

    /**
     * The hash whose 32 bytes begin at an offset of a buffer.
     *
     * @throws IndexOutOfBoundsException where fewer than 32 bytes follow the offset
     */
    public static Hash at(byte[] buffer, int offset) {
        return new Hash(
                (long) WORD.get(buffer, offset),
                (long) WORD.get(buffer, offset + 8),
                (long) WORD.get(buffer, offset + 16),
                (long) WORD.get(buffer, offset + 24));
    }

    /**
     * Reads 64 lower-case hexadecimal digits.
     *
     * @throws MalformedException {@code hash/malformed} for any other text
     */
    public static Hash ofHex(String text) {
        if (text.length() == 2 * BYTES && text.chars().allMatch(Hash::isLowerHex)) {
            return at(HEX.parseHex(text), 0);
        }
        throw new MalformedException("hash/malformed", "a hash is 64 lower-case hex digits");
    }

    /**
     * Reads standard base64 with padding.
     *
     * @throws MalformedException {@code hash/malformed} unless the text is the canonical base64 of 32 bytes
     */
    public static Hash ofBase64(String text) {
        if (text.length() == 44) {
            try {
                byte[] bytes = Base64.getDecoder().decode(text);
                if (bytes.length == BYTES
                        && Base64.getEncoder().encodeToString(bytes).equals(text)) {
                    return at(bytes, 0);
                }
            } catch (IllegalArgumentException e) {
                throw new MalformedException("hash/malformed", "a hash is the base64 of 32 bytes: " + Reasons.of(e));
            }
        }
        throw new MalformedException("hash/malformed", "a hash is the canonical base64 of 32 bytes");
    }

    /** A fresh copy of the 32 bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        writeTo(bytes, 0);
        return bytes;
    }

    /** Writes the 32 bytes at an offset. */
    public void writeTo(byte[] buffer, int offset) {
        WORD.set(buffer, offset, word0);
        WORD.set(buffer, offset + 8, word1);
        WORD.set(buffer, offset + 16, word2);
        WORD.set(buffer, offset + 24, word3);
    }

    /** Whether the 32 bytes at an offset of a buffer are those of this hash. */
    public boolean isAt(byte[] buffer, int offset) {
        return Arrays.equals(buffer, offset, offset + BYTES, toBytes(), 0, BYTES);
    }

    /** 64 lower-case hex digits. */
    public String hex() {
        return HEX.formatHex(toBytes());
    }

    /** Standard base64 with padding, 44 characters. */
    public String base64() {
        return Base64.getEncoder().encodeToString(toBytes());
    }

    @Override
    public int compareTo(Hash other) {
        int c = Long.compareUnsigned(word0, other.word0);
        c = c != 0 ? c : Long.compareUnsigned(word1, other.word1);
        c = c != 0 ? c : Long.compareUnsigned(word2, other.word2);
        return c != 0 ? c : Long.compareUnsigned(word3, other.word3);
    }

    @Override
    public String toString() {
        return hex();
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
}
