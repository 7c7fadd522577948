package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.tree.MerkleTree;

class LeafTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void matchesTheGoldenVectors() {
        List<Json.Obj> cases = new ArrayList<>();
        for (long sequence : new long[] {1, 2, 5, 1023}) {
            Leaf leaf = Deliveries.leaf(sequence);
            cases.add(Json.object()
                    .put("receipt_id", leaf.receiptId())
                    .put("kind", leaf.kind().name())
                    .put("scope", leaf.scope().word())
                    .put("cached", leaf.cached())
                    .put("time", leaf.time())
                    .put("token", leaf.token().toString())
                    .put("content", leaf.content().toString())
                    .put("bytes", leaf.bytes())
                    .put("voids", leaf.voids())
                    .put("salt", HEX.formatHex(leaf.salt()))
                    .put("leaf", HEX.formatHex(leaf.encode()))
                    .put("leaf_hash", MerkleTree.leafHash(leaf.encode()).hex())
                    .build());
        }
        for (Broken broken : BROKEN) {
            cases.add(Json.object()
                    .put("leaf", HEX.formatHex(broken.bytes()))
                    .put("refused", broken.reason())
                    .build());
        }
        Vectors.matches(
                "leaf.json", "Leaves: fields, bytes and RFC 6962 leaf hash; broken ones with the reason", cases);
    }

    @Test
    void theVectorsAreReadAsTheySay() {
        for (Fields vector : Vectors.cases("leaf.json")) {
            byte[] bytes = HEX.parseHex(vector.text("leaf"));
            if (vector.optionalText("refused").isPresent()) {
                assertReason(bytes, vector.text("refused"));
                continue;
            }
            Leaf leaf = Leaf.decode(bytes);
            assertThat(leaf.receiptId()).isEqualTo(vector.text("receipt_id"));
            assertThat(leaf.content()).isEqualTo(ContentId.parse(vector.text("content")));
            assertThat(leaf.token()).isEqualTo(TokenId.parse(vector.text("token")));
            assertThat(leaf.encode()).isEqualTo(bytes);
        }
    }

    private record Broken(byte[] bytes, String reason) {
        static Broken at(int position, int value, String reason) {
            byte[] bytes = Deliveries.leaf(1).encode();
            bytes[position] = (byte) value;
            return new Broken(bytes, reason);
        }
    }

    private static final List<Broken> BROKEN = List.of(
            Broken.at(0, 2, "leaf/version"),
            Broken.at(1, 9, "leaf/unknown-kind"),
            Broken.at(1, 5, "leaf/voids"),
            Broken.at(2, 0, "scope/unknown"),
            Broken.at(3, 2, "leaf/flags"),
            Broken.at(4, 0x80, "leaf/number"),
            Broken.at(Leaf.AT_SEQUENCE, 0x80, "leaf/number"),
            Broken.at(Leaf.AT_TIME, 0x80, "leaf/negative"),
            Broken.at(Leaf.AT_BYTES, 0x80, "leaf/negative"),
            Broken.at(Leaf.AT_VOIDS + 7, 1, "leaf/voids"),
            new Broken(Arrays.copyOf(Deliveries.leaf(1).encode(), Leaf.LENGTH - 1), "leaf/length"),
            new Broken(Arrays.copyOf(Deliveries.leaf(1).encode(), Leaf.LENGTH + 1), "leaf/length"));

    @Test
    void readsBackWhatItWrites() {
        Seeds.check(10_000, random -> {
            Leaf leaf = Deliveries.randomLeaf(random);
            assertThat(Leaf.decode(leaf.encode())).isEqualTo(leaf);
        });
    }

    @Test
    void anyBytesAreOneLeafOrRefused() {
        Seeds.check(100_000, random -> {
            byte[] bytes = Deliveries.leaf(1 + random.nextInt(100)).encode();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try {
                assertThat(Leaf.decode(bytes).encode()).isEqualTo(bytes);
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(leaf|scope)/.*");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "TRAINING,FULL,true",
        "TRAINING,PARTIAL,true",
        "EMBEDDING,NOT_MODIFIED,true",
        "INFERENCE,FULL,true",
        "TRAINING,HEAD,false",
        "TRAINING,VOID,false",
        "PREVIEW,FULL,false",
        "PREVIEW,PARTIAL,false"
    })
    void metersByKindAndScope(Scope scope, LeafKind kind, boolean meters) {
        assertThat(scope.meters() && kind.meters()).isEqualTo(meters);
    }

    @Test
    void hashesInTwoBlocks() {
        assertThat(1 + Leaf.LENGTH).as("prefix, leaf and padding fit 128 bytes").isLessThanOrEqualTo(128 - 9);
    }

    private static void assertReason(byte[] bytes, String reason) {
        assertThatThrownBy(() -> Leaf.decode(bytes))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
