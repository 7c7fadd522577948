package org.tallystick.protocol.receipt;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

/**
 * One delivery, in {@value #LENGTH} bytes: small enough that its RFC 6962 leaf hash takes two SHA-256 blocks. Big-endian:
 *
 * <pre>
 * 0 version=1   1 kind   2 scope   3 flags   4 edge u32   8 epoch u32   12 sequence u64   20 time u64
 * 28 token id 24   52 content id 32   84 bytes u64   92 voids u64   100 salt 16
 * </pre>
 *
 * The salt keeps the leaf's hash, which stands in other consumers' proofs, from being guessed.
 *
 * @param kind what was delivered
 * @param scope scope of the grant
 * @param cached whether the edge answered from its own cache
 * @param edge number of the edge, at least 1
 * @param epoch number of the edge's epoch, at least 1
 * @param sequence dense number within the epoch, at least 1
 * @param time milliseconds since 1970 by the edge's clock, at least 0
 * @param token the grant it was delivered under
 * @param content the work
 * @param bytes content bytes delivered, at least 0
 * @param voids for {@link LeafKind#VOID} the earlier sequence number that is void, else 0
 * @param salt 16 bytes
 */
public record Leaf(
        LeafKind kind,
        Scope scope,
        boolean cached,
        int edge,
        int epoch,
        long sequence,
        long time,
        TokenId token,
        ContentId content,
        long bytes,
        long voids,
        byte[] salt) {
    /** Length of the byte form. */
    public static final int LENGTH = 116;

    /** Length of the salt. */
    public static final int SALT_LENGTH = 16;

    static final byte VERSION = 1;
    private static final int FLAG_CACHED = 1;

    static final int AT_EDGE = 4;
    static final int AT_EPOCH = 8;
    static final int AT_SEQUENCE = 12;
    static final int AT_TIME = 20;
    static final int AT_TOKEN = 28;
    static final int AT_CONTENT = 52;
    static final int AT_BYTES = 84;
    static final int AT_VOIDS = 92;
    static final int AT_SALT = 100;

    public Leaf {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(token);
        Objects.requireNonNull(content);
        if (edge < 1 || epoch < 1 || sequence < 1) {
            throw new MalformedException("leaf/number", "edge, epoch and sequence are numbered from 1");
        }
        if (time < 0 || bytes < 0 || voids < 0) {
            throw new MalformedException("leaf/negative", "time, bytes and voids are never negative");
        }
        if ((kind == LeafKind.VOID) != (voids > 0) || voids >= sequence) {
            throw new MalformedException("leaf/voids", "a void leaf, and only that, names an earlier sequence number");
        }
        if (salt.length != SALT_LENGTH) {
            throw new MalformedException("leaf/salt", "a salt has " + SALT_LENGTH + " bytes");
        }
        salt = salt.clone();
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    /** The byte form. */
    public byte[] encode() {
        byte[] out = new byte[LENGTH];
        encode(out, 0);
        return out;
    }

    /** Writes the byte form at an offset. */
    public void encode(byte[] out, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(out, offset, LENGTH);
        buffer.put(VERSION).put((byte) kind.code()).put((byte) scope.code()).put((byte) (cached ? FLAG_CACHED : 0));
        buffer.putInt(edge).putInt(epoch).putLong(sequence).putLong(time);
        token.copyTo(out, offset + AT_TOKEN);
        content.hash().writeTo(out, offset + AT_CONTENT);
        buffer.position(offset + AT_BYTES);
        buffer.putLong(bytes).putLong(voids).put(salt);
    }

    /**
     * Reads exactly one leaf.
     *
     * @throws MalformedException {@code leaf/…}
     */
    public static Leaf decode(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new MalformedException("leaf/length", "a leaf has " + LENGTH + " bytes, not " + bytes.length);
        }
        return decode(bytes, 0);
    }

    /**
     * Reads the leaf at an offset.
     *
     * @throws MalformedException {@code leaf/…}
     */
    static Leaf decode(byte[] in, int offset) {
        if (offset < 0 || in.length - offset < LENGTH) {
            throw new MalformedException("leaf/truncated", "fewer than " + LENGTH + " bytes are left for a leaf");
        }
        ByteBuffer buffer = ByteBuffer.wrap(in, offset, LENGTH);
        int version = buffer.get();
        if (version != VERSION) {
            throw new MalformedException("leaf/version", "leaf version " + version + " is not known");
        }
        LeafKind kind = LeafKind.ofCode(buffer.get());
        Scope scope = Scope.ofCode(buffer.get());
        int flags = buffer.get();
        if ((flags & ~FLAG_CACHED) != 0) {
            throw new MalformedException("leaf/flags", "unknown flags are set");
        }
        return new Leaf(
                kind,
                scope,
                flags == FLAG_CACHED,
                buffer.getInt(),
                buffer.getInt(),
                buffer.getLong(),
                buffer.getLong(),
                new TokenId(Arrays.copyOfRange(in, offset + AT_TOKEN, offset + AT_CONTENT)),
                new ContentId(Hash.at(in, offset + AT_CONTENT)),
                buffer.position(offset + AT_BYTES).getLong(),
                buffer.getLong(),
                Arrays.copyOfRange(in, offset + AT_SALT, offset + LENGTH));
    }

    /** The id people use: {@code r-<edge>-<epoch>-<sequence>}. */
    public String receiptId() {
        return "r-" + edge + "-" + epoch + "-" + sequence;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Leaf that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }
}
