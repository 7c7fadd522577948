package org.tallystick.platform.contract;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ingest.IngestConfig;
import org.tallystick.platform.ingest.ManifestDraft;
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
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * A platform from the database up to contracts, on real PostgreSQL and real files, with a buyer, a curator, two creators
 * and one dataset version of theirs. Time stands still unless moved.
 */
public final class ContractFixture implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-01-10T12:00:00Z");
    public static final String ORIGIN = "log.example/tally";
    public static final Verifier VERIFIER = Ed25519.verifier();
    public static final Principal OPERATOR = new Principal(new PartyId("operator"), Role.OPERATOR);
    public static final Principal BUYER = new Principal(new PartyId("buyer-7"), Role.BUYER);
    public static final Principal OTHER_BUYER = new Principal(new PartyId("buyer-8"), Role.BUYER);
    public static final Principal CURATOR = new Principal(new PartyId("curator-11"), Role.CURATOR);
    public static final Principal CREATOR = new Principal(new PartyId("creator-42"), Role.CREATOR);
    public static final Principal OTHER_CREATOR = new Principal(new PartyId("creator-43"), Role.CREATOR);

    private static final List<Principal> ALL = List.of(OPERATOR, BUYER, OTHER_BUYER, CURATOR, CREATOR, OTHER_CREATOR);

    public final Clock clock;
    public final Database database;
    public final TransparencyLog log;
    public final BlobStore blobs;
    public final Sequencer sequencer;
    public final Parties parties;
    public final Catalog catalog;
    public final Ingest ingest;
    public final Contracts contracts;
    public final DatasetVersion version;
    public final List<ContentId> works = new ArrayList<>();

    /** A clock that only a test moves. */
    public static final class Clock implements InstantSource {
        private volatile Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        public void advance(Duration by) {
            now = now.plus(by);
        }
    }

    private final Path dir;
    private final Files files;
    private final Projection[] more;

    /** Opens log and blobs; for disks that fail. */
    public interface Files {
        /** Real ones. */
        Files REAL = new Files() {};

        default TransparencyLog log(Path directory, NoteSigner signer) {
            return TransparencyLog.open(directory, signer, VERIFIER);
        }

        default BlobStore blobs(Path directory) {
            return BlobStore.open(directory);
        }
    }

    /**
     * @param dir an empty directory for log and blobs
     * @param more projections after those of this world
     */
    public ContractFixture(Path dir, Projection... more) {
        this(dir, Files.REAL, more);
    }

    public ContractFixture(Path dir, Files files, Projection... more) {
        this(dir, files, new Clock(), Optional.empty(), more);
    }

    /** @param before the world this one goes on from, on its database and its files; stopped already */
    private ContractFixture(Path dir, Files files, Clock clock, Optional<ContractFixture> before, Projection... more) {
        this.dir = dir;
        this.files = files;
        this.clock = clock;
        this.more = more.clone();
        Signer platform = signer("platform");
        database = before.map(world -> world.database).orElseGet(() -> TestDatabase.fresh(clock));
        log = files.log(dir.resolve("log"), new NoteSigner(ORIGIN, platform));
        blobs = files.blobs(dir.resolve("blobs"));
        List<Projection> projections = new ArrayList<>(
                List.of(Parties.projection(), Catalog.projection(), Ingest.projection(), Contracts.projection()));
        projections.addAll(List.of(more));
        sequencer = Sequencer.start(database, log, blobs, projections, clock);
        parties = new Parties(database, sequencer, VERIFIER, clock, new DidKey(platform.publicKey()));
        catalog = new Catalog(database, sequencer, parties);
        ingest = new Ingest(
                database,
                sequencer,
                blobs,
                catalog,
                parties,
                platform,
                VERIFIER,
                IngestConfig.in(dir.resolve("staging")),
                clock);
        contracts = new Contracts(database, sequencer, parties, catalog, VERIFIER, clock);
        if (before.isPresent()) {
            works.addAll(before.get().works);
            version = before.get().version;
        } else {
            ALL.forEach(this::register);
            version = publish("hn-98765");
        }
    }

    private void register(Principal party) {
        DidKey key = new DidKey(signer(party).publicKey());
        parties.register(new NewParty(party.id(), party.role(), party.id().value(), key))
                .orThrow();
    }

    /** Stops everything but the database, and starts it again. */
    public ContractFixture restarted() {
        stop();
        return new ContractFixture(dir, files, clock, Optional.of(this), more);
    }

    /** The same key for the same name in every run. */
    public static Signer signer(String name) {
        return Ed25519.signer(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    public static Signer signer(Principal party) {
        return signer(party.id().value());
    }

    /** A dataset version with one work of each creator. */
    DatasetVersion publishOf(String dataset, List<Principal> creators) {
        List<ContentAndCreator> members = new ArrayList<>();
        for (Principal creator : creators) {
            members.add(work(creator, "a work of " + creator.id()));
        }
        return catalog.publish(
                        new PublishVersion(new DatasetId(dataset), CURATOR.id(), "News", "What was said", members))
                .orThrow();
    }

    private ContentAndCreator work(Principal creator, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        Json.Obj manifest = Json.object()
                .put("creator_id", creator.id().value())
                .put("license_uri", "https://marketplace.example/licenses/6789")
                .put("path", text.replace(' ', '-') + ".txt")
                .build();
        ingest.upload(creator, ManifestDraft.parse(manifest), new ByteArrayInputStream(content))
                .orThrow();
        return new ContentAndCreator(ContentId.of(content), creator.id());
    }

    private DatasetVersion publish(String dataset) {
        List<ContentAndCreator> members = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Principal creator = i < 3 ? CREATOR : OTHER_CREATOR;
            ContentAndCreator work = work(creator, "work " + i);
            works.add(work.content());
            members.add(work);
        }
        return catalog.publish(
                        new PublishVersion(new DatasetId(dataset), CURATOR.id(), "News", "What was said", members))
                .orThrow();
    }

    /** The sample's terms under an id, between the parties of this world; nobody has signed. */
    public Json.Obj terms(String id) {
        return Json.parseObject("""
            {
              "@context": "https://schema.org/",
              "@type": "DataContract",
              "contractId": "%s",
              "datasetId": "hn-98765",
              "buyerId": "buyer-7",
              "curatorId": "curator-11",
              "datasetVersion": "%s",
              "license": {
                "type": "restricted-training",
                "permittedUses": ["model-training", "evaluation"],
                "forbiddenUses": ["model-weight-distribution"],
                "duration": "P1Y",
                "regionRestrictions": ["EU"]
              },
              "pricing": {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 0.005},
              "payout": {
                "type": "monthly-reconciliation",
                "escrowProvider": "cloudflare-escrow-v1",
                "split": [
                  {"recipientId": "creators", "share": 0.80},
                  {"recipientId": "curator-11", "share": 0.20}
                ]
              }
            }
            """.formatted(id, version.root().hex()).getBytes(StandardCharsets.UTF_8));
    }

    /** Terms signed by everyone who must. */
    public Json.Obj signed(Json.Obj terms) {
        ContractDocument document = ContractDocument.parse(terms);
        Hash root = document.datasetVersion().orElse(version.root());
        for (Principal party : List.of(BUYER, CURATOR, CREATOR, OTHER_CREATOR)) {
            boolean bound = party.role() != Role.CREATOR
                    || database.read(tx -> catalog.range(tx, root, party.id())).isPresent();
            if (bound) {
                document = document.sign(party.id().value(), signer(party), clock.instant());
            }
        }
        return document.json();
    }

    /** A contract in force under that id. */
    public Contract accepted(String id) {
        return contracts.accept(signed(terms(id))).orThrow();
    }

    /** Every row of a schema, by table. */
    public Map<String, List<String>> rows(String schema) {
        return database.read(tx -> {
            Map<String, List<String>> rows = new TreeMap<>();
            List<String> tables = tx.select(
                            "select table_name from information_schema.tables where table_schema = ?", schema)
                    .mapTo(String.class)
                    .list();
            for (String table : tables) {
                rows.put(
                        table,
                        tx.select("select t::text from " + schema + "." + table + " t order by 1")
                                .mapTo(String.class)
                                .list());
            }
            return rows;
        });
    }

    @Override
    public void close() {
        stop();
        database.close();
    }

    private void stop() {
        sequencer.close();
        blobs.close();
        log.close();
    }
}
