package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;

/**
 * Deliveries that break off, over real sockets. Shows that bytes handed to the socket are a use whatever became of the rest
 * (CUT), that nothing handed over is none (VOID), that neither gives quota back, and that a consumer whose line drops pays once.
 */
class BrokenOffTest {
    private static final int LARGE = 20_000_000;

    @TempDir
    Path dir;

    private static List<Leaf> amendments(EdgeFixture fixture) {
        return fixture.platform.leaves(1).stream()
                .filter(leaf -> leaf.kind().refers())
                .toList();
    }

    private static void awaitAmendments(EdgeFixture fixture, int count) {
        EdgeFixture.await(count + " amendments", () -> amendments(fixture).size() == count);
    }

    /** Each amendment speaks of a delivery of the same work and token, and of fewer bytes than were promised. */
    private static void checkAmendments(EdgeFixture fixture) {
        for (Leaf amendment : amendments(fixture)) {
            Leaf broken = fixture.platform.leaves(1).get((int) amendment.refers() - 1);
            assertThat(broken.content()).isEqualTo(amendment.content());
            assertThat(broken.token()).isEqualTo(amendment.token());
            assertThat(amendment.bytes()).isLessThan(broken.bytes());
            assertThat(amendment.time()).isGreaterThanOrEqualTo(broken.time());
        }
    }

