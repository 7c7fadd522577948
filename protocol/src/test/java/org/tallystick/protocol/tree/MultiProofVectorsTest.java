package org.tallystick.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Vectors;

/** {@code vectors/multi-proof.json}: some leaves of a tree under its root, and proofs that are too short, too long or others'. */
class MultiProofVectorsTest {
    private static List<Hash> leaves(int size) {
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(MerkleTree.leafHash(new byte[] {(byte) i}));
        }
        return leaves;
    }

    private static List<Hash> proof(int size, SortedSet<Long> shown) {
        return MultiProof.prove(size, new TreeSet<>(shown), MultiProof.of(leaves(size)));
    }

    private static Json.Obj vector(
            String name, int size, SortedSet<Long> shown, List<Hash> proof, Optional<String> reason) {
        List<Json> indices = new ArrayList<>();
        shown.forEach(index -> indices.add(Json.of(index)));
        return Json.object()
                .put("name", name)
                .put("size", size)
                .put("leaves", Json.array(indices))
                .put("proof", Json.strings(proof.stream().map(Hash::hex).toList()))
                .put("root", MerkleTree.root(leaves(size)).hex())
                .putIfPresent("reason", reason)
                .build();
    }

    @Test
    void theFileIsWhatTheCodeMakes() {
        List<Json> cases = new ArrayList<>();
        for (int size : new int[] {1, 2, 5, 7, 8, 13}) {
            SortedSet<Long> last = new TreeSet<>(List.of(size - 1L));
            SortedSet<Long> ends = new TreeSet<>(List.of(0L, size - 1L, size / 2L));
            cases.add(vector("last of " + size, size, last, proof(size, last), Optional.empty()));
            cases.add(vector("ends and middle of " + size, size, ends, proof(size, ends), Optional.empty()));
        }
        SortedSet<Long> two = new TreeSet<>(List.of(1L, 4L));
        List<Hash> good = proof(7, two);
        List<Hash> longer = new ArrayList<>(good);
        longer.add(good.getFirst());
        cases.add(vector("a hash is missing", 7, two, good.subList(1, good.size()), Optional.of("proof/length")));
        cases.add(vector("a hash is left over", 7, two, longer, Optional.of("proof/length")));
        cases.add(vector("another order", 7, two, good.reversed(), Optional.of("another root")));
        Vectors.matches(
                "multi-proof.json",
                "Leaves by index, leaf i being SHA-256 of 00 and the byte i; roots of the largest subtrees without a"
                        + " proven leaf, left to right; broken ones with the reason",
                cases);
    }

    @Test
    void theCodeAgreesWithTheFile() {
        for (Fields vector : Vectors.cases("multi-proof.json")) {
            int size = (int) vector.integer("size", 1, 100);
            SequencedMap<Long, Hash> shown = new LinkedHashMap<>();
            for (Json index : vector.array("leaves")) {
                int at = Integer.parseInt(index.toString());
                shown.put((long) at, leaves(size).get(at));
            }
            List<Hash> proof = vector.strings("proof").stream().map(Hash::ofHex).toList();
            Hash root = Hash.ofHex(vector.text("root"));
            String reason = vector.optionalText("reason").orElse("");
            if (reason.startsWith("proof/")) {
                assertThatThrownBy(() -> MultiProof.root(size, shown, proof))
                        .isInstanceOfSatisfying(
                                MalformedException.class,
                                e -> assertThat(e.reason()).isEqualTo(reason));
            } else {
                assertThat(MultiProof.root(size, shown, proof).equals(root))
                        .as(vector.text("name"))
                        .isEqualTo(reason.isEmpty());
            }
        }
    }
}
