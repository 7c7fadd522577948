package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;

/**
 * Faults that last, beside those of single steps in {@link CrashTest}: a disk that is full or slow, a platform whose
 * answers are lost, a clock that steps. Each time every receipt held is with the platform in the end, once.
 */
class FaultMatrixTest {
    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private String request = "";
    private final List<Receipt> held = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        fixture = new EdgeFixture(dir);
        fixture.settings.put("segmentBytes", "4KiB");
        fixture.settings.put("reservationBlock", "16");
        List<ContentId> works = fixture.works(300);
        request = RawHttp.get(EdgeFixture.path(works.getFirst()), fixture.token(fixture.platform.publish(works)));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    /** Asks so often; answers how many were delivered. */
    private int deliver(int times) throws IOException {
        int delivered = 0;
        for (int i = 0; i < times; i++) {
            RawHttp.Response response = fixture.call(request);
            if (response.status() == 200) {
                held.add(fixture.verified(response));
                delivered++;
            } else {
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.problem()).isEqualTo("spool/unavailable");
                assertThat(response.has("Retry-After")).isTrue();
                assertThat(response.has("Tallystick-Receipt")).isFalse();
            }
        }
        return delivered;
    }

    private void everythingHeldIsWithThePlatform() {
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(fixture.platform.rejections).isEmpty();
        assertThat(held)
                .extracting(
                        receipt -> receipt.leaf().epoch() + "/" + receipt.leaf().sequence())
                .doesNotHaveDuplicates();
        List<Leaf> standing = fixture.platform.standing();
        assertThat(standing).containsAll(held.stream().map(Receipt::leaf).toList());
        assertThat(standing).as("what was refused left no leaf").hasSize(held.size());
    }

    @Test
    void aFullDiskRefusesAndGoesOnOnceThereIsRoom() throws IOException {
        fixture.start();
        assertThat(deliver(5)).isEqualTo(5);
        fixture.platform.away = true;
        for (long room : new long[] {0, 1, 100, 700, 4096}) {
            fixture.disk.leaveRoomFor(room);
            assertThat(deliver(30)).as("with room for " + room).isLessThan(30);
            fixture.disk.leaveRoomFor(Long.MAX_VALUE);
            assertThat(deliver(3)).as("after " + room).isEqualTo(3);
        }
        fixture.platform.away = false;
        everythingHeldIsWithThePlatform();
        assertThat(fixture.platform.certificates)
                .as("a full disk ends no epoch")
                .hasSize(1);
    }

    @Test
    void shippingFreesAFullDisk() throws IOException {
        fixture.start();
        assertThat(deliver(1)).isEqualTo(1);
        fixture.platform.away = true;
        assertThat(deliver(40)).isEqualTo(40);
        fixture.disk.leaveRoomFor(0);
        assertThat(deliver(40)).isLessThan(40);
        fixture.platform.away = false;
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(10)))
                .isTrue();
        assertThat(deliver(5)).as("the segments shipped made room").isEqualTo(5);
        everythingHeldIsWithThePlatform();
    }

    @Test
    void anEdgeDiesOnAFullDiskAndStartsOnIt() throws IOException {
        fixture.start();
        assertThat(deliver(1)).isEqualTo(1);
        fixture.platform.away = true;
        assertThat(deliver(10)).isEqualTo(10);
        fixture.disk.leaveRoomFor(300);
        deliver(20);
        fixture.crash();
        fixture.disk.leaveRoomFor(0);
        fixture.platform.away = false;
        fixture.start();
        deliver(3);
        fixture.disk.leaveRoomFor(Long.MAX_VALUE);
        assertThat(deliver(3)).isEqualTo(3);
        everythingHeldIsWithThePlatform();
    }

    @Test
    void aSlowDiskMakesReceiptsLateAndBatchesLarge() throws Exception {
        fixture.start();
        assertThat(deliver(1)).isEqualTo(1);
        long batches = fixture.metric("batches_total");
        fixture.disk.slow(Duration.ofMillis(30));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<Receipt>>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(() -> {
                    List<Receipt> own = new ArrayList<>();
                    try (RawHttp client = fixture.client()) {
                        for (int n = 0; n < 4; n++) {
                            own.add(fixture.verified(client.call(request)));
                        }
                    }
                    return own;
                });
            }
            for (Future<List<Receipt>> own : clients.invokeAll(calls)) {
                held.addAll(own.get());
            }
        }
        assertThat(held).hasSize(65);
        assertThat(fixture.metric("batches_total") - batches)
                .as("what comes during a sync shares the next")
                .isLessThan(32);
        everythingHeldIsWithThePlatform();
    }

    @Test
    void stoppingWaitsForASlowDisk() throws IOException {
        fixture.start();
        assertThat(deliver(1)).isEqualTo(1);
        fixture.platform.away = true;
        assertThat(deliver(2)).isEqualTo(2);
        fixture.disk.slow(Duration.ofMillis(200));
        try (RawHttp client = fixture.client()) {
            client.send(request);
            EdgeFixture.await(
                    "it is being sealed", () -> StubPlatform.unchecked(() -> fixture.metric("pending_leaves") == 1));
            fixture.stop();
            held.add(fixture.verified(client.read(false)));
        }
        fixture.platform.away = false;
        fixture.start();
        everythingHeldIsWithThePlatform();
    }

    @Test
    void aCertificateWhoseRequestOrAnswerIsLostIsAskedForAgainAndIsTheSame() throws IOException {
        for (StubPlatform.Reply reply : List.of(StubPlatform.Reply.BREAK, StubPlatform.Reply.TAKE_AND_BREAK)) {
            for (int i = 0; i < 3; i++) {
                fixture.platform.certificateReplies.add(reply);
            }
        }
        fixture.platform.validity = Duration.ofMinutes(100);
        fixture.start();
        assertThat(deliver(3)).isEqualTo(3);
        assertThat(fixture.platform.certificates).hasSize(1);
        fixture.platform.certificateReplies.add(StubPlatform.Reply.TAKE_AND_BREAK);
        fixture.platform.certificateReplies.add(StubPlatform.Reply.BREAK);
        fixture.clock.step(Duration.ofMinutes(50));
        fixture.platform.now = fixture.clock.instant();
        fixture.clock.step(Duration.ofMinutes(42));
        EdgeFixture.await(
                "the second epoch",
                () -> StubPlatform.unchecked(
                        () -> fixture.call(RawHttp.get("/certificates/2", "")).status() == 200));
        assertThat(fixture.platform.certificates).hasSize(2);
    }

    @Test
    void aClockThatStepsBetweenStartsAndCrashesBreaksNothing() throws IOException {
        fixture.start();
        int[] seconds = {20, -50, 45, -30, 5, -10};
        for (int i = 0; i < seconds.length; i++) {
            assertThat(deliver(2)).isEqualTo(2);
            if (i % 2 == 0) {
                fixture.stop();
            } else {
                fixture.crash();
            }
            fixture.clock.step(Duration.ofSeconds(seconds[i]));
            fixture.start();
            long now = fixture.clock.millis();
            assertThat(deliver(1)).isEqualTo(1);
            assertThat(held.getLast().leaf().time()).isEqualTo(now);
        }
        everythingHeldIsWithThePlatform();
    }

    @Test
    void aTokenIsJudgedByTheClockAsItStands() throws IOException {
        fixture.start();
        assertThat(deliver(1)).isEqualTo(1);
        for (int round = 0; round < 3; round++) {
            fixture.clock.step(Duration.ofHours(1));
            assertThat(fixture.call(request).problem()).isEqualTo("token/expired");
            fixture.clock.step(Duration.ofHours(-1));
            assertThat(deliver(1)).isEqualTo(1);
        }
        everythingHeldIsWithThePlatform();
    }
}
