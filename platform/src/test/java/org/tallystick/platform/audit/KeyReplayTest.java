package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.KeyHandover;
import org.tallystick.protocol.sign.KeyPossession;
import org.tallystick.protocol.sign.Signer;

/** A platform that puts a key of its own making under a party's name into its log is found by whoever replays the log. */
final class KeyReplayTest {
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
    private static final DidKey PLATFORM =
            new DidKey(ContractFixture.signer("platform").publicKey());
    private static final Signer ADA = ContractFixture.signer("ada");
    private static final Signer NEXT = ContractFixture.signer("ada's next");
    private static final Signer LIAR = ContractFixture.signer("the platform's own making");

    private static LogEntry.DocumentEntry entry(String type, Json.Obj body) {
        return new LogEntry.DocumentEntry(type, TIME, body);
    }

    private static Json.Obj party(String id, Signer key) {
        return Json.object()
                .put("id", id)
                .put("role", "creator")
                .put("key", new DidKey(key.publicKey()).toString())
                .build();
    }

    private static Json.Obj shown(String id, Signer key) {
        String proof = new KeyPossession(PLATFORM, id, "creator", TIME).sign(key);
        return party(id, key).with("possession", Json.of(proof));
    }

    private static Json.Obj changed(String id, Signer before, Signer after, Signer shower) {
        DidKey key = new DidKey(after.publicKey());
        return Json.object()
                .put("id", id)
                .put("key", key.toString())
                .put("handover", Base64Url.encode(before.sign(KeyHandover.message(id, key))))
                .put("possession", new KeyPossession(PLATFORM, id, "creator", TIME).sign(shower))
                .build();
    }

    private static List<String> found(Consumer<KeyReplay> log) {
        KeyReplay replay = new KeyReplay(PLATFORM, ContractFixture.VERIFIER);
        log.accept(replay);
        return replay.finding().differences();
    }

    @Test
    void anHonestLogIsNotAccusedNorOneOfAnEarlierRelease() {
        assertThat(found(log -> {
                    log.document(1, entry("party", party("of-old", LIAR)));
                    log.document(
                            2,
                            entry(
                                    "party",
                                    Json.parseObject("{\"id\":\"edge-1\",\"role\":\"edge\"}"
                                            .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
                    log.document(3, entry("party", shown("ada", ADA)));
                    log.document(4, entry("key-rotated", changed("ada", ADA, NEXT, NEXT)));
                    log.document(5, entry("key-rotated", changed("ada", NEXT, ADA, ADA)));
                    log.document(6, entry("job", Json.object().build()));
                }))
                .isEmpty();
    }

    @Test
    void aKeyNobodyHandedOverToIsFound() {
        assertThat(found(log -> {
                    log.document(3, entry("party", shown("ada", ADA)));
                    log.document(4, entry("key-rotated", changed("ada", LIAR, LIAR, LIAR)));
                }))
                .containsExactly("log entry 4: the key of ada changed without the word of the key before");
        assertThat(found(log -> {
                    log.document(3, entry("party", shown("ada", ADA)));
                    log.document(
                            4,
                            entry("key-rotated", changed("ada", ADA, NEXT, NEXT).without("handover")));
                }))
                .hasSize(1);
        assertThat(found(log -> log.document(4, entry("key-rotated", changed("ada", ADA, NEXT, NEXT)))))
                .containsExactly("log entry 4: a key of ada is changed, which nobody registered");
    }

    @Test
    void aKeyNobodyHasShownIsFound() {
        assertThat(found(log -> {
                    log.document(3, entry("party", shown("ada", ADA)));
                    log.document(4, entry("key-rotated", changed("ada", ADA, NEXT, LIAR)));
                }))
                .hasSize(1);
        assertThat(found(log -> {
                    log.document(3, entry("party", shown("ada", ADA)));
                    log.document(4, entry("party", party("bob", LIAR)));
                }))
                .containsExactly("log entry 4: the key of bob comes without a proof that it was shown");
        assertThat(found(log -> log.document(3, entry("party", shown("ada", ADA).with("id", Json.of("eve"))))))
                .hasSize(1);
        String old = new KeyPossession(PLATFORM, "ada", "creator", TIME.minus(Duration.ofDays(8))).sign(ADA);
        assertThat(found(log -> log.document(3, entry("party", party("ada", ADA).with("possession", Json.of(old))))))
                .hasSize(1);
    }
}
