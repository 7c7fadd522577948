package org.tallystick.edge;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.edge.sealing.Sealer;
import org.tallystick.edge.serving.Account;
import org.tallystick.edge.serving.Admission;
import org.tallystick.edge.serving.Listener;
import org.tallystick.edge.shipping.Shipper;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Region;

/**
 * Everything an edge can be told, typed and with units, so that a wrong setting is refused before anything listens.
 * Immutable, safe from any thread. The API key never appears in {@link #toString}.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 to 65535; 0 takes a free one
 * @param dataDir directory this edge alone writes to: keys, spool, cache
 * @param platform base address of the platform, {@code http} or {@code https}
 * @param edge number the platform gave this edge, at least 1
 * @param apiKey the key the platform gave with it
 * @param cacheBytes most bytes of works kept on disk, at least 1 MiB
 * @param memoryBytes most bytes of small works kept in memory, at least 0
 * @param spoolBytes most bytes of batches not yet acknowledged, at least 64 KiB; past it the edge refuses to deliver
 * @param segmentBytes bytes after which a spool file is followed by the next, 4 KiB to 64 MiB
 * @param reservationBlock sequence numbers reserved on disk at a time, 1 to 2^24; the most an unclean stop may skip
 * @param maxBatchLeaves most leaves sealed together, 1 to {@value BatchHeader#MAX_COUNT}
 * @param maxPending most deliveries waiting to be sealed, at least 1; past it the edge sheds load
 * @param maxConnections most open connections, at least 1
 * @param eventLoops threads that serve connections, 1 to 256
 * @param idleTimeout how long a connection may make no progress, at least 1 ms
 * @param deliveryTimeout how long one delivery may take, however slowly it goes on, at least 1 ms
 * @param drainTimeout how long closing waits for answers under way, at least 0
 * @param pollInterval how often revocations are asked for, at least 1 ms
 * @param shipInterval least time between two shipments, so that batches gather; 0 ships each at once
 * @param retryMin first wait after the platform failed, at least 1 ms
 * @param retryMax longest wait after the platform failed, at least {@code retryMin}
 * @param repeats how often the bytes of its works may be sent under one token, 1 to 2^20; against abuse, not for billing
 * @param tokenBytes bytes that may be sent under any token, however short its works, at least 0
 * @param region where this edge delivers; without it, only what may be delivered anywhere is
 * @param signatures which implementation of Ed25519 to use
 */
