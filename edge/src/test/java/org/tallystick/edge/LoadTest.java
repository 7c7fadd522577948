package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.sign.JdkEd25519;

/** Many clients at once, and more than the edge is willing to take. */
class LoadTest {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 1000;

    @TempDir
    Path dir;

    private static String token(EdgeFixture fixture, Hash dataset, int client) {
        Grant grant = new Grant(
                "test.example/log",
                "buyer-" + client % 2,
                "contract-" + client % 2,
                "job-" + client,
                Scope.TRAINING,
                dataset,
                EdgeFixture.NOON.minusSeconds(60),
                EdgeFixture.NOON.plusSeconds(60),
                Optional.empty());
        return EdgeFixture.token(grant, fixture.platform.signer);
    }

    /** One client: keeps its connection, pipelines a little, and keeps every receipt. */
    private static List<Receipt> pull(EdgeFixture fixture, List<ContentId> works, String token, int seed)
            throws IOException {
        List<Receipt> receipts = new ArrayList<>();
        try (RawHttp client = fixture.client()) {
            for (int i = 0; i < REQUESTS; i += 5) {
                StringBuilder requests = new StringBuilder();
                for (int k = i; k < i + 5; k++) {
                    requests.append(RawHttp.get(EdgeFixture.path(works.get((seed + k) % works.size())), token));
                }
                client.send(requests.toString());
                for (int k = i; k < i + 5; k++) {
                    RawHttp.Response response = client.read(false);
                    assertThat(response.status()).isEqualTo(200);
                    Receipt receipt = response.receipt();
                    assertThat(receipt.leaf().content()).isEqualTo(works.get((seed + k) % works.size()));
                    receipts.add(receipt);
                }
            }
        }
        return receipts;
    }

