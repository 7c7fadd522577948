package org.tallystick.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

public class MerkleTreeTest {
    /** The inputs and roots that Certificate Transparency implementations share. */
    private static final List<byte[]> CT_LEAVES = List.of(
            hex(""),
            hex("00"),
            hex("10"),
            hex("2021"),
            hex("3031"),
            hex("40414243"),
            hex("5051525354555657"),
            hex("606162636465666768696a6b6c6d6e6f"));

    private static final List<String> CT_ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void certificateTransparencyRoots() {
        assertThat(MerkleTree.emptyRoot().hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int n = 1; n <= CT_LEAVES.size(); n++) {
            assertThat(MerkleTree.root(hashes(CT_LEAVES.subList(0, n))).hex()).isEqualTo(CT_ROOTS.get(n - 1));
        }
    }

    @Test
    void everythingAgreesWithTheRecursiveDefinition() {
        for (int n = 1; n <= 70; n++) {
            List<byte[]> entries = entries(n);
            List<Hash> hashes = hashes(entries);
            byte[] flat = flat(entries);
            Hash root = NaiveTree.root(entries);
            BatchTree batch = BatchTree.of(flat, 0, 5, n);
            assertThat(MerkleTree.root(hashes)).isEqualTo(root);
            assertThat(MerkleTree.root(flat, 0, 5, n)).isEqualTo(root);
            assertThat(batch.root()).isEqualTo(root);
            for (int i = 0; i < n; i++) {
                List<Hash> path = NaiveTree.path(i, entries);
                assertThat(MerkleTree.inclusionPath(hashes, i)).isEqualTo(path);
                assertThat(batch.path(i)).isEqualTo(path);
                assertThat(written(batch, i)).isEqualTo(path);
                assertThat(batch.leafHash(i)).isEqualTo(hashes.get(i));
                assertThat(MerkleTree.verifyInclusion(hashes.get(i), i, n, path, root))
                        .isTrue();
            }
        }
    }

    @Test
    void consistencyAgreesWithTheRecursiveDefinition() {
        List<byte[]> entries = entries(40);
        for (int n = 0; n <= 40; n++) {
            List<Hash> hashes = hashes(entries.subList(0, n));
            Hash root = MerkleTree.root(hashes);
            for (int m = 0; m <= n; m++) {
                List<Hash> proof = MerkleTree.consistencyProof(hashes, m);
                Hash old = NaiveTree.root(entries.subList(0, m));
                assertThat(proof).isEqualTo(NaiveTree.proof(m, entries.subList(0, n)));
                assertThat(MerkleTree.verifyConsistency(m, n, old, root, proof)).isTrue();
                assertBrokenProofsFail(m, n, old, root, proof);
            }
        }
    }

    private static void assertBrokenProofsFail(int m, int n, Hash old, Hash root, List<Hash> proof) {
        Hash other = MerkleTree.leafHash(new byte[] {9, 9});
        List<Hash> longer = new ArrayList<>(proof);
        longer.add(other);
        assertThat(MerkleTree.verifyConsistency(m, n, old, root, longer)).isFalse();
        assertThat(MerkleTree.verifyConsistency(m, n, other, root, proof)).isFalse();
        assertThat(MerkleTree.verifyConsistency(m, n, old, other, proof)).isEqualTo(m == 0 && n > 0);
        for (int i = 0; i < proof.size(); i++) {
            List<Hash> shorter = new ArrayList<>(proof);
            shorter.remove(i);
            assertThat(MerkleTree.verifyConsistency(m, n, old, root, shorter)).isFalse();
            List<Hash> changed = new ArrayList<>(proof);
            changed.set(i, other);
            assertThat(MerkleTree.verifyConsistency(m, n, old, root, changed)).isFalse();
        }
    }

    @Test
    void brokenInclusionFails() {
        List<byte[]> entries = entries(13);
        List<Hash> hashes = hashes(entries);
        Hash root = MerkleTree.root(hashes);
        for (int i = 0; i < 13; i++) {
            List<Hash> path = MerkleTree.inclusionPath(hashes, i);
            Hash leaf = hashes.get(i);
            for (int j = 0; j < 13; j++) {
                assertThat(MerkleTree.verifyInclusion(leaf, j, 13, path, root)).isEqualTo(i == j);
                assertThat(MerkleTree.verifyInclusion(hashes.get(j), i, 13, path, root))
                        .isEqualTo(i == j);
            }
            assertThat(MerkleTree.verifyInclusion(leaf, i, 13, path.subList(1, path.size()), root))
                    .isFalse();
            List<Hash> longer = new ArrayList<>(path);
            longer.add(root);
            assertThat(MerkleTree.verifyInclusion(leaf, i, 13, longer, root)).isFalse();
        }
        assertThat(MerkleTree.verifyInclusion(hashes.get(0), -1, 13, List.of(), root))
                .isFalse();
        assertThat(MerkleTree.verifyInclusion(hashes.get(0), 13, 13, List.of(), root))
                .isFalse();
        assertThat(MerkleTree.verifyInclusion(root, 0, 1, List.of(), root)).isTrue();
    }

    @Test
    void wrongProofsSayWhy() {
        Hash leaf = MerkleTree.leafHash(new byte[0]);
        assertThatThrownBy(() -> MerkleTree.rootOf(leaf, 3, 3, List.of()))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("leaf 3 is not in a tree of 3");
        assertThatThrownBy(() -> MerkleTree.rootOf(leaf, 0, 2, List.of())).hasMessageContaining("too early");
        assertThatThrownBy(() -> MerkleTree.rootOf(leaf, 0, 1, List.of(leaf))).hasMessageContaining("are needed");
        assertThatThrownBy(() -> MerkleTree.inclusionPath(List.of(leaf), 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> MerkleTree.root(new byte[9], 0, 5, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BatchTree.of(new byte[9], 0, 5, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    public static List<byte[]> entries(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> new byte[] {(byte) i, (byte) (i >> 8), 7, (byte) (3 * i), 1})
                .toList();
    }

    public static List<Hash> hashes(List<byte[]> entries) {
        return entries.stream().map(MerkleTree::leafHash).toList();
    }

    private static byte[] flat(List<byte[]> entries) {
        byte[] all = new byte[entries.size() * 5];
        for (int i = 0; i < entries.size(); i++) {
            System.arraycopy(entries.get(i), 0, all, i * 5, 5);
        }
        return all;
    }

    private static List<Hash> written(BatchTree batch, int index) {
        byte[] out = new byte[1 + 20 * Hash.BYTES];
        int count = batch.writePath(index, out, 1);
        return IntStream.range(0, count)
                .mapToObj(i -> Hash.at(out, 1 + i * Hash.BYTES))
                .toList();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
