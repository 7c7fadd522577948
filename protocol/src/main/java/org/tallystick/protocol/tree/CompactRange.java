package org.tallystick.protocol.tree;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Hash;

/**
 * The right edge of a growing tree: the roots of the perfect subtrees its leaves fall into, largest first. Enough to
 * append and to know the root, in at most 63 hashes. Not thread-safe.
 */
public final class CompactRange {
    private final List<Hash> nodes = new ArrayList<>();
    private long size;

    /** The range of no leaves. */
    public CompactRange() {}

    private CompactRange(long size, List<Hash> nodes) {
        this.size = size;
        this.nodes.addAll(nodes);
    }

    /**
     * The range of a tree whose perfect subtrees are known.
     *
     * @param nodes one hash per one-bit of the size, largest subtree first
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

    /** Leaves so far. */
    public long size() {
        return size;
    }

    /** The perfect subtrees' roots, largest first; a copy. */
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
