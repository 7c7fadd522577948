package org.tallystick.protocol.tree;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Hash;

/**
 * The state needed to append to a growing tree (RFC 6962) and to know its root: the roots of its largest complete
 * subtrees, from left to right, at most 63 hashes. Certificate Transparency calls this a compact range. Not
 * thread-safe.
 */
public final class CompactRange {
    private final List<Hash> nodes = new ArrayList<>();
    private long size;

    /** The state of the empty tree. */
    public CompactRange() {}

    private CompactRange(long size, List<Hash> nodes) {
        this.size = size;
        this.nodes.addAll(nodes);
    }

    /**
     * The state of a tree whose complete subtrees are known.
     *
     * @param size number of leaves
     * @param nodes one hash for each one-bit of {@code size}, the largest subtree first
     */
    public static CompactRange of(long size, List<Hash> nodes) {
        if (size < 0 || Long.bitCount(size) != nodes.size()) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " has " + Long.bitCount(size) + " perfect subtrees, not " + nodes.size());
        }
        return new CompactRange(size, nodes);
    }

    /** An independent copy. */
    public CompactRange copy() {
        return new CompactRange(size, nodes);
    }

    /** Adds the next leaf. */
    public void append(Hash leafHash) {
        Hash hash = leafHash;
        for (long s = size; (s & 1) == 1; s >>= 1) {
            hash = MerkleTree.nodeHash(nodes.removeLast(), hash);
        }
        nodes.add(hash);
        size++;
    }

    /** The number of leaves appended so far. */
    public long size() {
        return size;
    }

    /** The roots of the complete subtrees, largest first; a copy. */
    List<Hash> nodes() {
        return List.copyOf(nodes);
    }

    /** The root of the tree. */
    public Hash root() {
        if (nodes.isEmpty()) {
            return MerkleTree.emptyRoot();
        }
        Hash root = nodes.getLast();
        for (int i = nodes.size() - 2; i >= 0; i--) {
            root = MerkleTree.nodeHash(nodes.get(i), root);
        }
        return root;
    }
}
