package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.receipt.Leaf;

/** The way of batches to a platform that is away, busy, forgetful, or of another opinion. */
class ShippingTest extends EdgeOfOneWork {
    private void deliver(int times) throws IOException {
        try (RawHttp client = fixture.client()) {
            for (int i = 0; i < times; i++) {
                RawHttp.Response response = client.call(request);
                assertThat(response.status()).isEqualTo(200);
                fixture.verified(response);
            }
        }
    }

    private List<Long> sequences() {
        return fixture.platform.leaves(1).stream().map(Leaf::sequence).toList();
    }

    private static List<Long> to(long last) {
        return java.util.stream.LongStream.rangeClosed(1, last).boxed().toList();
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("spool"))) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList()
                    .getLast();
        }
    }

    @Test
    void aPlatformThatIsAwayIsWaitedForWhileServingGoesOn() throws IOException {
        fixture.start();
        deliver(1);
        assertThat(drained()).isTrue();
        fixture.platform.away = true;
        deliver(50);
        EdgeFixture.await("trouble shows", () -> health().contains("\"status\":\"degraded\""));
        assertThat(health()).contains("\"unacknowledged\":50").contains("\"platform\":");
        fixture.platform.away = false;
        assertThat(drained()).isTrue();
        assertThat(sequences()).isEqualTo(to(51));
        EdgeFixture.await("all is well", () -> health().contains("\"status\":\"ok\""));
    }

    @Test
    void theEdgeStartsAndServesWhatItKnowsWithoutThePlatform() throws IOException {
        fixture.start();
        deliver(3);
        assertThat(drained()).isTrue();
        fixture.stop();
        fixture.platform.away = true;
        fixture.start();
        deliver(4);
        fixture.stop();
        fixture.start();
        deliver(2);
        fixture.platform.away = false;
        assertThat(drained()).isTrue();
        assertThat(sequences()).as("no gap after clean stops").isEqualTo(to(9));
    }

    @Test
    void pastItsSpoolBoundTheEdgeRefusesAndRecovers() throws IOException {
        fixture.settings.put("spoolBytes", "64KiB");
        fixture.start();
        deliver(1);
        assertThat(drained()).isTrue();
        fixture.platform.away = true;
        int delivered = 1;
        RawHttp.Response last;
        try (RawHttp client = fixture.client()) {
            last = client.call(request);
            while (last.status() == 200) {
                delivered++;
                last = client.call(request);
            }
        }
        assertThat(last.problem()).isEqualTo("spool/full");
        assertThat(last.header("Retry-After")).isEqualTo("5");
        assertThat(delivered).isBetween(200, 230);
        assertThat(EdgeFixture.health(fixture.running.orElseThrow()).status()).isEqualTo(503);
        assertThat(health()).contains("\"status\":\"spool/full\"");
        fixture.platform.away = false;
        assertThat(drained()).isTrue();
        assertThat(sequences()).isEqualTo(to(delivered));
        deliver(1);
    }

    @Test
    void whateverThePlatformAnswersNothingIsLostOrTakenTwice() throws IOException {
        fixture.start();
        for (StubPlatform.Reply reply : StubPlatform.Reply.values()) {
            int bundles = fixture.platform.bundles.get();
            fixture.platform.replies.add(reply);
            deliver(3);
            assertThat(drained()).as(reply.name()).isTrue();
            assertThat(fixture.platform.bundles.get() - bundles)
                    .as(reply.name())
                    .isGreaterThan(1);
        }
        assertThat(fixture.platform.standing()).hasSize(15);
        assertThat(fixture.platform.rejections).isEmpty();
        assertThat(fixture.metric("ship_failures_total")).isGreaterThanOrEqualTo(5);
    }

    @Test
    void manyBatchesTravelTogether() throws IOException {
        fixture.start();
        deliver(1);
        fixture.platform.away = true;
        deliver(200);
        int before = fixture.platform.bundles.get();
        fixture.platform.away = false;
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.bundles.get() - before).isLessThan(4);
    }

    @Test
    void aPlatformThatWasRestoredFromBeforeIsGivenTheRestAgain() throws IOException {
        fixture.start();
        deliver(5);
        assertThat(drained()).isTrue();
        synchronized (fixture.platform) {
            fixture.platform.taken.clear();
        }
        deliver(1);
        assertThat(drained()).isTrue();
        assertThat(sequences()).isEqualTo(to(6));
    }

    @Test
    void aPlatformThatWantsWhatIsNoLongerHereEndsTheEpochButNotTheService() throws IOException {
        fixture.settings.put("segmentBytes", "4KiB");
        fixture.start();
        deliver(60);
        assertThat(drained()).isTrue();
        synchronized (fixture.platform) {
            fixture.platform.taken.clear();
        }
        deliver(1);
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
        assertThat(health()).contains("\"blocked\":{\"1\":\"the platform expects 1, which is no longer here\"}");
        deliver(4);
        EdgeFixture.await(
                "the new epoch ships", () -> fixture.platform.leaves(2).size() == 4);
    }

    @Test
    void anEdgeOlderThanWhatThePlatformHoldsBeginsANewEpoch() throws IOException {
        goBackInTime(Duration.ZERO);
        assertThat(fixture.platform.rejections).isEmpty();
        assertThat(health()).contains("the platform acknowledges 1/8");
    }

    @Test
    void anEdgeThatSignsANumberTwiceIsFoundOutAndBeginsANewEpoch() throws IOException {
        goBackInTime(Duration.ofMillis(5));
        assertThat(fixture.platform.rejections).containsOnly("delivery/equivocation");
        assertThat(health()).contains("the platform refuses it (delivery/equivocation)");
    }

    /** The data directory is put back to what it was four deliveries ago, and one more is made. */
    private void goBackInTime(Duration clockStep) throws IOException {
        fixture.start();
        deliver(4);
        assertThat(drained()).isTrue();
        fixture.stop();
        Path old = dir.resolveSibling(dir.getFileName() + "-old");
        copy(dir, old);
        fixture.start();
        deliver(4);
        assertThat(drained()).isTrue();
        fixture.stop();
        delete(dir);
        copy(old, dir);
        delete(old);
        fixture.clock.step(clockStep);
        fixture.start();
        deliver(1);
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
    }

    @Test
    void whatThePlatformRefusesForAWhileIsTakenLater() throws IOException {
        fixture.start();
        deliver(1);
        assertThat(drained()).isTrue();
        for (int i = 0; i < 3; i++) {
            fixture.platform.replies.add(StubPlatform.Reply.REJECT);
        }
        deliver(1);
        EdgeFixture.await("it is reported", () -> health().contains("the platform refuses it (batch/root)"));
        deliver(1);
        assertThat(drained()).isTrue();
        assertThat(fixture.platform.standing()).hasSize(3);
        EdgeFixture.await("all is well", () -> health().contains("\"status\":\"ok\""));
    }

    @Test
    void aRevokedEdgeStopsServing() throws IOException {
        fixture.start();
        deliver(1);
        fixture.platform.edgeRevoked = true;
        fixture.call(request);
        EdgeFixture.await(
                "refused",
                () -> StubPlatform.unchecked(
                        () -> fixture.call(request).problem().equals("edge/revoked")));
        assertThat(health()).contains("\"status\":\"edge/revoked\"");
    }

    @Test
    void aFlippedBitInTheSpoolIsReportedAndNotShippedAndServiceGoesOn() throws IOException {
        fixture.start();
        deliver(2);
        assertThat(drained()).isTrue();
        fixture.platform.away = true;
        deliver(3);
        fixture.stop();
        byte[] bytes = Files.readAllBytes(segment());
        bytes[bytes.length - 100] ^= 4;
        Files.write(segment(), bytes);
        fixture.platform.away = false;
        fixture.start();
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
        deliver(2);
        EdgeFixture.await("it ships", () -> fixture.platform.leaves(2).size() == 2);
        EdgeFixture.await(
                "what is whole ships", () -> fixture.platform.leaves(1).size() == 4);
        assertThat(sequences()).isEqualTo(to(4));
        assertThat(health()).contains("\"blocked\":{\"1\":").contains("batch/checksum");
        assertThat(fixture.platform.rejections).isEmpty();
        SpoolReport report = SpoolReport.inspect(dir);
        assertThat(report.isSound()).isFalse();
        assertThat(report.epochs().getFirst().damaged().getFirst().reason()).isEqualTo("batch/checksum");
        assertThat(report.epochs().getLast().damaged()).isEmpty();
    }

    @Test
    void aFlippedBitUnderARunningEdgeIsFoundBeforeItIsShipped() throws IOException {
        fixture.start();
        deliver(1);
        assertThat(drained()).isTrue();
        fixture.platform.away = true;
        deliver(3);
        byte[] bytes = Files.readAllBytes(segment());
        bytes[written(bytes) - 200] ^= 1;
        Files.write(segment(), bytes);
        // a shipment read before the flip would still be whole
        EdgeFixture.await("it is found", () -> health().contains("\"blocked\":{\"1\":"));
        fixture.platform.away = false;
        EdgeFixture.await("a new epoch", () -> health().contains("\"epoch\":2"));
        deliver(1);
        EdgeFixture.await("it ships", () -> fixture.platform.leaves(2).size() == 1);
        EdgeFixture.await(
                "what is whole ships", () -> fixture.platform.leaves(1).size() == 3);
        assertThat(sequences()).isEqualTo(to(3));
        assertThat(fixture.platform.rejections).isEmpty();
    }

    /** Where the room made for more begins. */
    private static int written(byte[] segment) {
        int end = segment.length;
        while (segment[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
