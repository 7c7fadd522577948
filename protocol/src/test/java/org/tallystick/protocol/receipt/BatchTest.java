package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.sign.DidKey;

class BatchTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @EnumSource(LeafForm.class)
    void matchesTheGoldenVectors(LeafForm form) {
        List<Json.Obj> cases = new ArrayList<>();
        Hash previous = BatchHeader.NONE;
        for (int count : new int[] {1, 2, 3, 7}) {
            Batch batch = Deliveries.batch(form, 1 + 100L * count, count, previous);
            previous = batch.header().hash();
            cases.add(Json.object()
                    .put("first", batch.header().first())
                    .put("count", count)
                    .put("root", batch.header().root().hex())
                    .put("header_hash", previous.hex())
                    .put("edge_key", Deliveries.CERTIFICATE.key().toString())
                    .put("batch", HEX.formatHex(batch.encode()))
                    .build());
        }
        for (Broken broken : broken(form)) {
            cases.add(Json.object()
                    .put("batch", HEX.formatHex(broken.bytes()))
                    .put("refused", broken.reason())
                    .build());
        }
        Vectors.matches(file(form), "Sealed batches by one edge key; broken ones with the reason", cases);
    }

    private static String file(LeafForm form) {
        return form == LeafForm.ONE ? "batch.json" : "batch-2.json";
    }

    @ParameterizedTest
    @EnumSource(LeafForm.class)
    void theVectorsAreReadAsTheySay(LeafForm form) {
        for (Fields vector : Vectors.cases(file(form))) {
            byte[] bytes = HEX.parseHex(vector.text("batch"));
            if (vector.optionalText("refused").isPresent()) {
                assertReason(() -> judge(bytes), vector.text("refused"));
                continue;
            }
            judge(bytes);
            assertThat(Batch.decode(bytes, 0).header().root().hex()).isEqualTo(vector.text("root"));
        }
    }

    private record Broken(byte[] bytes, String reason) {}

    private static List<Broken> broken(LeafForm form) {
        byte[] good = Deliveries.batch(form, 1, 3, BatchHeader.NONE).encode();
        List<Broken> all = new ArrayList<>();
        all.add(new Broken(Arrays.copyOf(good, good.length - 1), "batch/truncated"));
        all.add(new Broken(Arrays.copyOf(good, BatchHeader.LENGTH), "batch/truncated"));
        all.add(changed(good, 0, 9, "batch/version"));
        all.add(changed(good, 17, 1, "batch/count"));
        all.add(changed(good, 40, 0xff, "batch/root"));
        all.add(changed(good, 80, 0xff, "batch/summary"));
        all.add(changed(good, 90, 0xff, "batch/signature"));
        all.add(changed(good, BatchHeader.LENGTH + 3, 0xff, "batch/signature"));
        all.add(changed(good, SignedHeader.LENGTH + form.contentAt(), 0xff, "batch/root"));
        all.add(changed(good, SignedHeader.LENGTH + form.length() + Leaf.AT_SEQUENCE + 7, 9, "batch/not-dense"));
        all.add(changed(good, SignedHeader.LENGTH, 7, "leaf/version"));
        return all;
    }

    private static Broken changed(byte[] good, int at, int value, String reason) {
        byte[] bytes = good.clone();
        bytes[at] = (byte) value;
        return new Broken(bytes, reason);
    }

    private static void judge(byte[] bytes) {
        Batch batch = Batch.decode(bytes, 0);
        batch.check();
        batch.signed().verify(Deliveries.CERTIFICATE, Deliveries.VERIFIER);
    }

    @Test
    void everyFlippedBitOfABatchIsFound() {
        byte[] good = Deliveries.batch(1, 2, BatchHeader.NONE).encode();
        judge(good);
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bytes = good.clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> judge(bytes)).as("bit " + bit).isInstanceOf(MalformedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 100, 1024})
    void everyReceiptOfABatchVerifiesOffline(int count) {
        Batch batch = Deliveries.batch(50, count, BatchHeader.NONE);
        List<Receipt> receipts = batch.receipts();
        assertThat(receipts).hasSize(count);
        for (int i = 0; i < count; i++) {
            Receipt back = Receipt.parse(receipts.get(i).text());
            assertThat(back).isEqualTo(receipts.get(i));
            assertThat(back.leaf()).isEqualTo(Deliveries.leaf(50 + i));
            back.checkPath();
            back.checkGrant(Deliveries.GRANT);
        }
        receipts.getLast().verify(Deliveries.CERTIFICATE, Deliveries.VERIFIER);
        assertThat(batch.receipt(count / 2)).isEqualTo(receipts.get(count / 2));
    }

    @Test
    void aBundleIsBatchesOneAfterAnother() {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        Hash previous = BatchHeader.NONE;
        long first = 1;
        for (int count : new int[] {3, 1, 40}) {
            Batch batch = Deliveries.batch(first, count, previous);
            bundle.writeBytes(batch.encode());
            previous = batch.header().hash();
            first += count;
        }
        List<Batch> batches = Batch.decodeAll(bundle.toByteArray());
        assertThat(batches).extracting(b -> b.header().count()).containsExactly(3, 1, 40);
        assertThat(batches.get(2).header().previous())
                .isEqualTo(batches.get(1).header().hash());
        batches.forEach(Batch::check);
        assertReason(() -> Batch.decodeAll(new byte[0]), "bundle/empty");
        assertReason(() -> Batch.decodeAll(Arrays.copyOf(bundle.toByteArray(), bundle.size() - 5)), "batch/truncated");
    }

    @Test
    void theReaderSeesWhatTheLeafSees() {
        Seeds.check(200, random -> {
            Batch batch = Deliveries.batch(1 + random.nextLong(1L << 40), 1 + random.nextInt(50), BatchHeader.NONE);
            LeafReader reader = batch.reader();
            while (reader.hasNext()) {
                reader.next();
                Leaf leaf = reader.leaf();
                assertThat(reader.sequence()).isEqualTo(leaf.sequence());
                assertThat(reader.time()).isEqualTo(leaf.time());
                assertThat(reader.bytes()).isEqualTo(leaf.bytes());
                assertThat(reader.refers()).isEqualTo(leaf.refers());
                assertThat(reader.edge()).isEqualTo(leaf.edge());
                assertThat(reader.epoch()).isEqualTo(leaf.epoch());
                assertThat(reader.contentPart(3))
                        .isEqualTo(leaf.content().hash().word3());
                assertThat(reader.meters())
                        .isEqualTo(leaf.kind().meters() && leaf.scope().meters());
            }
        });
    }

    @Test
    void aReceiptIsRefusedForTheWrongEdgeTimeKeyGrantOrScope() {
        Receipt receipt = Deliveries.batch(1, 3, BatchHeader.NONE).receipt(1);
        EdgeCertificate right = Deliveries.CERTIFICATE;
        EdgeCertificate otherEdge = new EdgeCertificate(4, "x", 2, right.key(), right.notBefore(), right.expires());
        EdgeCertificate later =
                new EdgeCertificate(3, "x", 2, right.key(), Deliveries.START.plusSeconds(60), right.expires());
        EdgeCertificate otherKey = new EdgeCertificate(
                3, "x", 2, new DidKey(Deliveries.PLATFORM.publicKey()), right.notBefore(), right.expires());
        assertReason(() -> receipt.verify(otherEdge, Deliveries.VERIFIER), "batch/wrong-edge");
        assertReason(() -> receipt.verify(later, Deliveries.VERIFIER), "batch/outside-certificate");
        assertReason(() -> receipt.verify(otherKey, Deliveries.VERIFIER), "batch/signature");
        Grant grant = Deliveries.GRANT;
        Grant otherJob = new Grant(
                grant.issuer(),
                grant.consumer(),
                grant.contract(),
                "job-2",
                grant.scope(),
                grant.dataset(),
                grant.notBefore(),
                grant.expires(),
                grant.quota());
        assertReason(() -> receipt.checkGrant(otherJob), "receipt/wrong-grant");
    }

    @Test
    void aReceiptMovedToAnotherPlaceIsRefused() {
        Batch batch = Deliveries.batch(1, 8, BatchHeader.NONE);
        Receipt receipt = batch.receipt(2);
        Receipt moved = new Receipt(receipt.leaf(), 3, receipt.path(), receipt.signed());
        Receipt swapped = new Receipt(batch.leaf(3), 3, receipt.path(), receipt.signed());
        Receipt shortened = new Receipt(receipt.leaf(), 2, receipt.path().subList(0, 2), receipt.signed());
        assertReason(moved::checkPath, "receipt/sequence");
        assertReason(swapped::checkPath, "receipt/path");
        assertReason(shortened::checkPath, "receipt/path");
    }

    @Test
    void anyBytesAreAReceiptOrRefused() {
        byte[] good = Deliveries.batch(1, 5, BatchHeader.NONE).receipt(3).encode();
        Seeds.check(100_000, random -> {
            byte[] bytes =
                    random.nextInt(8) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 40)) : good.clone();
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Receipt.decode(bytes).encode()).isEqualTo(bytes);
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(receipt|leaf|batch|scope)/.*");
            }
        });
    }

    private static void assertReason(Runnable action, String reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
