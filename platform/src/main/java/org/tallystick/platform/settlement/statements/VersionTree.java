package org.tallystick.platform.settlement.statements;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/**
 * The tree over the members of a dataset version with the roots of all its perfect subtrees, so that a proof takes look-ups
 * in place of hashing the whole version again. Immutable.
 */
final class VersionTree implements MultiProof.Subtrees {
    private final List<List<Hash>> levels = new ArrayList<>();

    /** @param leaves hashes of the members, at least one */
    VersionTree(List<Hash> leaves) {
        levels.add(leaves);
        while (levels.getLast().size() > 1) {
            List<Hash> below = levels.getLast();
            List<Hash> level = new ArrayList<>(below.size() / 2);
            for (int i = 0; i + 1 < below.size(); i += 2) {
                level.add(MerkleTree.nodeHash(below.get(i), below.get(i + 1)));
            }
            levels.add(level);
        }
    }

    /** Members. */
    int size() {
        return levels.getFirst().size();
    }

    @Override
    public Hash root(long from, long to) {
        long width = to - from;
        if (Long.bitCount(width) == 1) {
            int height = Long.numberOfTrailingZeros(width);
            return levels.get(height).get(Math.toIntExact(from >> height));
        }
        long middle = from + Long.highestOneBit(width);
        return MerkleTree.nodeHash(root(from, middle), root(middle, to));
    }
}
