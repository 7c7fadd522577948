package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Jws;

/** Orders, their tables of commitments and the keys that open them, to the byte. */
class JobOrderTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final JdkEd25519 BUYER = JdkEd25519.ofSeed(Deliveries.seed("buyer"));
    private static final DidKey BUYER_KEY = new DidKey(BUYER.publicKey());
    private static final ReleaseSeed SEED = new ReleaseSeed(Deliveries.seed("order"));

    private static JobOrder order(ReleaseTable table) {
        return JobOrder.of(
                "cnf-123456",
                "job-1",
                1,
                Scope.TRAINING,
                Sha256.hash(new byte[] {7}),
                table,
                Deliveries.START.plusSeconds(3600));
    }

    @Test
    void matchesTheGoldenVectors() {
        ReleaseTable table = SEED.table(130, ordinal -> ordinal % 3 != 1);
        JobOrder order = order(table);
        List<Json.Obj> cases = new ArrayList<>();
        cases.add(Json.object()
                .put("seed", HEX.formatHex(SEED.bytes()))
                .put("tag", HEX.formatHex(SEED.tag()))
                .put("works", table.works())
                .put("ordered", table.ordered())
                .put("table", HEX.formatHex(table.entries()))
                .put("root", table.root().hex())
                .put("key_0", SEED.key(0).toString())
                .put("key_129", SEED.key(129).toString())
                .put("buyer", BUYER_KEY.toString())
                .put("order", order.sign(BUYER))
                .build());
        cases.add(Json.object()
                .put("secret", HEX.formatHex(Deliveries.seed("secret")))
                .put("contract", "cnf-123456")
                .put("job", "job-1")
                .put("scope", "training")
                .put("number", 1)
                .put(
                        "derived",
                        HEX.formatHex(
                                ReleaseSeed.derive(Deliveries.seed("secret"), "cnf-123456", "job-1", Scope.TRAINING, 1)
                                        .bytes()))
                .build());
        Vectors.matches("job-order.json", "A job order, its table of release keys, and a seed derived by HKDF", cases);
    }

    @Test
    void theVectorsAreReadAsTheySay() {
        Fields vector = Vectors.cases("job-order.json").getFirst();
        JobOrder order = JobOrder.verify(vector.text("order", 4096), BUYER_KEY, Deliveries.VERIFIER);
        ReleaseTable table =
                new ReleaseTable(HEX.parseHex(vector.text("tag")), HEX.parseHex(vector.text("table", 1 << 16)));
        table.check(order);
        assertThat(table.opens(129, ReleaseKey.parse(vector.text("key_129")))).isTrue();
        assertThat(table.opens(0, ReleaseKey.parse(vector.text("key_129")))).isFalse();
    }

    @Test
    void aKeyOpensItsWorkOfItsOrderAndNoOther() {
        ReleaseTable table = SEED.table(200, ordinal -> ordinal % 2 == 0);
        ReleaseTable other = new ReleaseSeed(Deliveries.seed("another order")).table(200, ordinal -> true);
        Seeds.check(2_000, random -> {
            int ordinal = random.nextInt(200);
            ReleaseKey key = SEED.key(ordinal);
            assertThat(table.opens(ordinal, key)).isEqualTo(ordinal % 2 == 0);
            assertThat(ReleaseTable.opens(SEED.tag(), table.page(ordinal / ReleaseTable.PAGE_ENTRIES), ordinal, key))
                    .isEqualTo(ordinal % 2 == 0);
            assertThat(other.opens(ordinal, key)).isFalse();
            assertThat(table.opens((ordinal + 1) % 200, key)).isFalse();
            byte[] flipped = key.bytes();
            flipped[random.nextInt(ReleaseKey.LENGTH)] ^= (byte) (1 << random.nextInt(8));
            assertThat(table.opens(ordinal, new ReleaseKey(flipped))).isFalse();
        });
        assertThat(table.opens(-1, SEED.key(0))).isFalse();
        assertThat(table.opens(200, SEED.key(200))).isFalse();
    }

    @Test
    void zerosOpenNothing() {
        ReleaseTable table = SEED.table(64, ordinal -> ordinal == 5);
        for (int ordinal = 0; ordinal < 64; ordinal++) {
            assertThat(table.opens(ordinal, new ReleaseKey(new byte[ReleaseKey.LENGTH])))
                    .isFalse();
        }
    }

    @Test
    void anyOtherTableIsRefused() {
        ReleaseTable table = SEED.table(65, ordinal -> true);
        JobOrder order = order(table);
        table.check(order);
        Seeds.check(500, random -> {
            byte[] changed = table.entries().clone();
            changed[random.nextInt(changed.length)] ^= 1;
            assertReason(() -> new ReleaseTable(SEED.tag(), changed).check(order), "release/table");
        });
        byte[] longer = Arrays.copyOf(table.entries(), table.entries().length + ReleaseTable.ENTRY);
        assertReason(() -> new ReleaseTable(SEED.tag(), longer).check(order), "release/table");
        assertReason(() -> new ReleaseTable(SEED.tag(), new byte[15]), "release/table");
    }

    @ParameterizedTest
    @CsvSource({
        "number,0,json/",
        "works,0,json/",
        "ordered,201,order/works",
        "tag,xyz,order/tag",
        "keys,00,hash/",
        "ends,tomorrow,time/",
        "scope,all,scope/unknown",
        "surplus,1,json/"
    })
    void aMalformedOrderIsRefused(String member, String value, String reason) {
        Json.Obj good = order(SEED.table(200, ordinal -> true)).payload();
        Json bad =
                value.matches("[0-9]{1,3}") && !member.equals("keys") ? Json.of(Long.parseLong(value)) : Json.of(value);
        assertThatThrownBy(() -> JobOrder.ofPayload(good.with(member, bad)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).startsWith(reason));
    }

    @Test
    void onlyTheBuyersSignatureCounts() {
        JobOrder order = order(SEED.table(3, ordinal -> true));
        assertReason(
                () -> JobOrder.verify(order.sign(Deliveries.PLATFORM), BUYER_KEY, Deliveries.VERIFIER),
                "jws/wrong-key");
        String asGrant = Jws.sign(Grant.TYPE, order.payload(), BUYER).compact();
        assertReason(() -> JobOrder.verify(asGrant, BUYER_KEY, Deliveries.VERIFIER), "jws/wrong-type");
    }

    @Test
    void aGrantNamesItsOrderAndEdges() {
        JobOrder order = order(SEED.table(3, ordinal -> true));
        Grant plain = Deliveries.GRANT;
        Grant asked = new Grant(
                plain.issuer(),
                plain.consumer(),
                plain.contract(),
                plain.job(),
                plain.scope(),
                plain.dataset(),
                plain.notBefore(),
                plain.expires(),
                plain.quota(),
                plain.regions(),
                Optional.of(order.claim()),
                List.of(2, 9));
        assertThat(Grant.ofClaims(asked.claims())).isEqualTo(asked);
        assertThat(asked.tokenId()).isNotEqualTo(plain.tokenId());
        assertThat(List.of(plain.grade(), asked.grade())).containsExactly(Grade.RECEIPT, Grade.ASKED);
        assertThat(List.of(asked.allowsEdge(2), asked.allowsEdge(3), plain.allowsEdge(3)))
                .containsExactly(true, false, true);
        assertReason(() -> Grant.ofClaims(asked.claims().with("edges", Json.array(List.of()))), "grant/edges");
        assertReason(
                () -> Grant.ofClaims(asked.claims().with("edges", Json.array(List.of(Json.of(3), Json.of(3))))),
                "grant/edges");
        assertReason(
                () -> Grant.ofClaims(asked.claims().with("edges", Json.array(List.of(Json.of(7))))), "grant/token-id");
    }

    private static void assertReason(Runnable call, String reason) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
