package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;

/** Deliveries that break off are taken back by a void leaf; those that were complete stand. */
class BrokenOffTest {
    @TempDir
    Path dir;

    private static List<Leaf> voids(EdgeFixture fixture) {
        return fixture.platform.leaves(1).stream()
                .filter(leaf -> leaf.kind() == LeafKind.VOID)
                .toList();
    }

    @Test
    void aClientThatDiesInTheMiddleIsNotCharged() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(20_000_000, 100);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            fixture.call(RawHttp.request("HEAD", EdgeFixture.path(works.getLast()), token));
            for (int i = 0; i < 3; i++) {
                try (RawHttp client = RawHttp.narrow(edge.port())) {
                    client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                    assertThat(client.readSome(50_000)).isEqualTo(50_000);
                    client.abort();
                }
            }
            EdgeFixture.await("three voids", () -> voids(fixture).size() == 3);
            assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                            .body())
                    .hasSize(20_000_000);
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.standing())
                    .extracting(Leaf::kind)
                    .containsExactly(LeafKind.HEAD, LeafKind.FULL);
            for (Leaf taken : voids(fixture)) {
                Leaf broken = fixture.platform.leaves(1).get((int) taken.refers() - 1);
                assertThat(broken.content()).isEqualTo(taken.content());
                assertThat(broken.token()).isEqualTo(taken.token());
                assertThat(taken.bytes()).isZero();
            }
            assertThat(fixture.metric("delivered_bytes_total")).isEqualTo(20_000_000);
        }
    }

    @Test
    void whatWasPipelinedBehindIsTakenBackToo() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(20_000_000, 100);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                String small = RawHttp.get(EdgeFixture.path(works.getLast()), token);
                client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token) + small + small + small);
                assertThat(client.readSome(50_000)).isEqualTo(50_000);
                EdgeFixture.await(
                        "all four are sealed", () -> fixture.platform.leaves(1).size() == 4);
                client.abort();
            }
            EdgeFixture.await("four voids", () -> voids(fixture).size() == 4);
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.standing()).isEmpty();
            assertThat(voids(fixture)).extracting(Leaf::refers).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void aClientThatStopsReadingIsLetGoAndNotCharged() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("idleTimeout", "150ms");
            List<ContentId> works = fixture.works(20_000_000);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                EdgeFixture.await(
                        "the delivery is taken back", () -> voids(fixture).size() == 1);
            }
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.standing()).isEmpty();
        }
    }

    @Test
    void stoppingTakesBackWhatItMustBreakOff() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("drainTimeout", "100ms");
            List<ContentId> works = fixture.works(20_000_000);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                assertThat(client.readSome(1000)).isEqualTo(1000);
                fixture.stop();
            }
            edge = fixture.start();
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.leaves(1)).extracting(Leaf::kind).containsExactly(LeafKind.FULL, LeafKind.VOID);
            assertThat(fixture.platform.standing()).isEmpty();
        }
    }

    @Test
    void aQuotaIsGivenBackForWhatWasTakenBack() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(20_000_000);
            var grant = fixture.grant(fixture.platform.publish(works));
            String token = EdgeFixture.token(
                    new org.tallystick.protocol.receipt.Grant(
                            grant.issuer(),
                            grant.consumer(),
                            grant.contract(),
                            grant.job(),
                            grant.scope(),
                            grant.dataset(),
                            grant.notBefore(),
                            grant.expires(),
                            java.util.Optional.of(1L)),
                    fixture.platform.signer);
            EdgeServer edge = fixture.start();
            String request = RawHttp.get(EdgeFixture.path(works.getFirst()), token);
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(request);
                assertThat(client.readSome(1000)).isEqualTo(1000);
                assertThat(fixture.call(request).problem()).isEqualTo("token/quota");
                client.abort();
            }
            EdgeFixture.await("a void", () -> voids(fixture).size() == 1);
            fixture.crash();
            fixture.start();
            assertThat(fixture.call(request).status()).isEqualTo(200);
            assertThat(fixture.call(request).problem()).isEqualTo("token/quota");
        }
    }
}
