package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.TrainingJob;
import org.tallystick.sdk.UploadReceipt;
import org.tallystick.sdk.Verdict;

/** May this training job run? Names prove nothing; every reason why not is told, and signed. */
final class GateTest {
    private static final Hash OTHER = Hash.of(new byte[32]);

    @TempDir
    static Path data;

    private static ApiFixture stage;
    private static DatasetVersion version;
    private static UploadReceipt one;
    private static UploadReceipt outside;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data).withCast();
        one = stage.upload("ada", "one");
        outside = stage.upload("ada", "outside");
        version = stage.publish("hn-1", Map.of(one.content(), "ada"));
        stage.client("dan").conclude(stage.contract("cnf-1", version, "dan", List.of("ada")));
        stage.client("eve").conclude(stage.contract("cnf-2", version, "eve", List.of("ada")));
        stage.client("dan").conclude(stage.contract("cnf-3", version, "dan", List.of("ada")));
        stage.client("ada").revokeContract("cnf-3", "withdrawn");
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static TrainingJob job(Period window) {
        return TrainingJob.of("my-prod-model-v3", window);
    }

    private static List<String> reasons(TrainingJob job) {
        Verdict verdict = stage.client("dan").validateTraining(job);
        verdict.verify(stage.client("dan").keys().platform(), Ed25519.verifier());
        assertThat(verdict.allowed()).isEqualTo(verdict.reasons().isEmpty());
        return verdict.reasons().stream().map(Verdict.Reason::type).toList();
    }

    @Test
    void theSampleAsItStandsIsAnsweredNo() {
        ApiFixture.Reply reply = stage.post(
                "dan",
                "/training/validate",
                "{\"model\": \"my-prod-model-v3\", \"datasets\": [\"cnf-123456\"], \"trainingWindow\": \"P30D\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("allowed")).contains(Json.of(false));
        assertThat(reply.body()).contains("https://tallystick.org/problems/gate/names-alone");
    }

    @Test
    void aJobThatProvesEverythingMayRun() {
        TrainingJob good = job(Period.ofDays(30)).dataset("cnf-1", version.root(), one.manifestId(), one.receipt());
        assertThat(reasons(good)).isEmpty();
        assertThat(stage.client("fay").validateTraining(good).allowed()).isTrue();
    }

    @Test
    void aNameThatExistsIsStillOnlyAName() {
        assertThat(reasons(job(Period.ofDays(1)).named("cnf-1"))).containsExactly("gate/names-alone");
    }

    @Test
    void everyReasonIsTold() {
        Period month = Period.ofDays(30);
        String mine = one.manifestId();
        String receipt = one.receipt();
        Hash root = version.root();
        assertThat(reasons(job(month).dataset("cnf-9", root, mine, receipt))).containsExactly("gate/contract-unknown");
        assertThat(reasons(job(month).dataset("../x", root, mine, receipt))).containsExactly("gate/contract-unknown");
        assertThat(reasons(job(month).dataset("cnf-2", root, mine, receipt))).containsExactly("gate/contract-unknown");
        assertThat(reasons(job(month).dataset("cnf-3", root, mine, receipt))).containsExactly("gate/contract-not-live");
        assertThat(reasons(job(Period.ofYears(2)).dataset("cnf-1", root, mine, receipt)))
                .containsExactly("gate/window-past-contract");
        assertThat(reasons(job(month).dataset("cnf-1", OTHER, mine, receipt))).containsExactly("gate/version-mismatch");
        assertThat(reasons(job(month).dataset("cnf-1", root, "mf-0", receipt)))
                .containsExactly("gate/manifest-unknown");
        assertThat(reasons(job(month).dataset("cnf-1", root, mine, "a.b.c"))).containsExactly("gate/receipt-not-valid");
        assertThat(reasons(job(month).dataset("cnf-1", root, mine, outside.receipt())))
                .containsExactly("gate/receipt-mismatch");
        assertThat(reasons(job(month).dataset("cnf-1", root, outside.manifestId(), outside.receipt())))
                .containsExactly("gate/not-in-version");
        assertThat(reasons(job(month)
                        .named("x")
                        .dataset("cnf-9", root, "mf-0", "a.b.c")
                        .dataset("cnf-3", OTHER, outside.manifestId(), receipt)))
                .containsExactly(
                        "gate/names-alone",
                        "gate/contract-unknown",
                        "gate/manifest-unknown",
                        "gate/contract-not-live",
                        "gate/version-mismatch",
                        "gate/receipt-mismatch",
                        "gate/not-in-version");
    }

    @Test
    void aReceiptSomebodyElseSignedIsNone() {
        Json.Obj claims = Jws.parse(one.receipt()).payload();
        String forged =
                Jws.sign(UploadReceipt.TYPE, claims, JdkEd25519.generate()).compact();
        assertThat(reasons(job(Period.ofDays(1)).dataset("cnf-1", version.root(), one.manifestId(), forged)))
                .containsExactly("gate/receipt-not-valid");
    }

    @Test
    void whatIsLeftOutIsNamed() {
        ApiFixture.Reply reply = stage.post(
                "dan",
                "/training/validate",
                "{\"model\":\"m\",\"datasets\":[{\"dataset_id\":\"hn-1\"},{\"contract_id\":\"cnf-1\","
                        + "\"dataset_id\":\"hn-2\"}],\"trainingWindow\":\"PT12H\"}");
        assertThat(Optional.of(reply.body()))
                .hasValueSatisfying(body -> assertThat(body)
                        .contains(
                                "gate/contract-missing",
                                "gate/receipt-missing",
                                "gate/manifest-missing",
                                "gate/dataset-mismatch"));
    }
}
