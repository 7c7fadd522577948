package org.tallystick.platform.settlement.statements;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

/** A tree that keeps its nodes proves what a tree hashed anew proves. */
class VersionTreeTest {
    private static List<Hash> leaves(int count) {
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(MerkleTree.leafHash(new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        return leaves;
    }

    @Test
    void theWholeIsTheRoot() {
        for (int size = 1; size <= 130; size++) {
            List<Hash> leaves = leaves(size);
            VersionTree tree = new VersionTree(leaves);
            assertThat(tree.size()).isEqualTo(size);
            assertThat(tree.root(0, size)).isEqualTo(MerkleTree.root(leaves));
        }
    }

    @Test
    void proofsAreTheSame() {
        Seeds.check(200, random -> {
            int size = 1 + random.nextInt(600);
            List<Hash> leaves = leaves(size);
            SortedSet<Long> shown = new TreeSet<>();
            for (int i = 0; i <= random.nextInt(20); i++) {
                shown.add(random.nextLong(size));
            }
            assertThat(MultiProof.prove(size, shown, new VersionTree(leaves)))
                    .isEqualTo(MultiProof.prove(size, shown, MultiProof.of(leaves)));
        });
    }
}
