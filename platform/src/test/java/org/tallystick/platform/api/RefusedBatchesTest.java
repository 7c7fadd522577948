package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeRegistration;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.Token;

/** A stolen key is revoked and used on: over HTTP, down to the header anybody can verify. */
final class RefusedBatchesTest {
    @TempDir
    Path data;

    @Test
    void operatorsSeeWhatARevokedKeyGoesOnSigning() {
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            ContentId work = stage.upload("ada", "one").content();
            DatasetVersion version = stage.publish("ds-1", java.util.Map.of(work, "ada"));
            stage.client("dan").conclude(stage.contract("cnf-1", version, "dan", List.of("ada")));
            EdgeRegistration edge = stage.client("operator").registerEdge("fra-1");
            stage.apiKey("edge", edge.apiKey());
            Signer key = SigningKey.generate().signer(Ed25519::signer);
            EdgeCertificate certificate = EdgeCertificate.verify(
                    stage.client("edge").certifyEdge(edge.edge(), key),
                    stage.client("dan").keys().platform(),
                    Ed25519.verifier());
            stage.guarantee("cnf-1");
            stage.client("dan").openJob("cnf-1", Optional.of("job-1"), "model");
            Token token =
                    stage.client("dan").issueToken("job-1", Scope.TRAINING, Duration.ofHours(1), Optional.empty());
            String path = "/edges/" + edge.edge() + "/refused";

            assertThat(items(stage.get("operator", path))).isEmpty();
            stage.post("operator", "/edges/" + edge.edge() + "/revoke", "{\"epoch\":1,\"reason\":\"key stolen\"}");
            for (int i = 0; i < 3; i++) {
                byte[] batch = ApiFixture.batch(edge.edge(), 1, 1 + i, token, List.of(work, work), key, stage.now());
                org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> stage.client("edge").ship(batch))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                refused -> assertThat(refused.type()).isEqualTo("delivery/epoch-revoked"));
            }

            for (String who : List.of("operator", "fay", "edge")) {
                assertThat(items(stage.get(who, path))).as(who).singleElement().satisfies(item -> {
                    assertThat(item.text("reason")).isEqualTo("delivery/epoch-revoked");
                    assertThat(item.integer("epoch", 1, 1)).isEqualTo(1);
                    assertThat(item.integer("first_sequence", 1, 99)).isEqualTo(1);
                    assertThat(item.integer("last_sequence", 1, 99)).isEqualTo(4);
                    assertThat(item.integer("shipments", 1, 99)).isEqualTo(3);
                    SignedHeader.decode(Base64Url.decode(item.text("header"), "test"), 0)
                            .verify(certificate, Ed25519.verifier());
                });
            }
            assertThat(stage.get("operator", "/edges/77/refused").type()).isEqualTo("edge/unknown");
            EdgeRegistration other = stage.client("operator").registerEdge("fra-2");
            stage.apiKey("other", other.apiKey());
            assertThat(stage.get("other", path).type()).isEqualTo("edge/unknown");
            assertThat(items(stage.get("other", "/edges/" + other.edge() + "/refused")))
                    .isEmpty();
            assertThat(stage.platform().platform().fsck().run(area -> {}))
                    .filteredOn(finding -> finding.area().equals("refused"))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.differences()).isEmpty();
                        assertThat(finding.notes())
                                .singleElement()
                                .asString()
                                .contains(
                                        "epoch 1: 3 shipments with the numbers 1 to 4 refused as delivery/epoch-revoked");
                    });
        }
    }

    private static List<Fields> items(ApiFixture.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Fields.of(reply.json(), "answer").objects("items");
    }
}