    @Test
    void eightClientsGetValidReceiptsWithDenseNumbers() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.settings.put("eventLoops", "3");
            fixture.settings.put("reservationBlock", "500");
            fixture.settings.put("segmentBytes", "256KiB");
            List<ContentId> works = fixture.works(100, 2000, 3000, 4000, 10, 0, 777);
            Hash dataset = fixture.platform.publish(works);
            EdgeServer edge = fixture.start();
            List<Callable<List<Receipt>>> pulls = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                pulls.add(() -> pull(fixture, works, token(fixture, dataset, client), client));
            }
            List<Receipt> held = new ArrayList<>();
            for (Future<List<Receipt>> receipts : clients.invokeAll(pulls)) {
                held.addAll(receipts.get());
            }
            assertThat(held).hasSize(CLIENTS * REQUESTS);
            checkReceipts(fixture, held);
            assertThat(edge.awaitDrained(Duration.ofSeconds(10))).isTrue();
            List<Leaf> leaves = fixture.platform.leaves(1);
            assertThat(leaves).hasSize(CLIENTS * REQUESTS);
            assertThat(leaves.getLast().sequence()).as("dense").isEqualTo(CLIENTS * REQUESTS);
            assertThat(fixture.metric("batches_total")).isLessThan(CLIENTS * REQUESTS / 2);
            assertThat(fixture.metrics())
                    .contains("tallystick_edge_leaves_total{kind=\"full\"} " + CLIENTS * REQUESTS + "\n");
        }
    }

    /** Every receipt's path, every header's signature once, every number once. */
    private static void checkReceipts(EdgeFixture fixture, List<Receipt> held) {
        TreeMap<Long, Receipt> byNumber = new TreeMap<>();
        List<SignedHeader> headers = new ArrayList<>();
        for (Receipt receipt : held) {
            receipt.checkPath();
            assertThat(byNumber.put(receipt.leaf().sequence(), receipt)).isNull();
        }
        assertThat(byNumber.lastKey()).isEqualTo(held.size());
        byNumber.values().forEach(receipt -> {
            if (headers.isEmpty() || !headers.getLast().equals(receipt.signed())) {
                headers.add(receipt.signed());
            }
        });
        for (int i = 0; i < headers.size(); i++) {
            if (i > 0) {
                assertThat(headers.get(i).header().previous())
                        .isEqualTo(headers.get(i - 1).header().hash());
            }
            if (i % 50 == 0) {
                headers.get(i).verify(fixture.platform.certificate(1), JdkEd25519.verifier());
            }
        }
    }

    @Test
    void moreConnectionsThanAllowedAreTurnedAway() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("maxConnections", "3");
            EdgeServer edge = fixture.start();
            EdgeFixture.await(
                    "the starting connection is gone",
                    () -> StubPlatform.unchecked(() -> fixture.metric("open_connections") == 1));
            List<RawHttp> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RawHttp client = new RawHttp(edge.port());
                open.add(client);
                assertThat(client.call(RawHttp.get("/healthz", "")).status()).isEqualTo(200);
            }
            try (RawHttp over = new RawHttp(edge.port())) {
                assertThat(over.isClosedByPeer()).isTrue();
            }
            open.getFirst().close();
            EdgeFixture.await(
                    "a place is free",
                    () -> StubPlatform.unchecked(() -> {
                        try (RawHttp again = new RawHttp(edge.port())) {
                            return again.call(RawHttp.get("/healthz", "")).status() == 200;
                        } catch (IOException e) {
                            return false;
                        }
                    }));
            for (RawHttp client : open) {
                client.close();
            }
        }
    }

    @Test
    void idleConnectionsAndSlowRequestsAreLetGo() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            fixture.settings.put("idleTimeout", "100ms");
            EdgeServer edge = fixture.start();
            try (RawHttp idle = new RawHttp(edge.port());
                    RawHttp slow = new RawHttp(edge.port())) {
                Thread drip = Thread.ofVirtual().start(() -> {
                    try {
                        for (char c : RawHttp.get("/healthz", "", "X: " + "y".repeat(2000))
                                .toCharArray()) {
                            slow.send(String.valueOf(c));
                            Thread.sleep(10);
                        }
                    } catch (IOException | InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                assertThat(idle.isClosedByPeer()).isTrue();
                assertThat(slow.isClosedByPeer()).isTrue();
                drip.interrupt();
                drip.join();
            }
        }
    }

    @Test
    void pastItsQueueTheEdgeShedsAndWhatItTookIsDurable() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.settings.put("maxPending", "2");
            fixture.settings.put("maxBatchLeaves", "1");
            List<ContentId> works = fixture.works(100);
            String request =
                    RawHttp.get(EdgeFixture.path(works.getFirst()), fixture.token(fixture.platform.publish(works)));
            EdgeServer edge = fixture.start();
            assertThat(fixture.call(request).status()).isEqualTo(200);
            List<Callable<int[]>> floods = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                floods.add(() -> flood(fixture, request));
            }
            int taken = 1;
            int shed = 0;
            for (Future<int[]> counts : clients.invokeAll(floods)) {
                taken += counts.get()[0];
                shed += counts.get()[1];
            }
            assertThat(shed).isPositive();
            assertThat(edge.awaitDrained(Duration.ofSeconds(10))).isTrue();
            assertThat(fixture.platform.standing()).hasSize(taken);
            assertThat(new String(EdgeFixture.health(edge).body(), StandardCharsets.UTF_8))
                    .contains("\"ok\"");
        }
    }

    /** Pipelines more than fits; answers how many were delivered and how many refused. */
    private static int[] flood(EdgeFixture fixture, String request) throws IOException {
        int[] counts = new int[2];
        try (RawHttp client = fixture.client()) {
            client.send(request.repeat(60));
            for (int i = 0; i < 60; i++) {
                RawHttp.Response response = client.read(false);
                if (response.status() == 200) {
                    counts[0]++;
                } else {
                    assertThat(response.problem()).isEqualTo("edge/overloaded");
                    assertThat(response.header("Retry-After")).isEqualTo("1");
                    counts[1]++;
                }
            }
        }
        return counts;
    }
}
