package org.tallystick.edge.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.tallystick.protocol.codec.Hash;

/**
 * The bytes of a spool segment: a head, then frames. Big-endian:
 *
 * <pre>
 * head   "TALLYSP1"  edge u32  epoch u32  first u64  previous 32  crc u32
 * frame  kind u32  length u32  crc of payload u32  crc of these twelve bytes u32  payload
 * room   zeros, where more frames are to come
 * </pre>
 *
 * A payload of today's kinds ends in a mark that is not zero, so that a write that was cut short is told from damage whatever
 * the payload holds: a leaf may end in zeros, because the consumer chooses a release key, and a set of works may be mostly zeros.
 *
 * <p>A frame's own check comes first, so that a flipped bit in a length is told from a write that was cut short. Batches
 * carry stronger proof inside (root and signature); the checks here make reading a large spool at start cheap.
 * Stateless.
 */
final class SegmentFormat {
    /** Length of a segment's head. */
    static final int HEAD = 60;

    /** Length of a frame before its payload. */
    static final int FRAME = 16;

    /** Payload: a sealed batch as {@link org.tallystick.protocol.receipt.Batch} has it. Read, no longer written. */
    static final int OLD_BATCH = 0x54424631;

    /** Payload: how often was delivered under tokens with a quota, {@link QuotaCounts}. Read, no longer written. */
    static final int OLD_QUOTA = 0x54514631;

    /** Payload: a sealed batch, then the mark. */
    static final int BATCH = 0x54424632;

    /** Payload: the works delivered under tokens with a quota, {@link Quotas}, in groups, then the mark. */
    static final int SETS = 0x54534631;

    /** Bytes of the mark that ends a payload. */
    static final int MARK = 1;

    private static final byte MARKED = (byte) 0xa5;

    /** Bytes of a group, which is followed by a mark, so that no payload holds a long run of zeros. */
    private static final int GROUP = 31;

    private static final byte[] MAGIC = "TALLYSP1".getBytes(StandardCharsets.US_ASCII);

    private SegmentFormat() {}

    /**
     * What stands before a segment's first frame.
     *
     * @param first sequence number the segment's leaves begin at or after
     * @param previous hash of the last header before this segment
     */
    record Head(int edge, int epoch, long first, Hash previous) {
        byte[] encode() {
            ByteBuffer out = ByteBuffer.allocate(HEAD);
            out.put(MAGIC).putInt(edge).putInt(epoch).putLong(first).put(previous.toBytes());
            return out.putInt(crc(out.array(), 0, HEAD - 4)).array();
        }

        /** Whether the bytes begin with a head that is whole. */
        static boolean isAt(byte[] in) {
            return in.length >= HEAD
                    && Arrays.equals(in, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                    && ByteBuffer.wrap(in).getInt(HEAD - 4) == crc(in, 0, HEAD - 4);
        }

        /** Reads the head that {@link #isAt} found. */
        static Head decode(byte[] in) {
            ByteBuffer buffer = ByteBuffer.wrap(in, MAGIC.length, HEAD - MAGIC.length);
            return new Head(buffer.getInt(), buffer.getInt(), buffer.getLong(), Hash.at(in, buffer.position()));
        }
    }

    /** The frame around declarations of sets. */
    static byte[] sets(byte[] declarations) {
        int groups = (declarations.length + GROUP - 1) / GROUP;
        ByteBuffer payload = ByteBuffer.allocate(declarations.length + groups);
        for (int at = 0; at < declarations.length; at += GROUP) {
            payload.put(declarations, at, Math.min(GROUP, declarations.length - at))
                    .put(MARKED);
        }
        CRC32C crc = new CRC32C();
        crc.update(payload.array());
        ByteBuffer out = ByteBuffer.allocate(FRAME + payload.capacity());
        putFrameHead(out, SETS, payload.capacity(), (int) crc.getValue());
        return out.put(payload.array()).array();
    }

    /** The declarations in a payload of sets, of which the last mark is already taken off. */
    static byte[] declarations(byte[] data, int offset, int length) {
        byte[] out = new byte[length - length / (GROUP + MARK)];
        for (int from = 0, to = 0; to < out.length; from += GROUP + MARK, to += GROUP) {
            System.arraycopy(data, offset + from, out, to, Math.min(GROUP, out.length - to));
        }
        return out;
    }

    /** Writes the frame around a batch that lies in two pieces. */
    static void putBatch(ByteBuffer out, byte[] header, byte[] leaves) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(leaves);
        crc.update(MARKED);
        putFrameHead(out, BATCH, header.length + leaves.length + MARK, (int) crc.getValue());
        out.put(header).put(leaves).put(MARKED);
    }

    private static void putFrameHead(ByteBuffer out, int kind, int length, int payloadCrc) {
        byte[] head = new byte[FRAME];
        ByteBuffer.wrap(head).putInt(kind).putInt(length).putInt(payloadCrc);
        ByteBuffer.wrap(head).putInt(12, crc(head, 0, 12));
        out.put(head);
    }

    static int crc(byte[] in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(in, offset, length);
        return (int) crc.getValue();
    }
}
