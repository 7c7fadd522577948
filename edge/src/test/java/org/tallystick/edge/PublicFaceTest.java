package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;

/** The edge as another module starts it: the real disk, the real clock. */
class PublicFaceTest {
    @TempDir
    Path dir;

    @Test
    void startServeDrainCloseInspect() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            Instant now = Instant.now();
            fixture.platform.now = now;
            List<ContentId> works = fixture.works(20_000, 400_000);
            Hash dataset = fixture.platform.publish(works);
            Grant grant = new Grant(
                    "test.example/log",
                    "buyer-1",
                    "contract-1",
                    "job-1",
                    Scope.EMBEDDING,
                    dataset,
                    now.minusSeconds(5),
                    now.plusSeconds(60),
                    Optional.empty());
            String token = EdgeFixture.token(grant, fixture.platform.signer);
            for (int start = 0; start < 2; start++) {
                try (EdgeServer edge = EdgeServer.start(fixture.config())) {
                    EdgeFixture.await(
                            "it serves", () -> EdgeFixture.health(edge).status() == 200);
                    for (ContentId work : works) {
                        try (RawHttp client = new RawHttp(edge.port())) {
                            RawHttp.Response response = client.call(RawHttp.get(EdgeFixture.path(work), token));
                            assertThat(ContentId.of(response.body())).isEqualTo(work);
                            assertThat(fixture.verified(response).leaf().scope())
                                    .isEqualTo(Scope.EMBEDDING);
                        }
                    }
                    assertThat(edge.awaitDrained(Duration.ofSeconds(10))).isTrue();
                }
            }
            SpoolReport report = SpoolReport.inspect(dir);
            assertThat(report.isSound()).isTrue();
            assertThat(report.epochs().getFirst().last()).isEqualTo(4);
            assertThat(report.epochs().getFirst().unacknowledged()).isZero();
            assertThat(fixture.platform.leaves(1)).hasSize(4);
        }
    }
}
