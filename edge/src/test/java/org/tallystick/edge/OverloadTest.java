package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;

/** More is asked than the edge can take: it refuses the rest at once, holds only so much, and keeps its promises. */
class OverloadTest {
    private static final int CLIENTS = 24;
    private static final int REQUESTS = 40;
    private static final int BODY = 200_000;
    private static final int QUEUE = 8;

    @TempDir
    Path dir;

    private record Outcome(List<Receipt> receipts, int shed) {}

    /** A batch holds two leaves and its sync takes 5 ms; in that time 24 clients could ask for a dozen times as much. */
    @Test
    void farBeyondWhatItCanTakeTheEdgeShedsAndStaysWithinMemory() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.settings.put("maxPending", Integer.toString(QUEUE));
            fixture.settings.put("maxBatchLeaves", "2");
            List<ContentId> works = fixture.works(BODY);
            String request =
                    RawHttp.get(EdgeFixture.path(works.getFirst()), fixture.token(fixture.platform.publish(works)));
            EdgeServer edge = fixture.start();
            assertThat(fixture.call(request).status()).isEqualTo(200);
            long memory = PlatformDependent.usedDirectMemory();
            fixture.disk.slow(Duration.ofMillis(5));
            List<Callable<Outcome>> floods = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                floods.add(() -> flood(fixture, request));
            }
            List<Future<Outcome>> running = floods.stream().map(clients::submit).toList();
            long mostPending = 0;
            long mostMemory = 0;
            while (!running.stream().allMatch(Future::isDone)) {
                mostPending = Math.max(mostPending, fixture.metric("pending_leaves"));
                mostMemory = Math.max(mostMemory, PlatformDependent.usedDirectMemory() - memory);
            }
            List<Leaf> accepted = new ArrayList<>();
            int shed = 0;
            for (Future<Outcome> outcome : running) {
                outcome.get().receipts().forEach(receipt -> accepted.add(receipt.leaf()));
                shed += outcome.get().shed();
            }
            assertThat(accepted.size() + shed).isEqualTo(CLIENTS * REQUESTS);
            assertThat(shed).as("most is refused").isGreaterThan(2 * accepted.size());
            assertThat(accepted).isNotEmpty();
            assertThat(mostPending).isLessThanOrEqualTo(QUEUE + 2);
            assertThat(mostMemory).as("direct memory beyond what it began with").isLessThan(64 << 20);
            fixture.disk.slow(Duration.ZERO);
            assertThat(edge.awaitDrained(Duration.ofSeconds(10))).isTrue();
            assertThat(fixture.platform.standing()).containsAll(accepted).hasSize(accepted.size() + 1);
            assertThat(fixture.call(request).status())
                    .as("afterwards all is well")
                    .isEqualTo(200);
        }
    }

    /** Asks again as soon as it is answered, whatever it is told to wait. */
    private static Outcome flood(EdgeFixture fixture, String request) throws IOException {
        List<Receipt> receipts = new ArrayList<>();
        int shed = 0;
        try (RawHttp client = fixture.client()) {
            for (int i = 0; i < REQUESTS; i++) {
                RawHttp.Response response = client.call(request);
                if (response.status() == 200) {
                    assertThat(response.body()).hasSize(BODY);
                    receipts.add(fixture.verified(response));
                } else {
                    assertThat(response.status()).isEqualTo(503);
                    assertThat(response.problem()).isEqualTo("edge/overloaded");
                    assertThat(Integer.parseInt(response.header("Retry-After"))).isPositive();
                    shed++;
                }
            }
        }
        return new Outcome(receipts, shed);
    }
}
