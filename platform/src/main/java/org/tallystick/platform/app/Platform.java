package org.tallystick.platform.app;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.api.ApiConfig;
import org.tallystick.platform.api.ApiServer;
import org.tallystick.platform.api.Rooms;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Delivery;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ingest.IngestConfig;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.Parties;
import org.tallystick.protocol.DidKey;
import org.tallystick.protocol.NoteSigner;
import org.tallystick.protocol.Verifier;

/**
 * The object graph: every part of the platform, made once, in the order in which parts need one another, and closed in
 * reverse. {@link #open} makes all of it but the API, for commands that work on a data directory; {@link #start} serves.
 *
 * <p>One process at a time holds a data directory. Safe from any thread once made.
 */
public final class Platform implements AutoCloseable {
    /** Version of the software. */
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

    private final Deque<AutoCloseable> open;
    private final Config config;
    private final InstantSource clock;
    private final NoteSigner signer;
    private final Database database;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Sequencer sequencer;
    private final Parties parties;
    private final Catalog catalog;
    private final Ingest ingest;
    private final Contracts contracts;
    private final Delivery delivery;
    private final Metering metering;
    private volatile int port;

    private Platform(Config config, InstantSource clock, Deque<AutoCloseable> open) {
        this.open = open;
        this.config = config;
        this.clock = clock;
        Path data = config.data();
        Verifier verifier = Ed25519.verifier();
        signer = PlatformKey.in(data, config.origin());
        log = keep(TransparencyLog.open(data.resolve("log"), signer, verifier));
        blobs = keep(BlobStore.open(data.resolve("blobs")));
        database = keep(Database.open(config.database(), clock));
        database.migrate();
        sequencer = keep(Sequencer.start(database, log, blobs, projections(), clock));

        parties = new Parties(database, sequencer, verifier, clock);
        catalog = new Catalog(database, sequencer, parties);
        IngestConfig uploads = IngestConfig.in(data.resolve("uploads")).withMaxBytes(config.maxUpload());
        ingest = new Ingest(database, sequencer, blobs, catalog, parties, signer.signer(), verifier, uploads, clock);
        contracts = new Contracts(database, sequencer, parties, catalog, verifier, clock);
        delivery = new Delivery(
                new Delivery.Ground(database, sequencer, blobs, parties, contracts, verifier, clock),
                new Delivery.Authority(config.origin(), signer.signer(), config.certificateValidity()));
        metering = keep(new Metering(new Metering.Ground(database, sequencer, log, blobs, delivery, catalog)));
    }

    /** What each room makes of the log, in the order in which they build on one another. */
    private static List<Projection> projections() {
        return List.of(
                Parties.projection(),
                Catalog.projection(),
                Ingest.projection(),
                Contracts.projection(),
                Delivery.projection());
    }

    /**
     * Opens a platform without serving it.
     *
     * @throws IllegalStateException if another process holds the data directory
     */
    public static Platform open(Config config, InstantSource clock) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            Platform platform = new Platform(config, clock, opened);
            platform.parties.ensureOperator(
                    config.data().resolve("operator.key"),
                    new DidKey(platform.signer.signer().publicKey()));
            return platform;
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    /**
     * Opens a platform and serves it.
     *
     * @throws IllegalStateException if another process holds the data directory
     * @throws RuntimeException if the address is taken
     */
    public static Platform start(Config config, InstantSource clock) {
        Platform platform = open(config, clock);
        try {
            platform.serve();
            return platform;
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    private void serve() {
        metering.follow();
        ApiServer server = ApiServer.start(
                new ApiConfig(config.host(), config.port(), config.data().resolve("tmp")),
                new Rooms(
                        clock,
                        database,
                        log,
                        blobs,
                        sequencer,
                        parties,
                        catalog,
                        ingest,
                        contracts,
                        delivery,
                        new DidKey(signer.signer().publicKey()),
                        VERSION));
        open.push(server);
        port = server.port();
    }

    /** The port the API listens on; 0 for a platform that does not serve. */
    public int port() {
        return port;
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    /** Closes every part, the last made first. Idempotent. */
    @Override
    public void close() {
        closeAll(open);
    }

    private static void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            AutoCloseable part = open.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }
}
