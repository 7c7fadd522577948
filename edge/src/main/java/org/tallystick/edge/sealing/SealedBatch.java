package org.tallystick.edge.sealing;

import java.util.Base64;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.tree.BatchTree;

/**
 * A batch as the edge itself has it: header, leaves and all nodes of its tree, so that each receipt is put together by
 * copying. The byte form of a receipt is that of {@link org.tallystick.protocol.receipt.Receipt}. Immutable, safe from
 * any thread; the arrays are never written.
 */
public final class SealedBatch {
    /** Longest receipt in bytes: version, leaf, index, path length, ten siblings, signed header. */
    private static final int LONGEST = 1 + Leaf.LENGTH + 3 + 10 * Hash.BYTES + SignedHeader.LENGTH;

    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[LONGEST]);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Epoch epoch;
    private final BatchHeader header;
    private final byte[] signed;
    private final byte[] leaves;
    private final BatchTree tree;

    private SealedBatch(Epoch epoch, BatchHeader header, byte[] signed, byte[] leaves, BatchTree tree) {
        this.epoch = epoch;
        this.header = header;
        this.signed = signed;
        this.leaves = leaves;
        this.tree = tree;
    }

    /**
     * Sums over the leaves of a batch, for its header: times in milliseconds since 1970, metered leaves, content bytes.
     */
    record Totals(long minTime, long maxTime, int metered, long bytes) {}

    /**
     * Hashes the leaves and signs the header over what was hashed.
     *
     * @param leaves encoded one after another, numbered densely from {@code first}
     */
    static SealedBatch seal(Epoch epoch, long first, byte[] leaves, Totals totals) {
        int count = leaves.length / Leaf.LENGTH;
        BatchTree tree = BatchTree.of(leaves, 0, Leaf.LENGTH, count);
        BatchHeader header = new BatchHeader(
                epoch.certificate().edge(),
                epoch.number(),
                first,
                count,
                totals.minTime(),
                totals.maxTime(),
                tree.root(),
                totals.metered(),
                totals.bytes(),
                epoch.spool().previous());
        byte[] signed = SignedHeader.sign(header, epoch.signer()).encode();
        return new SealedBatch(epoch, header, signed, leaves, tree);
    }

    Epoch epoch() {
        return epoch;
    }

    BatchHeader header() {
        return header;
    }

    /** Header and signature. */
    byte[] signed() {
        return signed;
    }

    /** The leaves one after another. */
    byte[] leaves() {
        return leaves;
    }

    /** Sequence number of a leaf. */
    long sequence(int index) {
        return header.first() + index;
    }

    /** The receipt of a leaf as it stands in a response header: ASCII, base64url. */
    public byte[] receipt(int index) {
        byte[] out = SCRATCH.get();
        out[0] = 1;
        System.arraycopy(leaves, index * Leaf.LENGTH, out, 1, Leaf.LENGTH);
        int at = 1 + Leaf.LENGTH;
        int siblings = tree.writePath(index, out, at + 3);
        out[at] = (byte) (index >> 8);
        out[at + 1] = (byte) index;
        out[at + 2] = (byte) siblings;
        at += 3 + siblings * Hash.BYTES;
        System.arraycopy(signed, 0, out, at, signed.length);
        return BASE64.encode(java.util.Arrays.copyOf(out, at + signed.length));
    }
}
