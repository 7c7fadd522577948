package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.KeyHandover;
import org.tallystick.protocol.sign.KeyPossession;
import org.tallystick.protocol.sign.SignedRequest;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.KeyInfo;
import org.tallystick.sdk.PartyKeys;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Registration;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.SecurityEvent;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;

/**
 * Each adversary of keys, over HTTP: the operator, with its database too; a stranger; a former employee with an old API key; a
 * party that registers another's key; somebody with a proof or a signed request that was seen before, or was made for another
 * platform; clocks that go wrong.
 */
final class KeyAttackTest {
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private static final Signer STRANGER = SigningKey.generate().signer(Ed25519::signer);
    private static final String NOTHING = "";

    @TempDir
    static Path data;

    private static ApiFixture stage;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data, NOW::get).withCast();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static DidKey platform() {
        return stage.client("operator").keys().platform();
    }

    private static void assertRefused(String type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.type()).isEqualTo(type));
    }

    private static ApiFixture.Reply signed(String method, String target, String body, String header) {
        Map<String, String> headers = body.isEmpty()
                ? Map.of("Authorization", SignedRequest.SCHEME + " " + header)
                : Map.of("Authorization", SignedRequest.SCHEME + " " + header, "Content-Type", "application/json");
        return stage.send(NOTHING, method, target, headers, body);
    }

    private static String request(String party, Signer key, DidKey platform, String target, String body, Instant time) {
        return SignedRequest.of(party, platform, "POST", target, body.getBytes(StandardCharsets.UTF_8), time)
                .sign(key);
    }

    private static String wish(ApiKey key) {
        return new String(
                Jcs.bytes(Json.object()
                        .put("id", key.id())
                        .put("secret_hash", key.secretHash().hex())
                        .build()),
                StandardCharsets.UTF_8);
    }

    private static List<SecurityEvent> events(String kind) {
        return stage.client("operator")
                .registry()
                .securityEvents(Map.of("kind", kind))
                .items();
    }

    // ---- the operator

    @Test
    void theOperatorMakesNoKeyForAPartyThatSigns() {
        for (String party : List.of("ada", "cleo", "dan")) {
            assertRefused(
                    "key/asked-for-by-its-party",
                    () -> stage.client("operator").registry().issueKey(party));
        }
        assertThat(stage.client("operator").registry().issueKey("fay")).startsWith("tsk_");
    }

    @Test
    void theOperatorWithAKeyItOnceMadeReadsAndDoesNotActAndIsToldTheNextStep() {
        TallystickClient old = stage.client("operator").as(stage.keyMadeByTheOperator("dan"));
        assertThat(old.party("dan").id()).isEqualTo("dan");
        assertThatThrownBy(() -> old.openJob("cnf-none", "model")).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.type()).isEqualTo("auth/key-not-own");
            assertThat(e.getMessage()).contains("tallystick key new --party dan");
        });
        assertThat(events("policy-refused"))
                .anyMatch(event -> event.party().equals("dan") && event.about().equals("openJob"));
    }

    /** The operator can write any row: without the party's signature it is no key, with another's it is none either. */
    @Test
    void theOperatorWithItsDatabaseMakesNoKeyInAPartysName() {
        ApiKey.Fresh own = ApiKey.generate();
        ApiKey.Fresh forged = ApiKey.generate();
        String body = wish(own.key());
        String target = "/parties/eve/keys";
        String signed = request("eve", stage.signer("eve"), platform(), target, body, stage.now());
        assertThat(signed("POST", target, body, signed).status()).isEqualTo(201);
        assertThat(stage.client("operator").as(own.text()).party("eve").id()).isEqualTo("eve");

        // The signed request of a true key beside a secret of the operator's own.
        insert(forged.key(), "eve", signed, body);
        assertRefused(
                "auth/key-invalid",
                () -> stage.client("operator").as(forged.text()).party("eve"));
        // A request that the operator signed itself.
        ApiKey.Fresh second = ApiKey.generate();
        String mine = request("eve", STRANGER, platform(), target, wish(second.key()), stage.now());
        insert(second.key(), "eve", mine, wish(second.key()));
        assertRefused(
                "auth/key-invalid",
                () -> stage.client("operator").as(second.text()).party("eve"));
        // Another party's true request, moved under eve.
        ApiKey.Fresh third = ApiKey.generate();
        String dans =
                request("dan", stage.signer("dan"), platform(), "/parties/dan/keys", wish(third.key()), stage.now());
        insert(third.key(), "eve", dans, wish(third.key()));
        assertRefused(
                "auth/key-invalid",
                () -> stage.client("operator").as(third.text()).party("eve"));
        // One that eve made for another platform.
        ApiKey.Fresh fourth = ApiKey.generate();
        String elsewhere = request(
                "eve", stage.signer("eve"), new DidKey(STRANGER.publicKey()), target, wish(fourth.key()), stage.now());
        insert(fourth.key(), "eve", elsewhere, wish(fourth.key()));
        assertRefused(
                "auth/key-invalid",
                () -> stage.client("operator").as(fourth.text()).party("eve"));
    }

    private static void insert(ApiKey key, String party, String request, String body) {
        stage.platform()
                .running()
                .database()
                .write(tx -> tx.execute(
                        "insert into party.personal_key (id, party, secret_hash, bootstrap, issued, request, body)"
                                + " values (?, ?, ?, false, now(), ?, ?)",
                        key.id(),
                        party,
                        key.secretHash().toBytes(),
                        request,
                        body.getBytes(StandardCharsets.UTF_8)));
    }

    // ---- who registers another's key, or an id that is not its own

    @Test
    void nobodyRegistersAKeyItDoesNotHave() {
        DidKey adas = new DidKey(stage.signer("ada").publicKey());
        Registration stolen = new Registration(
                "mallory",
                Role.BUYER,
                "Mallory",
                adas,
                new KeyPossession(platform(), "mallory", "buyer", stage.now()).sign(STRANGER));
        assertRefused(
                "party/possession", () -> stage.client("operator").registry().register(stolen));
        assertThat(events("possession-refused")).anyMatch(event -> event.party().equals("mallory"));
    }

    @Test
    void aProofIsForOneIdRolePlatformAndTime() {
        DidKey did = new DidKey(STRANGER.publicKey());
        String good = new KeyPossession(platform(), "walter", "buyer", stage.now()).sign(STRANGER);
        record Try(String id, Role role, String proof) {}
        List<Try> tries = List.of(
                new Try("another", Role.BUYER, good),
                new Try("walter", Role.CREATOR, good),
                new Try("walter", Role.BUYER, new KeyPossession(did, "walter", "buyer", stage.now()).sign(STRANGER)),
                new Try(
                        "walter",
                        Role.BUYER,
                        new KeyPossession(
                                        platform(),
                                        "walter",
                                        "buyer",
                                        stage.now().minus(KeyPossession.VALID).minusSeconds(1))
                                .sign(STRANGER)),
                new Try(
                        "walter",
                        Role.BUYER,
                        new KeyPossession(
                                        platform(),
                                        "walter",
                                        "buyer",
                                        stage.now().plusSeconds(301))
                                .sign(STRANGER)),
                new Try("walter", Role.BUYER, good.substring(0, good.length() - 4) + "AAAA"),
                new Try("walter", Role.BUYER, "nothing"));
        for (Try one : tries) {
            assertRefused(
                    "party/possession",
                    () -> stage.client("operator")
                            .registry()
                            .register(new Registration(one.id(), one.role(), "W", did, one.proof())));
        }
        Registration right = new Registration("walter", Role.BUYER, "W", did, good);
        assertThat(stage.client("operator").registry().register(right).id()).isEqualTo("walter");
        assertThat(stage.client("operator").registry().register(right).id())
                .as("the same again")
                .isEqualTo("walter");
        assertRefused(
                "party/conflict",
                () -> stage.client("operator").registry().register("walter", Role.BUYER, "W", stage.signer("ada")));
    }

    // ---- strangers, and what was seen before

    @Test
    void aStrangerAsksForNobodysKey() {
        assertRefused(
                "auth/request-not-valid", () -> new PartyKeys(stage.client("operator"), "ada", STRANGER).create());
        assertRefused(
                "auth/request-not-valid", () -> new PartyKeys(stage.client("operator"), "nobody", STRANGER).create());
        // ada's own signature gives her nothing of bob's.
        String body = wish(ApiKey.generate().key());
        String target = "/parties/bob/keys";
        assertThat(signed(
                                "POST",
                                target,
                                body,
                                request("ada", stage.signer("ada"), platform(), target, body, stage.now()))
                        .type())
                .isEqualTo("party/unknown");
        assertThat(events("wrong-request")).isNotEmpty();
    }

    @Test
    void aSignedRequestIsTakenOnceHereForThisAndForMinutes() {
        ApiKey.Fresh fresh = ApiKey.generate();
        String body = wish(fresh.key());
        String target = "/parties/ada/keys";
        Signer ada = stage.signer("ada");
        String good = request("ada", ada, platform(), target, body, stage.now());
        assertThat(signed("POST", target, wish(ApiKey.generate().key()), good).type())
                .as("another body")
                .isEqualTo("auth/request-elsewhere");
        assertThat(signed("POST", "/parties/ada/keys/" + fresh.key().id() + "/revoke", NOTHING, good)
                        .type())
                .as("another target")
                .isEqualTo("auth/request-elsewhere");
        assertThat(signed("POST", target, body, good).status()).isEqualTo(201);
        assertThat(signed("POST", target, body, good).type()).as("again").isEqualTo("auth/request-used");
        DidKey other = new DidKey(STRANGER.publicKey());
        assertThat(signed("POST", target, body, request("ada", ada, other, target, body, stage.now()))
                        .type())
                .as("another platform")
                .isEqualTo("auth/request-elsewhere");
        for (Duration off : List.of(Duration.ofSeconds(-301), Duration.ofSeconds(301))) {
            Instant time = stage.now().plus(off);
            assertThat(signed("POST", target, body, request("ada", ada, platform(), target, body, time))
                            .type())
                    .as("clock off by " + off)
                    .isEqualTo("auth/request-time");
        }
        for (Duration off : List.of(Duration.ofSeconds(-299), Duration.ofSeconds(299))) {
            Instant time = stage.now().plus(off);
            assertThat(signed("POST", target, body, request("ada", ada, platform(), target, body, time))
                            .status())
                    .as("clock off by " + off + ", the same key again")
                    .isEqualTo(200);
        }
        assertThat(signed("POST", target, body, "not.a.jws").type()).isEqualTo("auth/request-unreadable");
        assertThat(signed(
                                "POST",
                                "/jobs",
                                "{}",
                                request("dan", stage.signer("dan"), platform(), "/jobs", "{}", stage.now()))
                        .type())
                .as("where an API key is needed")
                .isEqualTo("auth/signature-not-taken");
    }

    /** Even a platform whose clock is set back takes no request twice within the hour. */
    @Test
    void aRequestIsNotTakenAgainWhenThePlatformsClockIsSetBack() {
        Instant before = Objects.requireNonNull(NOW.get());
        String body = wish(ApiKey.generate().key());
        String target = "/parties/cleo/keys";
        String good = request("cleo", stage.signer("cleo"), platform(), target, body, before);
        assertThat(signed("POST", target, body, good).status()).isEqualTo(201);
        try {
            NOW.set(before.plus(Duration.ofMinutes(30)));
            stage.keysOf("cleo").list();
            NOW.set(before);
            assertThat(signed("POST", target, body, good).type()).isEqualTo("auth/request-used");
        } finally {
            NOW.set(before);
        }
    }

    // ---- a former employee with an old API key

    @Test
    void whoHasAnOldApiKeyMakesNoOtherEndsNoOtherAndIsOutWhenItIsRevoked() {
        PartyKeys bob = stage.keysOf("bob");
        String leaked = bob.create();
        TallystickClient thief = stage.client("operator").as(leaked);
        String id = leaked.substring(4, 20);
        assertThat(thief.party("bob").id()).isEqualTo("bob");
        assertRefused("auth/signature-needed", () -> thief.registry().issueKey("bob"));
        KeyInfo other = thief.registry().keys("bob").stream()
                .filter(key -> !key.id().equals(id))
                .findFirst()
                .orElseThrow();
        assertRefused("auth/signature-needed", () -> thief.registry().revokeKey("bob", other.id()));
        assertRefused("party/unknown", () -> thief.registry().revokeKey("ada", other.id()));
        bob.revoke(id);
        assertRefused("auth/key-revoked", () -> thief.party("bob"));
        assertThat(stage.client("bob").party("bob").id())
                .as("the others work on")
                .isEqualTo("bob");
        assertThat(events("ended-key"))
                .anyMatch(event -> event.about().equals(id) && event.party().equals("bob"));
        assertThat(bob.list())
                .anyMatch(key -> key.id().equals(id) && key.revoked().isPresent());
    }

    @Test
    void aLeakedKeyIsRevokedByItselfOrByTheOperatorToo() {
        PartyKeys bob = stage.keysOf("bob");
        String first = bob.create();
        TallystickClient holder = stage.client("operator").as(first);
        assertThat(holder.registry().revokeKey("bob", first.substring(4, 20)).revoked())
                .isPresent();
        assertRefused("auth/key-revoked", () -> holder.party("bob"));
        String second = bob.create();
        stage.client("operator").registry().revokeKey("bob", second.substring(4, 20));
        assertRefused(
                "auth/key-revoked", () -> stage.client("operator").as(second).party("bob"));
        String edge = stage.client("operator").registerEdge("leaky").apiKey();
        int number = stage.client("operator").registerEdge("leaky").edge();
        assertThat(stage.client("operator").as(edge).revocations(number, 0).tokens())
                .isEmpty();
        stage.client("operator").registry().revokeKey("edge-" + number, edge.substring(4, 20));
        assertRefused(
                "auth/key-revoked", () -> stage.client("operator").as(edge).revocations(number, 0));
    }

    @Test
    void aKeyEndsWhenItsTimeIsOverWhateverTheTableSays() {
        PartyKeys bob = stage.keysOf("bob");
        Instant before = Objects.requireNonNull(NOW.get());
        String key =
                bob.create(new PartyKeys.Wish(Optional.of("trial"), Optional.of(Duration.ofDays(1)), Optional.empty()));
        TallystickClient holder = stage.client("operator").as(key);
        assertThat(holder.party("bob").id()).isEqualTo("bob");
        stage.platform()
                .running()
                .database()
                .write(tx ->
                        tx.execute("update party.personal_key set expires = null where id = ?", key.substring(4, 20)));
        try {
            NOW.set(before.plus(Duration.ofDays(1)));
            assertRefused("auth/key-expired", () -> holder.party("bob"));
        } finally {
            NOW.set(before);
        }
    }

    @Test
    void aKeyThatReplacesAnotherEndsItInTheSameStep() {
        PartyKeys bob = stage.keysOf("bob");
        String old = bob.create();
        String fresh =
                bob.create(new PartyKeys.Wish(Optional.empty(), Optional.empty(), Optional.of(old.substring(4, 20))));
        assertRefused("auth/key-revoked", () -> stage.client("operator").as(old).party("bob"));
        assertThat(stage.client("operator").as(fresh).party("bob").id()).isEqualTo("bob");
        assertRefused(
                "key/unknown",
                () -> bob.create(
                        new PartyKeys.Wish(Optional.empty(), Optional.empty(), Optional.of(old.substring(4, 20)))));
    }

    // ---- the signing key

    @Test
    void aPartyHandsOverToAnotherSigningKeyAndAllItsApiKeysEnd() {
        stage.enter("zoe", Role.CREATOR);
        Signer old = stage.signer("zoe");
        Signer next = SigningKey.generate().signer(Ed25519::signer);
        PartyKeys before = stage.keysOf("zoe");
        TallystickClient holder = stage.client("zoe");
        PartyKeys after = before.changeTo(next);
        assertRefused("auth/key-revoked", () -> holder.party("zoe"));
        assertRefused("auth/request-not-valid", before::create);
        TallystickClient again = stage.client("operator").as(after.create());
        assertThat(again.party("zoe").key()).contains(new DidKey(next.publicKey()));
        assertThat(events("signing-key-changed"))
                .anyMatch(event -> event.party().equals("zoe"));

        // Somebody with the old key only, or with the new key only, changes nothing.
        Signer thief = STRANGER;
        DidKey thiefs = new DidKey(thief.publicKey());
        String proof = new KeyPossession(platform(), "zoe", "creator", stage.now()).sign(thief);
        String target = "/parties/zoe/signing-key";
        String body = change(thiefs, old.sign(KeyHandover.message("zoe", thiefs)), proof);
        assertThat(signed("POST", target, body, request("zoe", old, platform(), target, body, stage.now()))
                        .type())
                .isEqualTo("auth/request-not-valid");
        assertThat(signed("POST", target, body, request("zoe", next, platform(), target, body, stage.now()))
                        .type())
                .as("handed over by the old key")
                .isEqualTo("party/key-proof");
        String unshown = change(
                new DidKey(stage.signer("ada").publicKey()),
                next.sign(KeyHandover.message(
                        "zoe", new DidKey(stage.signer("ada").publicKey()))),
                proof);
        assertThat(signed("POST", target, unshown, request("zoe", next, platform(), target, unshown, stage.now()))
                        .type())
                .as("to a key that has shown nothing")
                .isEqualTo("party/possession");
        assertRefused(
                "auth/signature-needed",
                () -> stage.client("operator").as(after.create()).registry().issueKey("zoe"));
    }

    private static String change(DidKey key, byte[] handover, String possession) {
        return Json.object()
                .put("key", key.toString())
                .put("handover", Base64Url.encode(handover))
                .put("possession", possession)
                .build()
                .toString();
    }

    // ---- what is kept of it

    @Test
    void noSecretAndNoWholeKeyStandsInTheSecurityLog() {
        String key = stage.keysOf("ada").create();
        String wrong = key.substring(0, key.length() - 4) + "AAAA";
        assertRefused(
                "auth/key-invalid", () -> stage.client("operator").as(wrong).party("ada"));
        List<SecurityEvent> all =
                stage.client("operator").registry().securityEvents(Map.of()).items();
        assertThat(all)
                .anyMatch(event ->
                        event.kind().equals("wrong-key") && event.party().equals("ada"));
        assertThat(all.toString()).doesNotContain(key.substring(21)).doesNotContain("tsk_");
    }

    @Test
    void onlyTheOperatorReadsTheSecurityLog() {
        for (String who : List.of("ada", "cleo", "dan", "fay")) {
            assertRefused(
                    "auth/role-not-allowed", () -> stage.client(who).registry().securityEvents(Map.of()));
        }
    }
}
