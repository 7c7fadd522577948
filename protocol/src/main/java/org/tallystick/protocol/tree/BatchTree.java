package org.tallystick.protocol.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;

/**
 * A whole Merkle tree (RFC 6962) that is made at once, as of a sealed batch, with all nodes in one array. The leaves are hashed once; the
 * root and every leaf's path are then copied from the array. Immutable, safe from any thread.
 */
public final class BatchTree {
    private final byte[] nodes;
    private final int count;

    private BatchTree(byte[] nodes, int count) {
        this.nodes = nodes;
        this.count = count;
    }

    /**
     * The tree over leaves of equal size that lie one after another in a buffer.
     *
     * @param offset where the first leaf begins
     * @param stride bytes of a leaf
     * @param count number of leaves, 1 to 2^24
     */
    public static BatchTree of(byte[] buffer, int offset, int stride, int count) {
        if (count < 1 || count > 1 << 24) {
            throw new IllegalArgumentException("a tree made at once has 1 to 2^24 leaves, not " + count);
        }
        int total = 1;
        for (int n = count; n > 1; n = (n + 1) >> 1) {
            total += n;
        }
        byte[] nodes = new byte[total * Hash.BYTES];
        MerkleTree.leafLevel(buffer, offset, stride, count, nodes);
        int from = 0;
        for (int n = count; n > 1; n = (n + 1) >> 1) {
            int to = from + n * Hash.BYTES;
            MerkleTree.parentLevel(nodes, from, n, to);
            from = to;
        }
        return new BatchTree(nodes, count);
    }

    /** The number of leaves. */
    int count() {
        return count;
    }

    /** The root. */
    public Hash root() {
        return Hash.at(nodes, nodes.length - Hash.BYTES);
    }

    /** The hash of a leaf. */
    Hash leafHash(int index) {
        return Hash.at(nodes, Objects.checkIndex(index, count) * Hash.BYTES);
    }

    /** The sibling hashes from a leaf up to the root, lowest first (RFC 9162, 2.1.3.1). */
    public List<Hash> path(int index) {
        Objects.checkIndex(index, count);
        List<Hash> path = new ArrayList<>(32 - Integer.numberOfLeadingZeros(count));
        int from = 0;
        int i = index;
        for (int n = count; n > 1; n = (n + 1) >> 1, i >>= 1) {
            if ((i ^ 1) < n) {
                path.add(Hash.at(nodes, from + (i ^ 1) * Hash.BYTES));
            }
            from += n * Hash.BYTES;
        }
        return List.copyOf(path);
    }

    /**
     * Writes the sibling hashes of a leaf, lowest first, 32 bytes each.
     *
     * @return how many siblings were written, at most 24
     */
    public int writePath(int index, byte[] out, int offset) {
        Objects.checkIndex(index, count);
        int from = 0;
        int i = index;
        int written = 0;
        for (int n = count; n > 1; n = (n + 1) >> 1, i >>= 1) {
            if ((i ^ 1) < n) {
                System.arraycopy(nodes, from + (i ^ 1) * Hash.BYTES, out, offset + written * Hash.BYTES, Hash.BYTES);
                written++;
            }
            from += n * Hash.BYTES;
        }
        return written;
    }
}
