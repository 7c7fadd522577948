package org.tallystick.protocol.receipt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.tree.BatchTree;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * A sealed batch as an edge stores and ships it: the signed header, then its leaves of 116 bytes each. A bundle is one
 * or more batches one after another.
 *
 * <p>A view of a byte array, which nobody may change afterwards; immutable under this condition and safe from any
 * thread.
 */
public final class Batch {
    private final SignedHeader signed;
    private final byte[] data;
    private final int offset;

    private Batch(SignedHeader signed, byte[] data, int offset) {
        this.signed = signed;
        this.data = data;
        this.offset = offset;
    }

    /**
     * Seals leaves into a batch: computes and signs the header.
     *
     * @param leaves the leaves' bytes one after another; all of one edge and epoch, with dense sequence numbers
     * @param previous hash of the epoch's previous header, or {@link BatchHeader#NONE} for the first
     * @throws MalformedException {@code batch/…} or {@code leaf/…} where the leaves do not form a batch
     */
    public static Batch seal(byte[] leaves, Hash previous, Signer edge) {
        BatchHeader header = Summary.of(leaves, 0, leaves.length / Leaf.LENGTH).header(previous);
        SignedHeader signed = SignedHeader.sign(header, edge);
        byte[] data = Arrays.copyOf(signed.encode(), SignedHeader.LENGTH + leaves.length);
        System.arraycopy(leaves, 0, data, SignedHeader.LENGTH, leaves.length);
        return new Batch(signed, data, 0);
    }

    /**
     * Reads the batch at an offset of a bundle. Checks lengths and the header's form; {@link #check} checks the leaves.
     *
     * @throws MalformedException {@code batch/…}
     */
    public static Batch decode(byte[] bundle, int offset) {
        SignedHeader signed = SignedHeader.decode(bundle, offset);
        int length = length(signed.header().count());
        if (bundle.length - offset < length) {
            throw new MalformedException("batch/truncated", "the batch's leaves are cut off");
        }
        return new Batch(signed, bundle, offset);
    }

    /**
     * Reads a whole bundle.
     *
     * @throws MalformedException {@code batch/…}; a bundle without batches is {@code bundle/empty}
     */
    public static List<Batch> decodeAll(byte[] bundle) {
        List<Batch> batches = new ArrayList<>();
        for (int at = 0; at < bundle.length; at += batches.getLast().length()) {
            batches.add(decode(bundle, at));
        }
        if (batches.isEmpty()) {
            throw new MalformedException("bundle/empty", "the bundle holds no batch");
        }
        return batches;
    }

    /** The length in bytes of a batch of {@code count} leaves. */
    public static int length(int count) {
        return SignedHeader.LENGTH + count * Leaf.LENGTH;
    }

    /**
     * Recomputes from the leaves everything the header says of them: root, dense numbers, times, totals. Checks no
     * signature.
     *
     * @throws MalformedException {@code batch/root} where the root differs, {@code batch/…} or {@code leaf/…} otherwise
     */
    public void check() {
        BatchHeader stated = signed.header();
        BatchHeader found = Summary.of(data, leavesAt(), stated.count()).header(stated.previous());
        if (!found.root().equals(stated.root())) {
            throw new MalformedException(
                    "batch/root",
                    "the leaves hash to " + found.root().hex() + ", the header says "
                            + stated.root().hex());
        }
        if (!found.equals(stated)) {
            throw new MalformedException("batch/summary", "the leaves are not those the header sums up");
        }
    }

    public SignedHeader signed() {
        return signed;
    }

    public BatchHeader header() {
        return signed.header();
    }

    /** Leaf number {@code index}, from 0. */
    public Leaf leaf(int index) {
        return Leaf.decode(data, leafAt(index));
    }

    /** A reader that gives fields of the leaves without making an object for each. */
    public LeafReader reader() {
        return new LeafReader(data, leavesAt(), header().count());
    }

    /** The receipt of leaf number {@code index}. Rebuilds the tree; use {@link #receipts} for many. */
    public Receipt receipt(int index) {
        BatchTree tree = BatchTree.of(data, leavesAt(), Leaf.LENGTH, header().count());
        return new Receipt(leaf(index), index, tree.path(index), signed);
    }

    /** The receipts of all leaves, in order. */
    public List<Receipt> receipts() {
        int count = header().count();
        BatchTree tree = BatchTree.of(data, leavesAt(), Leaf.LENGTH, count);
        List<Receipt> receipts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            receipts.add(new Receipt(leaf(i), i, tree.path(i), signed));
        }
        return receipts;
    }

    /** The length of this batch in bytes. */
    public int length() {
        return length(header().count());
    }

    public byte[] encode() {
        return Arrays.copyOfRange(data, offset, offset + length());
    }

    private int leavesAt() {
        return offset + SignedHeader.LENGTH;
    }

    private int leafAt(int index) {
        if (index < 0 || index >= header().count()) {
            throw new IndexOutOfBoundsException(index);
        }
        return leavesAt() + index * Leaf.LENGTH;
    }

    /** What a header says of its leaves, computed from the leaves. */
    private record Summary(
            int edge,
            int epoch,
            long first,
            int count,
            long minTime,
            long maxTime,
            Hash root,
            int metered,
            long bytes) {

        static Summary of(byte[] data, int at, int count) {
            if (count < 1 || count > BatchHeader.MAX_COUNT || data.length - at < count * Leaf.LENGTH) {
                throw new MalformedException("batch/count", "a batch has 1 to " + BatchHeader.MAX_COUNT + " leaves");
            }
            LeafReader leaf = new LeafReader(data, at, count);
            leaf.next();
            int edge = leaf.edge();
            int epoch = leaf.epoch();
            long first = leaf.sequence();
            long minTime = Long.MAX_VALUE;
            long maxTime = 0;
            long bytes = 0;
            int metered = 0;
            for (int i = 0; i < count; i++) {
                if (i > 0) {
                    leaf.next();
                }
                leaf.checkForm();
                if (leaf.edge() != edge || leaf.epoch() != epoch || leaf.sequence() != first + i) {
                    throw new MalformedException(
                            "batch/not-dense", "leaf " + i + " of the batch does not carry the next sequence number");
                }
                minTime = Math.min(minTime, leaf.time());
                maxTime = Math.max(maxTime, leaf.time());
                metered += leaf.meters() ? 1 : 0;
                bytes = total(bytes, leaf.bytes());
            }
            Hash root = MerkleTree.root(data, at, Leaf.LENGTH, count);
            return new Summary(edge, epoch, first, count, minTime, maxTime, root, metered, bytes);
        }

        private static long total(long sum, long bytes) {
            if (sum + bytes < 0) {
                throw new MalformedException("batch/totals", "the batch's bytes overflow");
            }
            return sum + bytes;
        }

        BatchHeader header(Hash previous) {
            return new BatchHeader(edge, epoch, first, count, minTime, maxTime, root, metered, bytes, previous);
        }
    }
}
