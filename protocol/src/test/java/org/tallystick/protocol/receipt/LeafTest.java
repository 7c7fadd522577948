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
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.tree.MerkleTree;

class LeafTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @EnumSource(LeafForm.class)
    void matchesTheGoldenVectors(LeafForm form) {
        List<Json.Obj> cases = new ArrayList<>();
        for (long sequence : new long[] {1, 2, 5, 1023}) {
            Leaf leaf = Deliveries.leaf(form, sequence);
            Json.Builder vector = Json.object()
                    .put("receipt_id", leaf.receiptId())
                    .put("kind", leaf.kind().name())
                    .put("scope", leaf.scope().word())
                    .put("cached", leaf.cached())
                    .put("time", leaf.time())
                    .put("token", leaf.token().toString())
                    .put("content", leaf.content().toString())
                    .put("bytes", leaf.bytes())
                    .put(form == LeafForm.ONE ? "voids" : "refers", leaf.refers())
                    .put("salt", HEX.formatHex(leaf.salt()))
                    .put("leaf", HEX.formatHex(leaf.encode()))
                    .put("leaf_hash", MerkleTree.leafHash(leaf.encode()).hex());
            if (form != LeafForm.ONE) {
                vector.put("from", leaf.from()).put("released", leaf.released());
            }
            cases.add(vector.build());
        }
        for (Broken broken : broken(form)) {
            cases.add(Json.object()
                    .put("leaf", HEX.formatHex(broken.bytes()))
                    .put("refused", broken.reason())
                    .build());
        }
        Vectors.matches(file(form), "Leaves: fields, bytes and RFC 6962 leaf hash; broken ones with the reason", cases);
    }

    private static String file(LeafForm form) {
        return form == LeafForm.ONE ? "leaf.json" : "leaf-2.json";
    }

    @ParameterizedTest
    @EnumSource(LeafForm.class)
    void theVectorsAreReadAsTheySay(LeafForm form) {
        for (Fields vector : Vectors.cases(file(form))) {
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
        static Broken at(LeafForm form, int position, int value, String reason) {
            byte[] bytes = Deliveries.leaf(form, 1).encode();
            bytes[position] = (byte) value;
            return new Broken(bytes, reason);
        }
    }

    private static List<Broken> broken(LeafForm form) {
        byte[] good = Deliveries.leaf(form, 1).encode();
        boolean old = form == LeafForm.ONE;
        List<Broken> all = new ArrayList<>(List.of(
                Broken.at(form, 0, old ? 2 : 1, "leaf/version"),
                Broken.at(form, 1, 9, "leaf/unknown-kind"),
                Broken.at(form, 1, 5, old ? "leaf/voids" : "leaf/refers"),
                Broken.at(form, 2, 0, "scope/unknown"),
                Broken.at(form, 3, old ? 2 : 4, "leaf/flags"),
                Broken.at(form, 4, 0x80, "leaf/number"),
                Broken.at(form, Leaf.AT_SEQUENCE, 0x80, "leaf/number")));
        if (old) {
            all.add(Broken.at(form, Leaf.AT_TIME, 0x80, "leaf/negative"));
            all.add(Broken.at(form, form.bytesAt(), 0x80, "leaf/negative"));
            all.add(Broken.at(form, form.bytesAt() + 15, 1, "leaf/voids"));
        } else {
            all.add(Broken.at(form, 1, 4, "leaf/bytes")); // HEAD that promises bytes
            all.add(Broken.at(form, Leaf.AT_FROM + 5, 1, "leaf/bytes")); // all of a work, from its second byte on
            all.add(Broken.at(form, Leaf.AT_REFERS + 3, 1, "leaf/refers"));
            all.add(Broken.at(form, Leaf.AT_REFERS + 7, 1, "leaf/reserved"));
        }
        all.add(new Broken(Arrays.copyOf(good, form.length() - 1), "leaf/length"));
        all.add(new Broken(Arrays.copyOf(good, form.length() + 1), "leaf/length"));
        return all;
    }

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
            LeafForm form = random.nextBoolean() ? LeafForm.ONE : LeafForm.TWO;
            byte[] bytes = Deliveries.leaf(form, 1 + random.nextInt(100)).encode();
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
        "TRAINING,CUT,false",
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

    /** Folding reads fields in place: it must see and refuse what {@link Leaf} sees and refuses. */
    @Test
    void theReaderAgreesWithTheLeaf() {
        Seeds.check(100_000, random -> {
            Leaf leaf = Deliveries.randomLeaf(random);
            byte[] bytes = leaf.encode();
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            LeafReader reader = new LeafReader(leaf.form(), bytes, 0, 1);
            reader.next();
            try {
                reader.checkForm();
            } catch (MalformedException e) {
                assertThatThrownBy(() -> Leaf.decode(bytes)).isInstanceOf(MalformedException.class);
                return;
            }
            Leaf read = Leaf.decode(bytes);
            assertThat(reader.leaf()).isEqualTo(read);
            assertThat(List.of(reader.time(), reader.from(), reader.bytes(), reader.refers()))
                    .containsExactly(read.time(), read.from(), read.bytes(), read.refers());
            assertThat(reader.isReleased()).isEqualTo(read.released());
        });
    }

    private static void assertReason(byte[] bytes, String reason) {
        assertThatThrownBy(() -> Leaf.decode(bytes))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
