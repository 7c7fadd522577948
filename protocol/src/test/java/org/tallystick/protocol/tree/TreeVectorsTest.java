package org.tallystick.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;

/** {@code vectors/tree.json}: made by the recursive definition, judged by the code under test. */
class TreeVectorsTest {
    private static final int[][] INCLUSIONS = {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {4, 7}, {6, 7}, {0, 8}, {7, 8}, {10, 13}
    };
    private static final int[][] CONSISTENCIES = {
        {0, 3}, {1, 1}, {1, 2}, {3, 4}, {3, 7}, {4, 7}, {6, 8}, {8, 13}, {12, 13}
    };

    @Test
    void theFileIsWhatTheDefinitionGives() {
        List<Json> cases = new ArrayList<>();
        for (int size : new int[] {0, 1, 2, 3, 5, 8, 13}) {
            List<byte[]> entries = MerkleTreeTest.entries(size);
            cases.add(Json.object()
                    .put("kind", "root")
                    .put("entries", Json.strings(hex(entries)))
                    .put("root", NaiveTree.root(entries).hex())
                    .build());
        }
        for (int[] at : INCLUSIONS) {
            cases.addAll(inclusions(at[0], at[1]));
        }
        for (int[] at : CONSISTENCIES) {
            cases.addAll(consistencies(at[0], at[1]));
        }
        Vectors.matches("tree.json", "RFC 6962 trees and proofs; valid says whether the proof holds", cases);
    }

    private static List<Json> inclusions(int index, int size) {
        List<byte[]> entries = MerkleTreeTest.entries(size);
        List<Hash> path = NaiveTree.path(index, entries);
        Hash leaf = MerkleTree.leafHash(entries.get(index));
        Hash root = NaiveTree.root(entries);
        List<Json> cases = new ArrayList<>();
        cases.add(inclusion("as it is", leaf, index, size, path, root, true));
        cases.add(inclusion("one hash too many", leaf, index, size, with(path, root), root, false));
        cases.add(inclusion("index beyond the tree", leaf, size, size, path, root, false));
        cases.add(inclusion("another root", leaf, index, size, path, MerkleTree.leafHash(new byte[] {1}), false));
        if (!path.isEmpty()) {
            cases.add(inclusion("one hash too few", leaf, index, size, path.subList(1, path.size()), root, false));
            cases.add(inclusion("a hash exchanged", leaf, index, size, exchanged(path), root, false));
        }
        return cases;
    }

    private static List<Json> consistencies(int old, int size) {
        List<byte[]> entries = MerkleTreeTest.entries(size);
        List<Hash> proof = NaiveTree.proof(old, entries);
        Hash oldRoot = NaiveTree.root(entries.subList(0, old));
        Hash root = NaiveTree.root(entries);
        List<Json> cases = new ArrayList<>();
        cases.add(consistency("as it is", old, size, oldRoot, root, proof, true));
        cases.add(consistency("one hash too many", old, size, oldRoot, root, with(proof, root), false));
        cases.add(consistency("another old root", old, size, MerkleTree.leafHash(new byte[] {1}), root, proof, false));
        if (!proof.isEmpty()) {
            cases.add(consistency("a hash exchanged", old, size, oldRoot, root, exchanged(proof), false));
            cases.add(consistency("one hash too few", old, size, oldRoot, root, proof.subList(1, proof.size()), false));
        }
        if (old < size) {
            cases.add(consistency("backwards", size, old, root, oldRoot, proof, false));
        }
        return cases;
    }

    @Test
    void theCodeAgreesWithTheFile() {
        for (Fields vector : Vectors.cases("tree.json")) {
            Hash root = Hash.ofHex(vector.text("root"));
            switch (vector.text("kind")) {
                case "root" ->
                    assertThat(MerkleTree.root(MerkleTreeTest.hashes(bytes(vector))))
                            .isEqualTo(root);
                case "inclusion" -> {
                    Hash leaf = Hash.ofHex(vector.text("leaf"));
                    List<Hash> path = hashes(vector, "path");
                    assertThat(MerkleTree.verifyInclusion(
                                    leaf, number(vector, "index"), number(vector, "size"), path, root))
                            .as("%s", vector.object())
                            .isEqualTo(vector.optionalBool("valid").orElseThrow());
                }
                case "consistency" -> {
                    Hash old = Hash.ofHex(vector.text("old_root"));
                    List<Hash> proof = hashes(vector, "proof");
                    assertThat(MerkleTree.verifyConsistency(
                                    number(vector, "old_size"), number(vector, "size"), old, root, proof))
                            .as("%s", vector.object())
                            .isEqualTo(vector.optionalBool("valid").orElseThrow());
                }
                default -> throw new AssertionError(vector.text("kind"));
            }
        }
    }

