package org.tallystick.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.Period;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Jws;

/** What parties sign, and that nothing keeps a signature that no longer fits. */
final class SigningTest {
    private static final Instant NOW = Instant.parse("2026-01-16T18:00:00Z");
    private static final JdkEd25519 KEY = JdkEd25519.generate();
    private static final DidKey DID = new DidKey(KEY.publicKey());

    @Test
    void aManifestIsSignedOverItsCanonicalFormWithoutSignature() {
        ManifestDraft draft = ManifestDraft.of("creator:12345", "https://marketplace.example/licenses/6789")
                .content(ContentId.of(new byte[0]))
                .uploaded(NOW)
                .attribution("byline string")
                .provenance(List.of())
                .origin("https://example.org/a")
                .mediaType("text/plain")
                .path("a/b.txt")
                .title("A")
                .sign(KEY);

        Fields signature = Fields.of(draft.json(), "manifest").fields("signature");
        assertThat(signature.text("key")).isEqualTo(DID.toString());
        assertThat(verifies(signature.text("sig"), draft.json().without("signature")))
                .isTrue();
        assertThat(draft.title("B").json().get("signature")).isEmpty();
        assertThat(draft.sign(KEY)).isEqualTo(draft);
    }

    @Test
    void aUsageEventHasTheShapeOutsideClientsSend() {
        UsageEvent event = UsageEvent.of("cnf-123456", "b-20260116-0001", 4720, NOW)
                .pricePerSampleUsd(new BigDecimal("0.005"))
                .sign(KEY);

        assertThat(event.json().members().keySet())
                .containsExactlyInAnyOrder(
                        "eventType",
                        "contractId",
                        "batchId",
                        "sampleCount",
                        "pricePerSampleUsd",
                        "signature",
                        "timestamp");
        String signature = Fields.of(event.json(), "event").text("signature");
        assertThat(verifies(signature, event.json().without("signature"))).isTrue();
        UsageEvent more = event.job("job-1").sequence(1).epoch(0).model("m").datasetVersion(Hash.of(new byte[32]));
        assertThat(more.json().get("signature")).isEmpty();
    }

    @Test
    void anUploadReceiptMustSayWhatTheAnswerSays() {
        ContentId content = ContentId.of(new byte[] {1});
        String manifest = "mf-" + "0".repeat(40);
        String receipt = Jws.sign(
                        UploadReceipt.TYPE,
                        Json.object()
                                .put("manifest_id", manifest)
                                .put("content_id", content.toString())
                                .put("creator_id", "creator-42")
                                .put("bytes", 1)
                                .put("time", NOW)
                                .build(),
                        KEY)
                .compact();

        new UploadReceipt(manifest, content, 1, DID, NOW, receipt).verify(DID, JdkEd25519.verifier());
        assertUntrusted("upload/receipt-differs", new UploadReceipt(manifest, content, 2, DID, NOW, receipt));
        assertUntrusted(
                "upload/receipt-differs", new UploadReceipt(manifest, ContentId.of(new byte[0]), 1, DID, NOW, receipt));
        assertUntrusted("jws/malformed", new UploadReceipt(manifest, content, 1, DID, NOW, "a.b"));
        String another = Jws.sign(Verdict.TYPE, Json.object().build(), KEY).compact();
        assertUntrusted("jws/wrong-type", new UploadReceipt(manifest, content, 1, DID, NOW, another));
        DidKey stranger = new DidKey(JdkEd25519.generate().publicKey());
        assertThatThrownBy(() -> new UploadReceipt(manifest, content, 1, DID, NOW, receipt)
                        .verify(stranger, JdkEd25519.verifier()))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining("jws/wrong-key");
    }

    @Test
    void aVerdictMustSayWhatTheAnswerSays() {
        Json.Obj said = Json.object()
                .put("allowed", false)
                .put("time", NOW)
                .put(
                        "reasons",
                        Json.array(List.of(Json.object()
                                .put("dataset", "cnf-123456")
                                .put("type", "https://tallystick.org/problems/gate/names-alone")
                                .put("detail", "why")
                                .build())))
                .build();
        String signed = Jws.sign(Verdict.TYPE, said, KEY).compact();
        Verdict verdict = Verdict.of(Fields.of(said.with("verdict", Json.of(signed)), "answer"));

        assertThat(verdict.reasons()).containsExactly(new Verdict.Reason("cnf-123456", "gate/names-alone", "why"));
        verdict.verify(DID, JdkEd25519.verifier());
        assertThatThrownBy(
                        () -> new Verdict(true, verdict.time(), List.of(), signed).verify(DID, JdkEd25519.verifier()))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining("gate/verdict-differs");
    }

    @Test
    void theQuestionWhetherAJobMayRunHasTheShapeOutsideClientsSend() {
        TrainingJob job = TrainingJob.of("my-prod-model-v3", Period.ofDays(30)).named("cnf-123456");
        assertThat(Jcs.text(job.json())).isEqualTo("""
                        {"datasets":["cnf-123456"],"model":"my-prod-model-v3","trainingWindow":"P30D"}""");
        assertThat(job.dataset("cnf-1", Hash.of(new byte[32]), "mf-1", "a.b.c").datasets())
                .hasSize(2);
    }

    @Test
    void amountsAreExactAndMixNoCurrencies() {
        Amount amount = Amount.of("0.10", "USD").plus(Amount.of("0.20", "USD"));
        assertThat(amount).hasToString("0.30 USD");
        assertThatThrownBy(() -> amount.plus(Amount.of("1", "EUR"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Amount.of("0.0000001", "USD")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Amount.of("1", "usd")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDestinationIsInNoMessage() {
        PayoutInstruction instruction = new PayoutInstruction(
                "sepa", "DE89370400440532013000", "USD", "monthly", Optional.of(Amount.of("25", "USD")));
        assertThat(instruction.toString()).doesNotContain("DE89");
        assertThat(Jcs.text(instruction.json())).contains("DE89", "\"minimum\":{\"amount\":\"25\"");
    }

    private static void assertUntrusted(String reason, UploadReceipt receipt) {
        assertThatThrownBy(() -> receipt.verify(DID, JdkEd25519.verifier()))
                .isInstanceOfSatisfying(
                        UntrustedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static boolean verifies(String signature, Json.Obj unsigned) {
        assertThat(signature).matches("0x[0-9a-f]{128}");
        return JdkEd25519.verifier()
                .verify(KEY.publicKey(), Jcs.bytes(unsigned), HexFormat.of().parseHex(signature.substring(2)));
    }
}
