package org.tallystick.edge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Region;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Signer;

/** A platform, an edge's data directory, and edges that are started on it one after another. */
public final class EdgeFixture implements AutoCloseable {
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    final StubPlatform platform = new StubPlatform();
    final MutableClock clock = new MutableClock(NOON);
    final Path dir;
    final Map<String, String> settings = new HashMap<>(Map.of(
            "shipInterval", "1ms",
            "retryMin", "5ms",
            "retryMax", "50ms",
            "pollInterval", "10ms",
            "drainTimeout", "2s",
            "cacheBytes", "64MiB",
            "memoryBytes", "16MiB",
            "reservationBlock", "1000"));
    FaultyDisk disk = new FaultyDisk();
    Optional<EdgeServer> running = Optional.empty();

    EdgeFixture(Path dir) throws IOException {
        this.dir = dir;
    }

    EdgeConfig config() {
        return EdgeConfig.of(dir, platform.uri(), 1, StubPlatform.API_KEY)
                .withAddress("127.0.0.1", 0)
                .with(settings);
    }

    /** Starts an edge on the directory and waits until it serves. */
    EdgeServer start() throws IOException {
        EdgeServer edge = launch();
        await("the edge serves", () -> health(edge).status() == 200);
        return edge;
    }

    /** Starts an edge without waiting for anything. */
    EdgeServer launch() throws IOException {
        EdgeServer edge = EdgeServer.start(config(), new EdgeServer.Environment(disk, clock));
        running = Optional.of(edge);
        return edge;
    }

    /** Stops the running edge as an operator does. */
    void stop() {
        running.ifPresent(EdgeServer::close);
        running = Optional.empty();
    }

    /** The machine dies and comes back with an empty memory. */
    void crash() {
        disk.kill();
        stop();
        disk = new FaultyDisk();
    }

    RawHttp client() throws IOException {
        return new RawHttp(running.orElseThrow().port());
    }

    RawHttp.Response call(String request) throws IOException {
        try (RawHttp client = client()) {
            return client.call(request);
        }
    }

    static RawHttp.Response health(EdgeServer edge) {
        return StubPlatform.unchecked(() -> {
            try (RawHttp client = new RawHttp(edge.port())) {
                return client.call(RawHttp.get("/healthz", ""));
            }
        });
    }

    String metrics() throws IOException {
        return new String(call(RawHttp.get("/metrics", "")).body(), StandardCharsets.UTF_8);
    }

    /** The value of one line of the metrics. */
    long metric(String name) throws IOException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("tallystick_edge_" + name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    static void await(String what, BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > Duration.ofSeconds(10).toNanos()) {
                throw new AssertionError("not within 10 s: " + what);
            }
            StubPlatform.unchecked(() -> {
                Thread.sleep(2);
                return true;
            });
        }
    }

    /** Works of some lengths with bytes that follow from a seed. */
    List<ContentId> works(int... lengths) {
        List<ContentId> works = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            byte[] content = new byte[lengths[i]];
            new Random(1000L + i).nextBytes(content);
            works.add(platform.store(content));
        }
        return works;
    }

    Grant grant(Hash dataset, String... regions) {
        return new Grant(
                "test.example/log",
                "buyer-1",
                "contract-1",
                "job-1",
                Scope.TRAINING,
                dataset,
                NOON.minusSeconds(60),
                NOON.plusSeconds(3600),
                Optional.empty(),
                Region.parseAll(List.of(regions), 9));
    }

    String token(Hash dataset) {
        return token(grant(dataset), platform.signer);
    }

    static String token(Grant grant, Signer signer) {
        return grant.sign(signer);
    }

    static String path(ContentId work) {
        return "/works/" + work;
    }

    /** Verifies a receipt as a consumer does, offline. */
    Receipt verified(RawHttp.Response response) {
        Receipt receipt = response.receipt();
        receipt.verify(platform.certificate(receipt.leaf().epoch()), StubPlatform.VERIFIER);
        return receipt;
    }

    @Override
    public void close() {
        stop();
        platform.close();
    }
}
