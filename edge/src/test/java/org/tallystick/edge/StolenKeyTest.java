package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.sign.Signer;

/**
 * Somebody copied the edge's key and signs deliveries that never were. What the thief ships takes the numbers the edge
 * needs itself, so the edge's next batch tells: from then on it signs with another key, and keeps what it holds.
 */
class StolenKeyTest {
    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private String request = "";
    private Hash dataset = Hash.of(new byte[32]);

    @BeforeEach
    void serve() throws IOException {
        fixture = new EdgeFixture(dir);
        List<ContentId> works = fixture.works(300);
        dataset = fixture.platform.publish(works);
        request = RawHttp.get(EdgeFixture.path(works.getFirst()), fixture.token(dataset));
        fixture.start();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Receipt deliver() throws IOException {
        return fixture.verified(fixture.call(request));
    }

    private String health() {
        return new String(EdgeFixture.health(fixture.running.orElseThrow()).body(), StandardCharsets.UTF_8);
    }

    private byte[] stolenSeed() throws IOException {
        Path file = dir.resolve("epochs").resolve("0000000001.json");
        return Base64Url.decode(
                Fields.of(Json.parseObject(Files.readAllBytes(file)), "epoch").text("seed"), "seed");
    }

    /** Ships a batch of one invented delivery, signed with the edge's key, as the edge would. */
    private int shipForged(long sequence, Hash previous) throws IOException, InterruptedException {
        Signer thief = Ed25519Provider.choose(Signatures.AUTO).signer(stolenSeed());
        Grant grant = fixture.grant(dataset);
        byte[] leaf = new byte[Leaf.LENGTH];
        new Leaf(
                        LeafKind.FULL,
                        grant.scope(),
                        false,
                        1,
                        1,
                        sequence,
                        fixture.clock.millis(),
                        grant.tokenId(),
                        ContentId.of(new byte[] {1}),
                        1_000_000,
                        0,
                        new byte[Leaf.SALT_LENGTH])
                .encode(leaf, 0);
        byte[] bundle = Batch.seal(leaf, previous, thief).encode();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(fixture.platform.uri().resolve("/deliveries/batches"))
                                    .header("Authorization", "Bearer " + StubPlatform.API_KEY)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(bundle))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void aForgedBatchCollidesWithTheEdgesNextAndEndsTheEpoch() throws Exception {
        deliver();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        Hash last = fixture.platform.taken.getOrDefault(1, new StubPlatform.Taken()).previous;
        assertThat(shipForged(2, last)).as("nothing is wrong with it by itself").isEqualTo(200);
        Receipt honest = deliver();
        assertThat(honest.leaf().sequence()).isEqualTo(2);
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
        assertThat(health()).contains("\"blocked\":{\"1\":");
        assertThat(fixture.platform.rejections).containsOnly("delivery/equivocation");
        Receipt after = deliver();
        assertThat(after.leaf().epoch()).isEqualTo(2);
        EdgeFixture.await(
                "the new key's batches are taken",
                () -> fixture.platform.leaves(2).size() == 1);
        assertThat(honest.signed().header().first())
                .as("two headers signed for one number are the evidence; the edge keeps its own")
                .isEqualTo(2);
        SpoolReport report = SpoolReport.inspect(dir);
        assertThat(report.epochs().getFirst().last()).isEqualTo(2);
        assertThat(report.epochs().getFirst().unacknowledged()).isPositive();
    }

    @Test
    void aForgedBatchThatRunsAheadIsNoticedTheSameWay() throws Exception {
        deliver();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        Hash last = fixture.platform.taken.getOrDefault(1, new StubPlatform.Taken()).previous;
        assertThat(shipForged(50, last)).isEqualTo(200);
        deliver();
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
        assertThat(health()).contains("\"blocked\":{\"1\":");
        deliver();
        EdgeFixture.await(
                "the new key's batches are taken",
                () -> fixture.platform.leaves(2).size() == 1);
    }

    @Test
    void aForgedBatchThatDoesNotFollowTheChainIsNotTaken() throws Exception {
        deliver();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(shipForged(2, BatchHeader.NONE)).isEqualTo(409);
        deliver();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(health()).contains("\"epoch\":1").contains("\"status\":\"ok\"");
    }

    /** The operator's answer to a theft: the edge's batches are refused from then on, and it serves no more. */
    @Test
    void anEdgeRevokedBecauseOfItKeepsItsReceiptsAndStaysRefusedAfterARestart() throws Exception {
        deliver();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        fixture.platform.edgeRevoked = true;
        Receipt late = deliver();
        EdgeFixture.await("it stops serving", () -> health().contains("\"status\":\"edge/revoked\""));
        fixture.stop();
        fixture.launch();
        EdgeFixture.await("it stops again", () -> health().contains("\"status\":\"edge/revoked\""));
        assertThat(fixture.call(request).problem()).isEqualTo("edge/revoked");
        fixture.stop();
        SpoolReport.EpochReport epoch = SpoolReport.inspect(dir).epochs().getFirst();
        assertThat(epoch.last()).isEqualTo(late.leaf().sequence());
        assertThat(epoch.unacknowledged()).isEqualTo(1);
        fixture.platform.edgeRevoked = false;
        fixture.start();
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(fixture.platform.standing()).contains(late.leaf());
    }
}
