package org.tallystick.platform.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;

/**
 * The rooms from parties to uploads on a real database, log and blob store of their own, with a clock the test turns.
 * {@link #restart} is what a crash of the process would leave to the next one.
 */
public final class TestRooms implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-01-10T12:00:00.000Z");
    private static final List<Projection> PROJECTIONS =
            List.of(Parties.projection(), Catalog.projection(), Ingest.projection());

    private final Path root;
    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final Database database;
    private final IngestConfig config;
    private Running running;

    private record Running(
            TransparencyLog log,
            BlobStore blobs,
            Sequencer sequencer,
            Parties parties,
            Catalog catalog,
            Ingest ingest) {}

    private TestRooms(Path root, IngestConfig config) {
        this.root = root;
        this.config = config;
        this.database = TestDatabase.fresh(clock());
        this.running = start();
    }

    /** Rooms of the caller's own, with the usual limits. */
    public static TestRooms open() {
        Path root = newDirectory();
        return new TestRooms(root, IngestConfig.in(root.resolve("uploads")));
    }

    /** Rooms that accept only so much. */
    public static TestRooms open(long maxBytes, Duration lifetime, int openUploads) {
        Path root = newDirectory();
        return new TestRooms(
                root,
                new IngestConfig(root.resolve("uploads"), root.resolve("chunks"), maxBytes, lifetime, openUploads));
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("tallystick-rooms");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Running start() {
        NoteSigner signer = new NoteSigner("log.test", platformSigner());
        TransparencyLog log = TransparencyLog.open(root.resolve("log"), signer, Ed25519.verifier());
        BlobStore blobs = BlobStore.open(root.resolve("blobs"));
        Sequencer sequencer = Sequencer.start(database, log, blobs, PROJECTIONS, clock());
        Parties parties = new Parties(
                database,
                sequencer,
                Ed25519.verifier(),
                clock(),
                new DidKey(platformSigner().publicKey()));
        Catalog catalog = new Catalog(database, sequencer, parties);
        Ingest ingest = new Ingest(
                database, sequencer, blobs, catalog, parties, platformSigner(), Ed25519.verifier(), config, clock());
        return new Running(log, blobs, sequencer, parties, catalog, ingest);
    }

    /** Stops the process and starts another on the same files and database. */
    public void restart() {
        stop();
        running = start();
    }

    private void stop() {
        running.sequencer().close();
        running.blobs().close();
        running.log().close();
    }

    /** Everything this process keeps lies below it. */
    Path root() {
        return root;
    }

    public Parties parties() {
        return running.parties();
    }

    public Catalog catalog() {
        return running.catalog();
    }

    public Ingest ingest() {
        return running.ingest();
    }

    public Sequencer sequencer() {
        return running.sequencer();
    }

    public BlobStore blobs() {
        return running.blobs();
    }

    public Database database() {
        return database;
    }

    /** Where unfinished uploads lie. */
    public Path staging() {
        return config.staging();
    }

    /** How many entries the log has. */
    public long logSize() {
        return running.log().size();
    }

    /** Every byte of the log's entries, as text to search in. */
    public String logText() {
        StringBuilder text = new StringBuilder();
        for (byte[] entry : running.log().entries(0, logSize())) {
            text.append(new String(entry, StandardCharsets.ISO_8859_1)).append('\n');
        }
        return text.toString();
    }

    public InstantSource clock() {
        return this::now;
    }

    public Instant now() {
        return Objects.requireNonNull(time.get());
    }

    public void advance(Duration duration) {
        time.updateAndGet(t -> t.plus(duration));
    }

    public Signer platformSigner() {
        return signer("platform");
    }

    /** The key of whoever goes by that name: the same in every run. */
    public static Signer signer(String name) {
        return Ed25519.signer(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    public static DidKey keyOf(String name) {
        return new DidKey(signer(name).publicKey());
    }

    /** Registers a party under its name, with the key of that name. */
    public Principal register(String name, Role role) {
        return parties()
                .register(new NewParty(new PartyId(name), role, "Display " + name, keyOf(name)))
                .orThrow()
                .principal();
    }

    public DatasetVersion publish(String dataset, String curator, List<ContentAndCreator> members) {
        return catalog()
                .publish(new PublishVersion(
                        new DatasetId(dataset),
                        new PartyId(curator),
                        "Title of " + dataset,
                        "About " + dataset,
                        members))
                .orThrow();
    }

    /** All rows of all tables of the three rooms, one line each, in one order. */
    public List<String> rows() {
        return database.read(tx -> {
            List<String> all = new ArrayList<>();
            List<String> tables = tx.select("select schemaname || '.' || tablename from pg_tables"
                            + " where schemaname in ('party', 'catalog', 'ingest') order by 1")
                    .mapTo(String.class)
                    .list();
            for (String table : tables) {
                all.addAll(tx.select("select '" + table + ' ' + "' || t::text from " + table + " t order by 1")
                        .mapTo(String.class)
                        .list());
            }
            return all;
        });
    }

    @Override
    public void close() {
        stop();
        database.close();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
