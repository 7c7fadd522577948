package org.tallystick.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;

class MultiProofTest {

    @Test
    void anySubsetOfAnyTreeIsProven() {
        Seeds.check(1_000, random -> {
            int size = 1 + random.nextInt(70);
            List<Hash> leaves = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                leaves.add(Hash.of(Seeds.bytes(random, 32)));
            }
            TreeMap<Long, Hash> some = new TreeMap<>();
            for (int i = random.nextInt(size); i >= 0; i--) {
                int index = random.nextInt(size);
                some.put((long) index, leaves.get(index));
            }
            Hash root = MerkleTree.root(leaves);
            List<Hash> proof = MultiProof.prove(size, some.navigableKeySet(), MultiProof.of(leaves));
            assertThat(MultiProof.root(size, some, proof)).isEqualTo(root);

            TreeMap<Long, Hash> lie = new TreeMap<>(some);
            lie.replaceAll((index, hash) -> index.equals(some.firstKey()) ? Hash.of(Seeds.bytes(random, 32)) : hash);
            assertThat(MultiProof.root(size, lie, proof)).isNotEqualTo(root);
            if (some.size() == 1) {
                assertThat(proof).hasSameSizeAs(MerkleTree.inclusionPath(leaves, Math.toIntExact(some.firstKey())));
            }
        });
    }

    @Test
    void proofsOfTheWrongLengthOrOutsideTheTreeAreRefused() {
        List<Hash> leaves = List.of(hash(1), hash(2), hash(3));
        TreeMap<Long, Hash> first = new TreeMap<>();
        first.put(0L, hash(1));
        List<Hash> proof = MultiProof.prove(3, new TreeSet<>(List.of(0L)), MultiProof.of(leaves));
        assertReason(() -> MultiProof.root(3, first, proof.subList(0, 1)), "proof/length");
        List<Hash> longer = new ArrayList<>(proof);
        longer.add(hash(9));
        assertReason(() -> MultiProof.root(3, first, longer), "proof/length");
        TreeMap<Long, Hash> outside = new TreeMap<>();
        outside.put(3L, hash(1));
        assertReason(() -> MultiProof.root(3, outside, proof), "proof/index");
        assertReason(() -> MultiProof.root(3, new TreeMap<>(), proof), "proof/index");
    }

    private static Hash hash(int value) {
        return Sha256.hash(new byte[] {(byte) value});
    }

    private static void assertReason(Runnable action, String reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0 1", "3, 0 1 2", "4, 0 3", "7, 0 3 4 5 6", "8, 0 7", "13, 0 7 8 11 12"})
    void theCornersOfATree(long size, String corners) {
        assertThat(MultiProof.corners(size))
                .containsExactly(
                        Stream.of(corners.split(" ")).map(Long::valueOf).toArray(Long[]::new));
    }

    /**
     * Whoever knows every node of a tree cannot pass it off as one of another size: at a corner must stand a leaf, which no
     * inner node can be taken for, and elsewhere he may put any node.
     */
    @Test
    void cornersProveTheSizeOfATree() {
        for (long size = 1; size <= 80; size++) {
            for (long claimed = 1; claimed <= 80; claimed++) {
                assertThat(fits(size, 0, claimed, MultiProof.corners(claimed)))
                        .as(size + " as " + claimed)
                        .isEqualTo(size == claimed);
            }
        }
    }

    /** Whether a true tree of a size can stand where the claimed leaves from one to another are to stand. */
    private static boolean fits(long size, long from, long to, SortedSet<Long> corners) {
        if (corners.isEmpty()) {
            return true;
        }
        if (to - from == 1 || size == 1) {
            return to - from == 1 && size == 1;
        }
        long left = Long.highestOneBit(size - 1);
        long middle = from + Long.highestOneBit(to - from - 1);
        return fits(left, from, middle, corners.headSet(middle))
                && fits(size - left, middle, to, corners.tailSet(middle));
    }
}
