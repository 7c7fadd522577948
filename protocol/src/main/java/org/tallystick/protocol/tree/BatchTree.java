package org.tallystick.protocol.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;

/**
 * All nodes of the tree over one sealed batch, in one array: one pass of hashing gives the root to sign and then a path
 * for every receipt by copying. Immutable, safe from any thread.
 */
public final class BatchTree {
    private final byte[] nodes;
    private final int count;

    private BatchTree(byte[] nodes, int count) {
        this.nodes = nodes;
        this.count = count;
    }

    /**
     * The tree over leaves of one fixed size that lie one after the other.
     *
     * @param offset where the first leaf begins
     * @param stride bytes per leaf
     * @param count leaves, 1 to 2^20
     */
    public static BatchTree of(byte[] buffer, int offset, int stride, int count) {
        if (count < 1 || count > 1 << 20) {
            throw new IllegalArgumentException("a batch has 1 to 2^20 leaves, not " + count);
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

    /** Leaves in the tree. */
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

    /** The siblings from a leaf up to the root. */
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
     * Writes the path of a leaf as 32 bytes per sibling; answers how many siblings there are. At most 20 fit a batch of
     * 2^20.
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
