package org.tallystick.protocol.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.codec.Vectors;

/** What a party signs about its keys, to the byte: possession, a request, the handover; and broken ones with the reason. */
class PartyKeysTest {
    private static final String FILE = "party-keys.json";
    private static final Verifier VERIFIER = JdkEd25519.verifier();
    private static final JdkEd25519 PARTY = JdkEd25519.ofSeed(seed("party"));
    private static final JdkEd25519 NEXT = JdkEd25519.ofSeed(seed("next"));
    private static final DidKey KEY = new DidKey(PARTY.publicKey());
    private static final DidKey PLATFORM =
            new DidKey(JdkEd25519.ofSeed(seed("platform")).publicKey());
    private static final Instant TIME = Instant.parse("2026-01-05T12:34:56Z");
    private static final ApiKey API_KEY =
            ApiKey.parse("tsk_9f2c41d07ab3e865_" + "A".repeat(43)).orElseThrow();
    private static final byte[] BODY = Jcs.bytes(Json.object()
            .put("id", API_KEY.id())
            .put("secret_hash", API_KEY.secretHash().hex())
            .build());

    private static byte[] seed(String name) {
        return Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes();
    }

    private static KeyPossession possession() {
        return new KeyPossession(PLATFORM, "buyer-7", "buyer", TIME);
    }

    private static SignedRequest request() {
        return new SignedRequest(
                "buyer-7",
                PLATFORM,
                "POST",
                "/parties/buyer-7/keys",
                Sha256.hash(BODY),
                TIME,
                Base64Url.encode(new byte[16]));
    }

    @Test
    void matchesTheGoldenVectors() {
        List<Json> cases = new ArrayList<>();
        cases.add(good(
                "possession",
                possession().sign(PARTY),
                Jws.parse(possession().sign(PARTY)).payload()));
        cases.add(good(
                        "request",
                        request().sign(PARTY),
                        Jws.parse(request().sign(PARTY)).payload())
                .with("body", Json.of(new String(BODY, StandardCharsets.UTF_8))));
        DidKey next = new DidKey(NEXT.publicKey());
        cases.add(Json.object()
                .put("kind", "handover")
                .put("key", KEY.toString())
                .put("party", "buyer-7")
                .put("next", next.toString())
                .put("signature", Base64Url.encode(PARTY.sign(KeyHandover.message("buyer-7", next))))
                .build());
        Json.Obj claims = Jws.parse(request().sign(PARTY)).payload();
        cases.add(broken("jws/wrong-type", possession().sign(PARTY)));
        cases.add(broken("jws/wrong-key", request().sign(NEXT)));
        cases.add(broken("jws/too-long", "A".repeat(SignedRequest.MAX_LENGTH + 1)));
        cases.add(changed("request/nonce", claims, "nonce", "AAAA"));
        cases.add(changed("request/party", claims, "party", "not an id"));
        cases.add(changed("request/target", claims, "target", "parties"));
        cases.add(changed("hash/malformed", claims, "body", "00"));
        cases.add(changed("time/malformed", claims, "time", "yesterday"));
        cases.add(changed("json/unknown-member", claims, "more", "1"));
        Vectors.matches(FILE, "What a party signs about its keys; broken requests with the reason", cases);
    }

    private static Json.Obj good(String kind, String jws, Json.Obj payload) {
        return Json.object()
                .put("kind", kind)
                .put("key", KEY.toString())
                .put("jws", jws)
                .put("payload", payload)
                .build();
    }

    private static Json.Obj broken(String reason, String jws) {
        return Json.object()
                .put("kind", "broken")
                .put("key", KEY.toString())
                .put("jws", jws)
                .put("error", reason)
                .build();
    }

    private static Json.Obj changed(String reason, Json.Obj claims, String member, String value) {
        return broken(
                reason,
                Jws.sign(SignedRequest.TYPE, claims.with(member, Json.of(value)), PARTY)
                        .compact());
    }

    @Test
    void theVectorsAreReadAsTheyWereSigned() {
        for (Fields vector : Vectors.cases(FILE)) {
            DidKey key = DidKey.parse(vector.text("key"));
            switch (vector.text("kind")) {
                case "possession" ->
                    assertThat(KeyPossession.verify(vector.text("jws"), key, VERIFIER))
                            .isEqualTo(possession());
                case "request" -> {
                    SignedRequest read = SignedRequest.verify(vector.text("jws"), key, VERIFIER);
                    assertThat(read).isEqualTo(request()).isEqualTo(SignedRequest.parse(vector.text("jws")));
                    assertThat(Sha256.hash(vector.text("body").getBytes(StandardCharsets.UTF_8)))
                            .isEqualTo(read.body());
                }
                case "handover" ->
                    assertThat(VERIFIER.verify(
                                    key.publicKey(),
                                    KeyHandover.message(vector.text("party"), DidKey.parse(vector.text("next"))),
                                    Base64Url.decode(vector.text("signature"), "signature")))
                            .isTrue();
                default ->
                    assertThatThrownBy(() -> SignedRequest.verify(vector.text("jws"), key, VERIFIER))
                            .isInstanceOfSatisfying(
                                    MalformedException.class,
                                    e -> assertThat(e.reason()).isEqualTo(vector.text("error")));
            }
        }
    }

    @Test
    void anApiKeyShowsItsSecretToNobody() {
        ApiKey.Fresh fresh = ApiKey.generate();
        assertThat(fresh.text()).matches("tsk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}");
        assertThat(fresh.toString()).doesNotContain(fresh.text().substring(21));
        assertThat(ApiKey.parse(fresh.text())).contains(fresh.key());
        assertThat(ApiKey.parse(fresh.text() + "a")).isEmpty();
        assertThatThrownBy(() -> ApiKey.checkId("9F2C41D07AB3E865"))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("api-key/id"));
    }
}