    @Test
    void aClientThatDiesInTheMiddleIsCutAndRetriesCountOnce() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(LARGE, 100);
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
            awaitAmendments(fixture, 3);
            assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                            .body())
                    .hasSize(LARGE);
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(amendments(fixture)).allSatisfy(leaf -> {
                assertThat(leaf.kind()).isEqualTo(LeafKind.CUT);
                assertThat(leaf.bytes()).isBetween(45_000L, 4_000_000L);
            });
            checkAmendments(fixture);
            assertThat(fixture.platform.uses()).containsExactly(works.getFirst());
            assertThat(fixture.metric("delivered_bytes_total")).isEqualTo(fixture.platform.handed(works.getFirst()));
        }
    }

    @Test
    void theAttackOfReadingMostAndGoingOnByRangeIsOneUseForThiefAndHonestAlike() throws IOException {
        int whole = 50_000_000;
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("memoryBytes", "0");
            ContentId work = fixture.works(whole).getFirst();
            Grant thief = Grants.quota(fixture.grant(fixture.platform.publish(List.of(work))), 1);
            String token = EdgeFixture.token(thief, fixture.platform.signer);
            EdgeServer edge = fixture.start();
            int have = 0;
            for (int part : List.of(30_000_000, 15_000_000, 3_000_000)) {
                try (RawHttp client = RawHttp.narrow(edge.port())) {
                    client.send(RawHttp.get(EdgeFixture.path(work), token, "Range: bytes=" + have + "-"));
                    have += client.readSome(part) - 2000; // what of it was the head is fetched again
                    client.abort();
                }
            }
            awaitAmendments(fixture, 3);
            assertThat(fixture.platform.uses()).as("most of it is a use").containsExactly(work);
            assertThat(fixture.platform.handed(work)).isGreaterThan(have);
            RawHttp.Response rest =
                    fixture.call(RawHttp.get(EdgeFixture.path(work), token, "Range: bytes=" + have + "-"));
            assertThat(rest.status()).as("within the same quota of one work").isEqualTo(206);
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            checkAmendments(fixture);
            assertThat(fixture.platform.uses()).containsExactly(work);
        }
    }

    @Test
    void aQuotaOfOneIsOneWorkAlsoAfterFiveBrokenDeliveriesAndACrash() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(LARGE, LARGE / 2, 100);
            Grant grant = Grants.quota(fixture.grant(fixture.platform.publish(works)), 1);
            String token = EdgeFixture.token(grant, fixture.platform.signer);
            EdgeServer edge = fixture.start();
            for (int i = 0; i < 5; i++) {
                try (RawHttp client = RawHttp.narrow(edge.port())) {
                    client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                    assertThat(client.readSome(10_000)).isEqualTo(10_000);
                    for (ContentId other : works.subList(1, 3)) {
                        assertThat(fixture.call(RawHttp.get(EdgeFixture.path(other), token))
                                        .problem())
                                .isEqualTo("token/quota");
                    }
                    client.abort();
                }
                awaitAmendments(fixture, i + 1);
            }
            fixture.crash();
            fixture.start();
            assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getLast()), token))
                            .problem())
                    .isEqualTo("token/quota");
            assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                            .body())
                    .hasSize(LARGE);
            assertThat(fixture.platform.uses()).containsExactly(works.getFirst());
        }
    }

    @Test
    void headsThatBreakOffGiveNoQuotaBack() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(100, LARGE);
            Grant grant = Grants.quota(fixture.grant(fixture.platform.publish(works)), 1);
            String token = EdgeFixture.token(grant, fixture.platform.signer);
            EdgeServer edge = fixture.start();
            String head = RawHttp.request("HEAD", EdgeFixture.path(works.getFirst()), token);
            String any = RawHttp.get(EdgeFixture.path(works.getFirst()), token, "If-None-Match: *");
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(works.getLast()), token) + head + head + any + any);
                assertThat(client.readSome(1000)).isEqualTo(1000);
                EdgeFixture.await(
                        "all five are sealed", () -> fixture.platform.leaves(1).size() == 5);
                client.abort();
            }
            awaitAmendments(fixture, 5);
            assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                            .problem())
                    .isEqualTo("token/quota");
            assertThat(fixture.platform.uses()).containsExactly(works.getLast());
        }
    }

    @Test
    void whatWasPipelinedBehindABrokenDeliveryIsVoid() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(LARGE, 100);
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
            awaitAmendments(fixture, 4);
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            for (Leaf leaf : amendments(fixture)) {
                assertThat(leaf.kind())
                        .isEqualTo(leaf.content().equals(works.getFirst()) ? LeafKind.CUT : LeafKind.VOID);
            }
            assertThat(amendments(fixture)).extracting(Leaf::refers).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
            assertThat(fixture.platform.uses()).containsExactly(works.getFirst());
        }
    }

    @Test
    void aResetBeforeAnythingLeftIsNoUse() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(LARGE);
            fixture.platform.blobDelay = Duration.ofMillis(200);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                EdgeFixture.await(
                        "the work is being fetched", () -> fixture.platform.blobRequests.containsKey(works.getFirst()));
                client.abort();
            }
            EdgeFixture.await(
                    "the connection is gone",
                    () -> StubPlatform.unchecked(() -> fixture.metric("open_connections") == 1));
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.uses()).isEmpty();
        }
    }

    @Test
    void aClientOfHttp10ThatBreaksOffIsCutToo() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            ContentId work = fixture.works(LARGE).getFirst();
            String token = fixture.token(fixture.platform.publish(List.of(work)));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(
                        "GET " + EdgeFixture.path(work) + " HTTP/1.0\r\nAuthorization: Bearer " + token + "\r\n\r\n");
                assertThat(client.readSome(300_000)).isEqualTo(300_000);
                client.abort();
            }
            awaitAmendments(fixture, 1);
            assertThat(amendments(fixture).getFirst().kind()).isEqualTo(LeafKind.CUT);
            assertThat(amendments(fixture).getFirst().bytes()).isGreaterThan(290_000);
            assertThat(fixture.platform.uses()).containsExactly(work);
        }
    }

    @Test
    void aClientThatStopsReadingIsLetGoAndCut() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("idleTimeout", "150ms");
            List<ContentId> works = fixture.works(LARGE);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                awaitAmendments(fixture, 1);
            }
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            checkAmendments(fixture);
            assertThat(amendments(fixture).getFirst().kind()).isEqualTo(LeafKind.CUT);
        }
    }

    @Test
    void aSlowReaderIsServedUntilADeliveryHasTakenTooLong() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("deliveryTimeout", "400ms");
            ContentId work = fixture.works(LARGE).getFirst();
            String token = fixture.token(fixture.platform.publish(List.of(work)));
            EdgeServer edge = fixture.start();
            long read = 0;
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(work), token));
                while (amendments(fixture).isEmpty()) {
                    read += client.readAtMost(2000);
                    StubPlatform.unchecked(() -> {
                        Thread.sleep(1); // the reader is slow: what is shown
                        return true;
                    });
                }
            }
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            Leaf cut = amendments(fixture).getFirst();
            assertThat(cut.kind()).isEqualTo(LeafKind.CUT);
            assertThat(cut.bytes()).isGreaterThan(read - 2000);
            assertThat(fixture.platform.uses()).containsExactly(work);
        }
    }

    @Test
    void stoppingCutsWhatItMustBreakOff() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("drainTimeout", "100ms");
            List<ContentId> works = fixture.works(LARGE);
            String token = fixture.token(fixture.platform.publish(works));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(works.getFirst()), token));
                assertThat(client.readSome(10_000)).isEqualTo(10_000);
                fixture.stop();
            }
            edge = fixture.start();
            assertThat(edge.awaitDrained(Duration.ofSeconds(5))).isTrue();
            assertThat(fixture.platform.leaves(1)).extracting(Leaf::kind).containsExactly(LeafKind.FULL, LeafKind.CUT);
            checkAmendments(fixture);
        }
    }

    @Test
    void whatIsHandedOverIsNearWhatIsRead() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("memoryBytes", "0");
            ContentId work = fixture.works(LARGE).getFirst();
            String token = fixture.token(fixture.platform.publish(List.of(work)));
            EdgeServer edge = fixture.start();
            try (RawHttp client = RawHttp.narrow(edge.port())) {
                client.send(RawHttp.get(EdgeFixture.path(work), token));
                assertThat(client.readSome(5000)).isEqualTo(5000);
                client.abort();
            }
            awaitAmendments(fixture, 1);
            long most = io.netty.channel.epoll.Epoll.isAvailable() ? 1_000_000 : 8_000_000;
            assertThat(amendments(fixture).getFirst().bytes()).isBetween(1000L, most);
        }
    }

    @Test
    void tokensThatBreakOffTooOftenAreFlagged() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(100, LARGE);
            Grant grant = fixture.grant(fixture.platform.publish(works));
            Grant other = Grants.scope(grant, Scope.EMBEDDING);
            String token = EdgeFixture.token(grant, fixture.platform.signer);
            String honest = EdgeFixture.token(other, fixture.platform.signer);
            EdgeServer edge = fixture.start();
            for (int i = 0; i < 30; i++) {
                assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), token))
                                .status())
                        .isEqualTo(200);
                assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.getFirst()), honest))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(fixture.metric("tokens_breaking_off")).isZero();
            for (int i = 0; i < 2; i++) {
                try (RawHttp client = RawHttp.narrow(edge.port())) {
                    client.send(RawHttp.get(EdgeFixture.path(works.getLast()), token));
                    assertThat(client.readSome(10_000)).isEqualTo(10_000);
                    client.abort();
                }
            }
            awaitAmendments(fixture, 2);
            assertThat(fixture.metric("tokens_breaking_off")).isEqualTo(1);
            assertThat(fixture.metrics())
                    .contains("token_hour_deliveries{token=\"" + grant.tokenId() + "\",end=\"cut\"} 2\n")
                    .doesNotContain(other.tokenId().toString());
            fixture.clock.step(Duration.ofHours(2));
            assertThat(fixture.metric("tokens_breaking_off")).isZero();
        }
    }
}
