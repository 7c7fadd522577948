package org.tallystick.edge;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.cache.ChunkLists;
import org.tallystick.edge.cache.Datasets;
import org.tallystick.edge.cache.OrderTables;
import org.tallystick.edge.cache.WorkLoader;
import org.tallystick.edge.cache.WorkStore;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.disk.RealDisk;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Identity;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.sealing.Epochs;
import org.tallystick.edge.sealing.Sealer;
import org.tallystick.edge.serving.Admission;
import org.tallystick.edge.serving.Health;
import org.tallystick.edge.serving.Listener;
import org.tallystick.edge.serving.Releases;
import org.tallystick.edge.serving.Router;
import org.tallystick.edge.serving.Works;
import org.tallystick.edge.shipping.Shipper;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.spool.Spool;
import org.tallystick.edge.status.BreakingOff;
import org.tallystick.edge.status.Metrics;
import org.tallystick.edge.status.Standing;
import org.tallystick.edge.tokens.Revocations;
import org.tallystick.edge.tokens.TokenGate;

/**
 * A running edge: serves works to holders of scoped tokens, leaves a signed, durable, numbered leaf for each delivery,
 * hands the consumer its receipt with the answer, and ships the leaves to the platform.
 *
 * <p>The whole object graph is made in the constructor, top to bottom, and closed in reverse. Safe from any thread.
 */
public final class EdgeServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
    private static final long MOST_MEMBERS_IN_MEMORY = 2_000_000;
    private static final OrderTables.Bounds ORDER_TABLES = new OrderTables.Bounds(64L << 20, 1L << 30);

    private final Standing standing = new Standing();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Spool spool;
    private final Sealer sealer;
    private final Listener listener;

    /** What tests replace: the disk and the clock. */
    record Environment(Disk disk, InstantSource clock) {}

    /**
     * Starts an edge and returns once it listens. It need not reach the platform for that: until it has a certificate
     * it answers {@code edge/starting}, and {@code /healthz} says so.
     *
     * @throws IOException where the data directory or the address cannot be used
     * @throws IllegalStateException where the data directory belongs to another edge, or is in use
     */
    public static EdgeServer start(EdgeConfig config) throws IOException {
        return start(config, new Environment(new RealDisk(), InstantSource.system()));
    }

    static EdgeServer start(EdgeConfig config, Environment environment) throws IOException {
        return new EdgeServer(config, environment);
    }

    private EdgeServer(EdgeConfig config, Environment environment) throws IOException {
        boolean started = false;
        try {
            Path data = Files.createDirectories(config.dataDir());
            open.push(lock(data.resolve("lock")));
            Disk disk = environment.disk();
            InstantSource clock = environment.clock();
            Ed25519Provider ed25519 = Ed25519Provider.choose(config.signatures());
            Metrics metrics = new Metrics(new BreakingOff(clock));
            ExecutorService workers = opened(Executors.newVirtualThreadPerTaskExecutor());

            Identity identity = Identity.open(disk, data.resolve("identity.json"), config.edge());
            Quotas quotas = new Quotas(clock);
            spool = Spool.open(disk, data.resolve("spool"), config.edge(), config.segmentBytes(), quotas);
            open.push(spool::close);
            PlatformClient platform = new PlatformClient(config.platform(), config.apiKey());
            open.push(platform);
            Epochs epochs = new Epochs(
                    disk,
                    data.resolve("epochs"),
                    identity,
                    platform,
                    ed25519,
                    clock,
                    spool,
                    config.reservationBlock(),
                    standing);
            epochs.open();
            open.push(epochs::close);
            Revocations revocations = Revocations.open(disk, data.resolve("revocations.json"), config.edge(), platform);

            Shipper shipper = new Shipper(config.shipping(), spool, platform, standing, metrics);
            sealer = new Sealer(config.sealing(), epochs, quotas, clock, metrics, shipper::wake);
            Admission admission = new Admission(config.admission(), clock, standing, epochs, spool.backlog(), sealer);
            WorkStore store =
                    opened(WorkStore.open(disk, data.resolve("cache"), config.cacheBytes(), config.memoryBytes()));
            Works works = new Works(
                    gate(config, identity, ed25519, revocations, quotas),
                    new Datasets(disk, data.resolve("datasets"), platform, workers, MOST_MEMBERS_IN_MEMORY),
                    new Releases(new OrderTables(disk, data.resolve("orders"), platform, workers, ORDER_TABLES)),
                    store,
                    new WorkLoader(disk, store, platform, chunkLists(platform, identity, ed25519), workers, metrics),
                    admission,
                    metrics);
            Router router =
                    new Router(works, epochs, new Health(config.edge(), admission, epochs, spool, standing), metrics);

            begin(shipper, new Upkeep(config.upkeep(), identity, epochs, revocations, platform, standing), platform);
            listener = opened(Listener.open(config.listening(), router, sealer, metrics, clock, standing));
            open.push(standing::stop);
            gauges(metrics, store);
            LOG.info("edge {} listens on {}:{}, Ed25519 by {}", config.edge(), config.host(), port(), ed25519.kind());
            started = true;
        } finally {
            if (!started) {
                closeAll();
            }
        }
    }

    private static ChunkLists chunkLists(PlatformClient platform, Identity identity, Ed25519Provider ed25519) {
        return new ChunkLists(platform, identity::platformKey, ed25519.verifier());
    }

    private static TokenGate gate(
            EdgeConfig config, Identity identity, Ed25519Provider ed25519, Revocations revocations, Quotas quotas) {
        return new TokenGate(
                identity::platformKey, ed25519.verifier(), revocations, quotas, config.edge(), config.region());
    }

    /** Starts what runs beside serving, in the order in which each needs the one before. */
    private void begin(Shipper shipper, Upkeep upkeep, PlatformClient platform) {
        shipper.start();
        open.push(shipper);
        upkeep.start();
        open.push(upkeep);
        open.push(platform::breakOff);
        sealer.start();
        open.push(sealer);
        shipper.wake();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked in this very process", e);
        }
        channel.close();
        throw new IllegalStateException("another edge is using " + file.getParent());
    }

    private void gauges(Metrics metrics, WorkStore store) {
        metrics.gauge("spool_bytes", spool.backlog()::bytes);
        metrics.gauge("unacknowledged_leaves", spool.backlog()::leaves);
        metrics.gauge("pending_leaves", sealer::pending);
        metrics.gauge("blocked_epochs", () -> spool.blocked().size());
        metrics.gauge("open_connections", listener::connections);
        metrics.gauge("cache_disk_bytes", store::diskUsed);
        metrics.gauge("cache_memory_bytes", store::memoryUsed);
        metrics.gauge("cache_works", store::size);
        metrics.gauge("cache_evictions", store::evictions);
    }

    /** The port it listens on. */
    public int port() {
        return listener.port();
    }

    /**
     * Waits until everything delivered so far is sealed and acknowledged by the platform.
     *
     * @return whether that came true within the time
     */
    public boolean awaitDrained(Duration atMost) {
        long begun = System.nanoTime();
        while (sealer.pending() > 0 || spool.backlog().leaves() > 0) {
            if (System.nanoTime() - begun >= atMost.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    /**
     * Stops: refuses new requests, completes or breaks off those under way, seals what is open and notes that nothing is
     * lost. What is not yet acknowledged is shipped after the next start.
     */
    @Override
    public void close() {
        closeAll();
    }

    private void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.error("stopping goes on after a failure", e);
            }
        }
    }
}
