package org.tallystick.protocol.receipt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * What an edge signs: a run of consecutive leaves by their tree root, chained to the header before it, so that nothing
 * can be dropped, added or reordered afterwards. {@value #LENGTH} bytes, big-endian:
 *
 * <pre>
 * 0 version=1   1 edge u32   5 epoch u32   9 first u64   17 count u32   21 minTime u64   29 maxTime u64
 * 37 root 32   69 metered u32   73 bytes u64   81 previous 32
 * </pre>
 *
 * @param edge number of the edge
 * @param epoch number of its epoch
 * @param first sequence number of the first leaf, at least 1
 * @param count leaves, 1 to {@value #MAX_COUNT}
 * @param minTime earliest leaf time, milliseconds since 1970
 * @param maxTime latest leaf time
 * @param root RFC 6962 root over the leaves
 * @param metered leaves whose kind and scope meter (total)
 * @param bytes content bytes of all leaves (total)
 * @param previous hash of the previous header of the epoch; zeros for the first
 */
public record BatchHeader(
        int edge,
        int epoch,
        long first,
        int count,
        long minTime,
        long maxTime,
        Hash root,
        int metered,
        long bytes,
        Hash previous) {
    /** Length of the byte form, without signature. */
    public static final int LENGTH = 113;

    /** Most leaves in a batch. */
    public static final int MAX_COUNT = 1024;

    /** Stands in place of the previous hash in the first header of an epoch: 32 zero bytes. */
    public static final Hash NONE = Hash.of(new byte[32]);

    private static final int VERSION = 1;
    private static final byte[] DOMAIN = "tallystick/batch/v1\n".getBytes(StandardCharsets.US_ASCII);

    public BatchHeader {
        Objects.requireNonNull(root);
        Objects.requireNonNull(previous);
        if (edge < 1 || epoch < 1 || first < 1 || first > Long.MAX_VALUE - MAX_COUNT) {
            throw new MalformedException("batch/number", "edge, epoch and sequence are numbered from 1");
        }
        if (count < 1 || count > MAX_COUNT) {
            throw new MalformedException("batch/count", "a batch has 1 to " + MAX_COUNT + " leaves, not " + count);
        }
        if (minTime < 0 || minTime > maxTime) {
            throw new MalformedException("batch/time", "the batch's time range is not a range");
        }
        if (metered < 0 || metered > count || bytes < 0) {
            throw new MalformedException("batch/totals", "the batch's totals are out of range");
        }
    }

    /** Sequence number of the last leaf. */
    public long last() {
        return first + count - 1;
    }

    byte[] encode() {
        return ByteBuffer.allocate(LENGTH)
                .put((byte) VERSION)
                .putInt(edge)
                .putInt(epoch)
                .putLong(first)
                .putInt(count)
                .putLong(minTime)
                .putLong(maxTime)
                .put(root.toBytes())
                .putInt(metered)
                .putLong(bytes)
                .put(previous.toBytes())
                .array();
    }

    /**
     * Reads the header at an offset.
     *
     * @throws MalformedException {@code batch/…}
     */
    public static BatchHeader decode(byte[] in, int offset) {
        if (offset < 0 || in.length - offset < LENGTH) {
            throw new MalformedException("batch/truncated", "fewer than " + LENGTH + " bytes are left for a header");
        }
        ByteBuffer buffer = ByteBuffer.wrap(in, offset, LENGTH);
        int version = buffer.get();
        if (version != VERSION) {
            throw new MalformedException("batch/version", "batch version " + version + " is not known");
        }
        return new BatchHeader(
                buffer.getInt(),
                buffer.getInt(),
                buffer.getLong(),
                buffer.getInt(),
                buffer.getLong(),
                buffer.getLong(),
                hash(buffer),
                buffer.getInt(),
                buffer.getLong(),
                hash(buffer));
    }

    private static Hash hash(ByteBuffer buffer) {
        byte[] bytes = new byte[32];
        buffer.get(bytes);
        return Hash.of(bytes);
    }

    /** SHA-256 of the header's bytes, which the next header of the epoch names as its previous one. */
    public Hash hash() {
        return Sha256.hash(encode());
    }

    /** The bytes the edge signs. */
    public byte[] message() {
        byte[] header = encode();
        byte[] message = Arrays.copyOf(DOMAIN, DOMAIN.length + header.length);
        System.arraycopy(header, 0, message, DOMAIN.length, header.length);
        return message;
    }
}
