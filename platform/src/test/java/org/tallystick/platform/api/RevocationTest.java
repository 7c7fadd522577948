package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.EdgeRegistration;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Revocations;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.Token;
import org.tallystick.sdk.UsageQuery;

/** What is taken back through the client, how an edge learns of it, and what stays owed. */
final class RevocationTest {
    @TempDir
    private static Path data;

    private static ApiFixture stage;
    private static int deals;

    private final String contract = "cnf-" + ++deals;
    private final String jobId = "job-" + deals;
    private ContentId work;
    private EdgeRegistration edge;
    private final Signer edgeKey = SigningKey.generate().signer(Ed25519::signer);
    private Token token;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data).withCast();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void deal() {
        work = stage.upload("ada", contract).content();
        stage.client("dan")
                .conclude(stage.contract(
                        contract, stage.publish("hn-" + contract, Map.of(work, "ada")), "dan", List.of("ada")));
        edge = stage.client("operator").registerEdge("edge of " + contract);
        stage.apiKey("edge", edge.apiKey());
        stage.client("edge").certifyEdge(edge.edge(), edgeKey);
        stage.guarantee(contract);
        Job job = stage.client("dan").openJob(contract, Optional.of(jobId), "model");
        token = stage.client("dan").issueToken(job.id(), Scope.TRAINING, Duration.ofHours(1), Optional.empty());
    }

    private byte[] batch(int epoch, long first, Signer key) {
        return ApiFixture.batch(edge.edge(), epoch, first, token, List.of(work), key, stage.now());
    }

    private static void assertRefused(Runnable call, String type) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.type()).isEqualTo(type));
    }

    @Test
    void aRevokedContractEndsNewUseAndOldUseStaysOwed() {
        assertThat(stage.client("edge").ship(batch(1, 1, edgeKey)).acknowledged())
                .isEqualTo(1);
        Revocations before = stage.client("edge").revocations(edge.edge(), 0);
        assertThat(before.contracts()).doesNotContain(contract);
        assertThat(stage.client("ada").revokeContract(contract, "withdrawn").status())
                .isEqualTo("revoked");
        Revocations after = stage.client("edge").revocations(edge.edge(), before.position());
        assertThat(after.contracts()).containsExactly(contract);
        assertThat(after.position()).isGreaterThan(before.position());
        assertThat(stage.client("edge")
                        .revocations(edge.edge(), after.position())
                        .contracts())
                .as("said once")
                .isEmpty();
        assertRefused(
                () -> stage.client("dan").issueToken(jobId, Scope.TRAINING, Duration.ofHours(1), Optional.empty()),
                "contract/not-live");
        assertThat(stage.client("dan").usage(UsageQuery.of(contract)).uses())
                .as("what was delivered is owed")
                .isEqualTo(1);
    }

    @Test
    void aRevokedTokenIsToldToEdges() {
        stage.client("dan").revokeToken(token.grant().tokenId(), "lost");
        assertThat(stage.client("edge").revocations(edge.edge(), 0).tokens())
                .contains(token.grant().tokenId());
    }

    @Test
    void anEdgeGoesOnUnderItsNextKeyAndBothCertificatesStayPublic() {
        Signer next = SigningKey.generate().signer(Ed25519::signer);
        String second = stage.client("edge").certifyEdge(edge.edge(), next);
        assertThat(stage.client("edge").certifyEdge(edge.edge(), next))
                .as("the same key, the same certificate")
                .isEqualTo(second);
        for (int epoch : List.of(1, 2)) {
            EdgeCertificate certificate = EdgeCertificate.verify(
                    stage.client("eve").edgeCertificate(edge.edge(), epoch),
                    stage.client("eve").keys().platform(),
                    Ed25519.verifier());
            assertThat(certificate.epoch()).isEqualTo(epoch);
        }
        assertThat(stage.client("edge").ship(batch(2, 1, next)).acknowledged()).isEqualTo(1);
        assertRefused(() -> stage.client("edge").ship(batch(2, 2, edgeKey)), "batch/signature");
    }

    @Test
    void aRevokedEdgeShipsNothingAndGetsNoKey() {
        stage.client("edge").ship(batch(1, 1, edgeKey));
        stage.client("operator").revokeEdge(edge.edge(), "stolen");
        assertRefused(() -> stage.client("edge").ship(batch(1, 2, edgeKey)), "delivery/edge-revoked");
        Signer next = SigningKey.generate().signer(Ed25519::signer);
        assertRefused(() -> stage.client("edge").certifyEdge(edge.edge(), next), "delivery/edge-revoked");
        assertThat(stage.client("dan").usage(UsageQuery.of(contract)).uses()).isEqualTo(1);
    }

    @Test
    void aCommandUnderOneKeyIsDoneOnceEvenByANewClient() {
        Amount amount = Amount.of("1.00", "USD");
        stage.client("operator").once("pay-1").fundEscrow(contract, amount, "wire-1");
        assertThat(stage.client("operator")
                        .once("pay-1")
                        .fundEscrow(contract, amount, "wire-1")
                        .balance())
                .isEqualTo(amount);
        assertRefused(
                () -> stage.client("operator").once("pay-1").fundEscrow(contract, amount, "wire-2"),
                "idempotency/mismatch");
    }
}
