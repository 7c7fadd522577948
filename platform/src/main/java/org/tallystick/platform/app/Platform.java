package org.tallystick.platform.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.platform.api.ApiConfig;
import org.tallystick.platform.api.ApiServer;
import org.tallystick.platform.api.dispatch.Action;
import org.tallystick.platform.api.dispatch.ConcurrencyLimit;
import org.tallystick.platform.api.dispatch.Idempotency;
import org.tallystick.platform.api.dispatch.KeyDoor;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.api.handlers.ContractActions;
import org.tallystick.platform.api.handlers.ContractTools;
import org.tallystick.platform.api.handlers.DatasetActions;
import org.tallystick.platform.api.handlers.EdgeActions;
import org.tallystick.platform.api.handlers.EntryBlobActions;
import org.tallystick.platform.api.handlers.ExplainActions;
import org.tallystick.platform.api.handlers.GateActions;
import org.tallystick.platform.api.handlers.IngestActions;
import org.tallystick.platform.api.handlers.JobActions;
import org.tallystick.platform.api.handlers.LedgerActions;
import org.tallystick.platform.api.handlers.MetaActions;
import org.tallystick.platform.api.handlers.ModelActions;
import org.tallystick.platform.api.handlers.NegotiationActions;
import org.tallystick.platform.api.handlers.Ownership;
import org.tallystick.platform.api.handlers.PartyActions;
import org.tallystick.platform.api.handlers.PayoutActions;
import org.tallystick.platform.api.handlers.SettlementActions;
import org.tallystick.platform.api.handlers.UsageActions;
import org.tallystick.platform.audit.Explain;
import org.tallystick.platform.audit.Fsck;
import org.tallystick.platform.audit.Rebuild;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.Negotiations;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Authority;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.gate.TrainingGate;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ingest.IngestConfig;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Disk;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.RealDisk;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.payout.Payouts;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.escrow.EscrowReservations;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The whole platform, top to bottom: each part is made from those above it, and {@link #close} closes them in reverse. One
 * process uses a data directory at a time. The façades are for tools that work on a platform without its API; inside the
 * platform nothing sees this class: each part is handed what it uses.
 */
public final class Platform implements AutoCloseable {
    /** The software's version. */
    public static final String VERSION = "0.1.0";

    /** The platform's private key, in its data folder. */
    static final String KEY_FILE = "platform.key";

    private static final Duration HOUSEKEEPING = Duration.ofMinutes(10);

    /** Half of what may read the database at once, so that contracts never keep everybody else from it. */
    private static final int CONTRACTING_AT_ONCE = 4;

    /** How long a request about contracts waits for its turn before it is refused as busy. */
    private static final Duration CONTRACTING_WAIT = Duration.ofSeconds(20);

    private final CloseStack closing;
    private final InstantSource clock;
    private final DidKey key;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Database database;
    private final Ledger ledger;
    private final Sequencer sequencer;
    private final Parties parties;
    private final Catalog catalog;
    private final Ingest ingest;
    private final Contracts contracts;
    private final Negotiations negotiations;
    private final Deliveries delivery;
    private final Metering metering;
    private final Settlement settlement;
    private final Payouts payouts;
    private final TrainingGate gate;
    private final Explain explain;

    private Platform(
            Config config,
            InstantSource clock,
            Disk disk,
            Function<CloseStack, Database> databases,
            CloseStack closing) {
        this.closing = closing;
        this.clock = clock;
        Path data = folder(config.data());
        Signer platform = Ed25519.signer(key(data));
        this.key = new DidKey(platform.publicKey());
        NoteSigner signer = new NoteSigner(config.origin(), platform);
        Verifier verifier = Ed25519.verifier();

        // What is kept: the log and the blobs, and the database, which is built from them.
        this.log = closing.take(TransparencyLog.open(directory(data.resolve("log")), signer, verifier, disk));
        this.blobs = closing.take(BlobStore.open(directory(data.resolve("blobs")), disk));
        this.database = databases.apply(closing);
        database.migrate();
        Catalog.indexWords(database);

        // Every change goes through the sequencer; each room says what it makes of the log.
        this.ledger = new Ledger();
        this.sequencer =
                closing.take(Sequencer.start(database, log, blobs, projections(ledger, config.origin()), clock));

        this.parties = new Parties(database, sequencer, verifier, clock);
        this.catalog = new Catalog(database, sequencer, parties);
        this.ingest =
                new Ingest(database, sequencer, blobs, catalog, parties, platform, verifier, limits(config), clock);
        this.contracts = new Contracts(database, sequencer, parties, catalog, verifier, clock);
        this.negotiations = new Negotiations(database, sequencer, parties, catalog, verifier);
        this.delivery = new Deliveries(
                database,
                sequencer,
                blobs,
                parties,
                contracts,
                new EscrowReservations(ledger, catalog),
                verifier,
                clock,
                new Authority(config.origin(), platform, config.certificateValidity()));
        this.metering = closing.take(new Metering(database, sequencer, log, blobs, delivery, catalog));
        this.settlement = new Settlement(
                new Settlement.Dependencies(
                        database, sequencer, log, contracts, catalog, delivery, metering, ledger, clock),
                signer);
        this.payouts = new Payouts(database, sequencer, clock);
        this.gate = new TrainingGate(database, contracts, catalog, ingest, platform, verifier, clock);
        this.explain = new Explain(database, catalog, contracts, delivery, metering, ledger, settlement);
        parties.ensureOperator(data.resolve("operator.key"), key);
        settlement.announceFormat();
    }

    /**
     * Opens log, blobs and database, brings the database up to the log, and starts every room; serves nothing yet.
     *
     * @throws RuntimeException with what is wrong; then everything opened so far is closed again
     */
    public static Platform open(Config config, InstantSource clock) {
        return open(config, clock, RealDisk.INSTANCE, closing -> closing.take(Database.open(config.database(), clock)));
    }

    /**
     * Opens a platform like {@link #open(Config, InstantSource)}, on a database and a disk that the caller gives.
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
            return new Platform(config, clock, disk, databases, closing);
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    /** The platform's key; not made anew beside a log, because that would hide that the key the log was signed with is lost. */
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

    /** Starts the API, the folding of receipts as they arrive and the removal of stale uploads; returns the API's address. */
    public URI serve(Config config) {
        metering.follow();
        closing.take(new Housekeeping(ingest::expire, HOUSEKEEPING));
        ApiConfig api =
                new ApiConfig(config.host(), config.port(), config.data().resolve("tmp"));
        KeyDoor keys = new KeyDoor(parties::authenticate, clock);
        return closing.take(ApiServer.start(api, keys, new Idempotency(database), routes()))
                .uri();
    }

    /** Which handler answers which operation, and what it answers from: the one place where the API meets the rooms. */
    private Map<String, Action> routes() {
        ConcurrencyLimit contracting = new ConcurrencyLimit(CONTRACTING_AT_ONCE, CONTRACTING_WAIT);
        Ownership ownership = new Ownership(catalog, contracts);
        Routes routes = new Routes();
        new MetaActions(VERSION, key, log, this::stopped, database).bind(routes);
        new EntryBlobActions(log, blobs).bind(routes);
        new PartyActions(parties).bind(routes);
        new IngestActions(ingest, database, ownership).bind(routes);
        new DatasetActions(catalog, blobs, database, ownership).bind(routes);
        new ContractActions(contracts, database, clock, ownership, contracting).bind(routes);
        new ContractTools().bind(routes);
        new NegotiationActions(negotiations, database, ownership, contracting).bind(routes);
        new JobActions(delivery.jobs(), delivery.orders()).bind(routes);
        new ModelActions(metering, contracts, database).bind(routes);
        new EdgeActions(delivery, database).bind(routes);
        new UsageActions(delivery.usageEvents(), delivery.jobs(), contracts, metering, database, ownership, catalog)
                .bind(routes);
        new SettlementActions(settlement).bind(routes);
        new PayoutActions(payouts).bind(routes);
        new ExplainActions(explain).bind(routes);
        new GateActions(gate).bind(routes);
        new LedgerActions(ledger, database, ownership).bind(routes);
        return routes.complete();
    }

    /**
     * Which of the threads that do the platform's work has ended, and why; empty while all go on. A platform of which one
     * has ended answers, but takes in or counts nothing any more: it is to be stopped and started again.
     */
    public Optional<String> stopped() {
        return sequencer
                .stoppedBy()
                .map(cause -> "the log takes no more entries: " + cause)
                .or(() -> metering.stoppedBy().map(cause -> "receipts are no longer counted: " + cause));
    }

    /** What recomputes everything that is kept and says what differs. */
    public Fsck fsck() {
        return new Fsck(
                log,
                blobs,
                database,
                ledger,
                metering,
                settlement,
                projections(ledger, log.key().name()),
                key,
                Ed25519.verifier());
    }

    /** What empties the database's tables and fills them again from the log. */
    public Rebuild rebuild() {
        return new Rebuild(sequencer, metering);
    }

    /** What walks from any number to what it is made of. */
    public Explain explain() {
        return explain;
    }

    public InstantSource clock() {
        return clock;
    }

    public TransparencyLog log() {
        return log;
    }

    public BlobStore blobs() {
        return blobs;
    }

    public Database database() {
        return database;
    }

    public Sequencer sequencer() {
        return sequencer;
    }

    public Parties parties() {
        return parties;
    }

    public Catalog catalog() {
        return catalog;
    }

    public Ingest ingest() {
        return ingest;
    }

    public Contracts contracts() {
        return contracts;
    }

    public Deliveries delivery() {
        return delivery;
    }

    public Metering metering() {
        return metering;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Settlement settlement() {
        return settlement;
    }

    /** The folder named by the operator, whose modes are the operator's where it was there before. */
    private static Path folder(Path path) {
        try {
            return PrivateFolder.make(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be made", e);
        }
    }

    private static Path directory(Path path) {
        try {
            return PrivateFolder.own(path);
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
