package org.tallystick.platform.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.tallystick.platform.api.ApiConfig;
import org.tallystick.platform.api.ApiServer;
import org.tallystick.platform.api.handlers.Rooms;
import org.tallystick.platform.audit.Explain;
import org.tallystick.platform.audit.Fsck;
import org.tallystick.platform.audit.Rebuild;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.Negotiations;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.gate.TrainingGate;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ingest.IngestConfig;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Disk;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.payout.Payouts;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The whole platform, top to bottom: each part is made from those above it, and {@link #close} closes them in reverse. One
 * process uses a data directory at a time.
 */
public final class Platform implements AutoCloseable {
    /** The software's version. */
    public static final String VERSION = "0.1.0";

    /** The platform's private key, in its data folder. */
    static final String KEY_FILE = "platform.key";

    private static final Duration HOUSEKEEPING = Duration.ofMinutes(10);

    private final CloseStack closing;
    private final Rooms rooms;

    private Platform(CloseStack closing, Rooms rooms) {
        this.closing = closing;
        this.rooms = rooms;
    }

    /**
     * Opens log, blobs and database, brings the database up to the log, and starts every room; serves nothing yet.
     *
     * @throws RuntimeException with what is wrong; then everything opened so far is closed again
     */
    public static Platform open(Config config, InstantSource clock) {
        return open(config, clock, Disk.real(), closing -> closing.take(Database.open(config.database(), clock)));
    }

    /**
     * As above, in surroundings of the caller's making.
     *
     * @param database stays open when this is closed
     * @param disk under log and blobs
     */
    public static Platform on(Database database, Disk disk, Config config, InstantSource clock) {
        return open(config, clock, disk, closing -> database);
    }

    private static Platform open(
            Config config, InstantSource clock, Disk disk, Function<CloseStack, Database> databases) {
        CloseStack closing = new CloseStack();
        try {
            return new Platform(closing, rooms(config, clock, disk, databases, closing));
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    private static Rooms rooms(
            Config config,
            InstantSource clock,
            Disk disk,
            Function<CloseStack, Database> databases,
            CloseStack closing) {
        Path data = directory(config.data());
        Signer platform = Ed25519.signer(key(data));
        DidKey key = new DidKey(platform.publicKey());
        NoteSigner signer = new NoteSigner(config.origin(), platform);
        Verifier verifier = Ed25519.verifier();

        // What is kept: the log and the blobs, and the database, which is built from them.
        TransparencyLog log =
                closing.take(TransparencyLog.open(directory(data.resolve("log")), signer, verifier, disk));
        BlobStore blobs = closing.take(BlobStore.open(directory(data.resolve("blobs")), disk));
        Database database = databases.apply(closing);
        database.migrate();

        // Every change goes through the sequencer; each room says what it makes of the log.
        Ledger ledger = new Ledger();
        Sequencer sequencer =
                closing.take(Sequencer.start(database, log, blobs, projections(ledger, config.origin()), clock));

        Parties parties = new Parties(database, sequencer, verifier, clock);
        Catalog catalog = new Catalog(database, sequencer, parties);
        Ingest ingest =
                new Ingest(database, sequencer, blobs, catalog, parties, platform, verifier, limits(config), clock);
        Contracts contracts = new Contracts(database, sequencer, parties, catalog, verifier, clock);
        Deliveries delivery = new Deliveries(
                new Deliveries.Dependencies(database, sequencer, blobs, parties, contracts, verifier, clock),
                new Deliveries.Authority(config.origin(), platform, config.certificateValidity()));
        Metering metering = closing.take(
                new Metering(new Metering.Dependencies(database, sequencer, log, blobs, delivery, catalog)));
        Settlement settlement = new Settlement(
                new Settlement.Dependencies(
                        database, sequencer, log, contracts, catalog, delivery, metering, ledger, clock),
                signer);
        Payouts payouts = new Payouts(database, sequencer, clock);
        TrainingGate gate = new TrainingGate(database, contracts, catalog, ingest, platform, verifier, clock);
        Explain explain = new Explain(
                new Explain.Dependencies(database, catalog, contracts, delivery, metering, ledger, settlement));

        parties.ensureOperator(data.resolve("operator.key"), key);
        return new Rooms(
                clock,
                database,
                log,
                blobs,
                sequencer,
                parties,
                catalog,
                ingest,
                contracts,
                new Negotiations(database, sequencer, parties, catalog, verifier),
                delivery,
                metering,
                ledger,
                settlement,
                payouts,
                gate,
                explain,
                key,
                VERSION);
    }

    /** A log that exists was signed with a key; another one in its place would only hide that it is gone. */
    private static byte[] key(Path data) {
        Path file = data.resolve(KEY_FILE);
        if (Files.notExists(file) && Files.exists(data.resolve("log").resolve("checkpoint"))) {
            throw new IllegalStateException(file + " is missing; the log beside it was signed with it");
        }
        return PlatformKey.loadOrMake(file);
    }

    private static IngestConfig limits(Config config) {
        Path staging = config.data().resolve("uploads");
        return new IngestConfig(
                staging,
                config.largestWork(),
                config.uploadLifetime(),
                IngestConfig.in(staging).openUploads());
    }

    /** What the rooms make of the log, in the order in which they see each entry. */
    private static List<Projection> projections(Ledger ledger, String origin) {
        return List.of(
                Parties.projection(),
                Ingest.projection(),
                Catalog.projection(),
                Contracts.projection(),
                Deliveries.projection(),
                Settlement.projection(ledger, origin),
                Payouts.projection());
    }

    /** Starts the API, folds receipts as they come in, keeps house; the answer is the API's address. */
    public URI serve(Config config) {
        rooms.metering().follow();
        closing.take(new Housekeeping(rooms.ingest()::expire, HOUSEKEEPING));
        ApiConfig api =
                new ApiConfig(config.host(), config.port(), config.data().resolve("tmp"));
        return closing.take(ApiServer.start(api, rooms)).uri();
    }

    /** The façades, for tools that work on a platform that serves nothing. */
    public Rooms rooms() {
        return rooms;
    }

    /** What recomputes everything that is kept and says what differs. */
    public Fsck fsck() {
        return new Fsck(
                rooms.log(),
                rooms.blobs(),
                rooms.database(),
                rooms.ledger(),
                rooms.metering(),
                rooms.settlement(),
                projections(rooms.ledger(), rooms.log().key().name()),
                rooms.platform(),
                Ed25519.verifier());
    }

    /** What walks from any number to what it is made of. */
    public Explain explain() {
        return rooms.explain();
    }

    /** What empties the database's tables and fills them again from the log. */
    public Rebuild rebuild() {
        return new Rebuild(rooms.sequencer(), rooms.metering());
    }

    private static Path directory(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be made", e);
        }
    }

    /** Stops serving, then closes every part in reverse. Idempotent. */
    @Override
    public void close() {
        closing.close();
    }
}