    @Test
    void theRightEdgeGrowsAsTheTreeDoes() {
        CompactRange range = new CompactRange();
        assertThat(range.root()).isEqualTo(MerkleTree.emptyRoot());
        List<byte[]> entries = MerkleTreeTest.entries(200);
        for (int n = 1; n <= 200; n++) {
            range.append(MerkleTree.leafHash(entries.get(n - 1)));
            assertThat(range.size()).isEqualTo(n);
            assertThat(range.nodes()).hasSize(Integer.bitCount(n));
            assertThat(range.root()).isEqualTo(MerkleTree.root(MerkleTreeTest.hashes(entries.subList(0, n))));
            CompactRange again = CompactRange.of(n, range.nodes());
            again.append(range.root());
            assertThat(range.copy().root()).isEqualTo(range.root()).isNotEqualTo(again.root());
        }
    }

    @Test
    void noChangedProofHolds() {
        Seeds.check(300, random -> {
            int size = random.nextInt(2, 60);
            int index = random.nextInt(size);
            List<Hash> leaves = MerkleTreeTest.hashes(MerkleTreeTest.entries(size));
            Hash root = MerkleTree.root(leaves);
            List<Hash> path = new ArrayList<>(MerkleTree.inclusionPath(leaves, index));
            path.set(random.nextInt(path.size()), Hash.of(Seeds.bytes(random, 32)));
            assertThat(MerkleTree.verifyInclusion(leaves.get(index), index, size, path, root))
                    .isFalse();
            int old = random.nextInt(1, size);
            List<Hash> proof = new ArrayList<>(MerkleTree.consistencyProof(leaves, old));
            proof.set(random.nextInt(proof.size()), Hash.of(Seeds.bytes(random, 32)));
            Hash oldRoot = MerkleTree.root(leaves.subList(0, old));
            assertThat(MerkleTree.verifyConsistency(old, size, oldRoot, root, proof))
                    .isFalse();
            assertThat(MerkleTree.verifyConsistency(
                            random.nextLong(), random.nextLong(), oldRoot, root, randomHashes(random)))
                    .isFalse();
        });
    }

    private static List<Hash> randomHashes(SplittableRandom random) {
        List<Hash> hashes = new ArrayList<>();
        for (int i = random.nextInt(70); i > 0; i--) {
            hashes.add(Hash.of(Seeds.bytes(random, 32)));
        }
        return hashes;
    }

    private static Json inclusion(
            String name, Hash leaf, long index, long size, List<Hash> path, Hash root, boolean valid) {
        return Json.object()
                .put("kind", "inclusion")
                .put("name", name)
                .put("leaf", leaf.hex())
                .put("index", index)
                .put("size", size)
                .put("path", Json.strings(path.stream().map(Hash::hex).toList()))
                .put("root", root.hex())
                .put("valid", valid)
                .build();
    }

    private static Json consistency(
            String name, long old, long size, Hash oldRoot, Hash root, List<Hash> proof, boolean valid) {
        return Json.object()
                .put("kind", "consistency")
                .put("name", name)
                .put("old_size", old)
                .put("size", size)
                .put("old_root", oldRoot.hex())
                .put("root", root.hex())
                .put("proof", Json.strings(proof.stream().map(Hash::hex).toList()))
                .put("valid", valid)
                .build();
    }

    private static List<Hash> with(List<Hash> hashes, Hash more) {
        List<Hash> longer = new ArrayList<>(hashes);
        longer.add(more);
        return longer;
    }

    private static List<Hash> exchanged(List<Hash> hashes) {
        List<Hash> other = new ArrayList<>(hashes);
        other.set(other.size() - 1, MerkleTree.leafHash(new byte[] {2}));
        return other;
    }

    private static long number(Fields vector, String name) {
        return vector.integer(name, 0, Long.MAX_VALUE);
    }

    private static List<Hash> hashes(Fields vector, String name) {
        return vector.strings(name).stream().map(Hash::ofHex).toList();
    }

    private static List<byte[]> bytes(Fields vector) {
        return vector.strings("entries").stream().map(HexFormat.of()::parseHex).toList();
    }

    private static List<String> hex(List<byte[]> entries) {
        return entries.stream().map(HexFormat.of()::formatHex).toList();
    }
}