public record EdgeConfig(
        String host,
        int port,
        Path dataDir,
        URI platform,
        int edge,
        String apiKey,
        long cacheBytes,
        long memoryBytes,
        long spoolBytes,
        int segmentBytes,
        int reservationBlock,
        int maxBatchLeaves,
        int maxPending,
        int maxConnections,
        int eventLoops,
        Duration idleTimeout,
        Duration deliveryTimeout,
        Duration drainTimeout,
        Duration pollInterval,
        Duration shipInterval,
        Duration retryMin,
        Duration retryMax,
        int repeats,
        long tokenBytes,
        Optional<Region> region,
        Signatures signatures) {

    public EdgeConfig {
        Objects.requireNonNull(dataDir);
        Objects.requireNonNull(region);
        Objects.requireNonNull(signatures);
        require(!host.isBlank(), "host must not be empty");
        within("port", port, 0, 65535);
        String scheme = Objects.requireNonNullElse(platform.getScheme(), "");
        require(
                (scheme.equals("http") || scheme.equals("https")) && platform.getHost() != null,
                "platform must be an http or https address, not " + platform);
        within("edge", edge, 1, Integer.MAX_VALUE);
        require(
                !apiKey.isBlank() && apiKey.chars().allMatch(c -> c > 0x20 && c < 0x7f),
                "apiKey must be printable and not empty");
        within("cacheBytes", cacheBytes, 1 << 20, Long.MAX_VALUE);
        within("memoryBytes", memoryBytes, 0, Long.MAX_VALUE);
        within("spoolBytes", spoolBytes, 1 << 16, Long.MAX_VALUE);
        within("segmentBytes", segmentBytes, 1 << 12, 1 << 26);
        within("reservationBlock", reservationBlock, 1, 1 << 24);
        within("maxBatchLeaves", maxBatchLeaves, 1, BatchHeader.MAX_COUNT);
        within("maxPending", maxPending, 1, 1 << 20);
        within("maxConnections", maxConnections, 1, 1 << 20);
        within("eventLoops", eventLoops, 1, 256);
        atLeast("idleTimeout", idleTimeout, Duration.ofMillis(1));
        atLeast("deliveryTimeout", deliveryTimeout, Duration.ofMillis(1));
        within("repeats", repeats, 1, 1 << 20);
        within("tokenBytes", tokenBytes, 0, Long.MAX_VALUE);
        atLeast("drainTimeout", drainTimeout, Duration.ZERO);
        atLeast("pollInterval", pollInterval, Duration.ofMillis(1));
        atLeast("shipInterval", shipInterval, Duration.ZERO);
        atLeast("retryMin", retryMin, Duration.ofMillis(1));
        atLeast("retryMax", retryMax, retryMin);
    }

    /**
     * The defaults around what has none.
     *
     * @throws IllegalArgumentException where a value is out of range, as all constructors here
     */
    public static EdgeConfig of(Path dataDir, URI platform, int edge, String apiKey) {
        return new EdgeConfig(
                "127.0.0.1",
                8090,
                dataDir,
                platform,
                edge,
                apiKey,
                10L << 30,
                256L << 20,
                1L << 30,
                8 << 20,
                1 << 16,
                BatchHeader.MAX_COUNT,
                1 << 14,
                1 << 13,
                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16),
                Duration.ofSeconds(60),
                Duration.ofHours(12),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                20,
                64L << 30,
                Optional.empty(),
                Signatures.AUTO);
    }

    /**
     * A copy with some settings changed by name, as an operator writes them: sizes as {@code 64MiB} or bytes, durations
     * as {@code 250ms}, {@code 30s} or {@code 5m}. Names are those of the components, for example {@code spoolBytes}.
     *
     * @throws IllegalArgumentException for an unknown name or a value that is no such thing, naming both
     */
    public EdgeConfig with(Map<String, String> settings) {
        EdgeSettings read = new EdgeSettings(settings);
        EdgeConfig config = new EdgeConfig(
                read.value("host", host, Function.identity()),
                read.value("port", port, Integer::parseInt),
                read.value("dataDir", dataDir, Path::of),
                read.value("platform", platform, URI::create),
                read.value("edge", edge, Integer::parseInt),
                read.value("apiKey", apiKey, Function.identity()),
                read.value("cacheBytes", cacheBytes, EdgeSettings::bytes),
                read.value("memoryBytes", memoryBytes, EdgeSettings::bytes),
                read.value("spoolBytes", spoolBytes, EdgeSettings::bytes),
                read.value("segmentBytes", segmentBytes, text -> Math.toIntExact(EdgeSettings.bytes(text))),
                read.value("reservationBlock", reservationBlock, Integer::parseInt),
                read.value("maxBatchLeaves", maxBatchLeaves, Integer::parseInt),
                read.value("maxPending", maxPending, Integer::parseInt),
                read.value("maxConnections", maxConnections, Integer::parseInt),
                read.value("eventLoops", eventLoops, Integer::parseInt),
                read.value("idleTimeout", idleTimeout, EdgeSettings::duration),
                read.value("deliveryTimeout", deliveryTimeout, EdgeSettings::duration),
                read.value("drainTimeout", drainTimeout, EdgeSettings::duration),
                read.value("pollInterval", pollInterval, EdgeSettings::duration),
                read.value("shipInterval", shipInterval, EdgeSettings::duration),
                read.value("retryMin", retryMin, EdgeSettings::duration),
                read.value("retryMax", retryMax, EdgeSettings::duration),
                read.value("repeats", repeats, Integer::parseInt),
                read.value("tokenBytes", tokenBytes, EdgeSettings::bytes),
                read.value("region", region, EdgeSettings::region),
                read.value("signatures", signatures, EdgeSettings::signatures));
        read.noOthers();
        return config;
    }

    /** A copy that listens elsewhere. */
    public EdgeConfig withAddress(String newHost, int newPort) {
        return with(Map.of("host", newHost, "port", Integer.toString(newPort)));
    }

    /** What the listener is told. */
    Listener.Settings listening() {
        return new Listener.Settings(
                host, port, eventLoops, maxConnections, idleTimeout, deliveryTimeout, drainTimeout);
    }

    /** What admission is told. */
    Admission.Settings admission() {
        return new Admission.Settings(spoolBytes, new Account.Limits(repeats, tokenBytes));
    }

    /** What the sealer is told. */
    Sealer.Settings sealing() {
        return new Sealer.Settings(edge, maxBatchLeaves, maxPending);
    }

    /** What the shipper is told. */
    Shipper.Settings shipping() {
        return new Shipper.Settings(shipInterval, retryMin, retryMax);
    }

    /** What upkeep is told. */
    Upkeep.Settings upkeep() {
        return new Upkeep.Settings(pollInterval, retryMin, retryMax);
    }

    @Override
    public String toString() {
        return "EdgeConfig[edge=" + edge + ", host=" + host + ", port=" + port + ", dataDir=" + dataDir + ", platform="
                + platform + ", apiKey=***]";
    }

    private static void within(String name, long value, long min, long max) {
        require(value >= min && value <= max, name + " must be " + min + " to " + max + ", not " + value);
    }

    private static void atLeast(String name, Duration value, Duration min) {
        require(value.compareTo(min) >= 0, name + " must be at least " + min.toMillis() + " ms, not " + value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
