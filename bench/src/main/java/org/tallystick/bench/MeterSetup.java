package org.tallystick.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.platform.delivery.Authority;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The rooms from the database up to metering, as {@code app.Platform} puts them together, with a dataset, jobs, tokens and
 * edges of the scale asked for. Works enter the catalogue's table and jobs and grants the log without the uploads and
 * signatures that would precede them: these are not what is measured.
 */
final class MeterSetup implements AutoCloseable {
    static final int EDGES = 4;
    private static final String ORIGIN = "bench.example/log";

    private final MeterScale scale;
    private final InstantSource clock = InstantSource.system();
    private final Path data;
    private final Database database;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Sequencer sequencer;
    private final Catalog catalog;
    private final Deliveries delivery;
    private final List<Member> members;
    private final List<Grant> grants = new ArrayList<>();
    private final List<MeterEdge> edges = new ArrayList<>();
    private Metering metering;

    MeterSetup(Path data, MeterScale scale) {
        this.data = data;
        this.scale = scale;
        Signer platform = BenchEdge.signer("platform");
        Verifier verifier = Ed25519.verifier();
        database = Database.open(new DatabaseConfig.Embedded(data.resolve("db")), clock);
        database.migrate();
        log = TransparencyLog.open(data.resolve("log"), new NoteSigner(ORIGIN, platform), verifier);
        blobs = BlobStore.open(data.resolve("blobs"));
        sequencer = Sequencer.start(
                database,
                log,
                blobs,
                List.of(Parties.projection(), Catalog.projection(), Contracts.projection(), Deliveries.projection()),
                clock);
        Parties parties = new Parties(database, sequencer, verifier, clock, new DidKey(platform.publicKey()));
        catalog = new Catalog(database, sequencer, parties);
        Contracts contracts = new Contracts(database, sequencer, parties, catalog, verifier, clock);
        delivery = new Deliveries(
                database,
                sequencer,
                blobs,
                parties,
                contracts,
                (tx, contract, job, scope, works) -> Outcome.accepted(List.of()), // receipts are measured, not deposits
                verifier,
                clock,
                new Authority(ORIGIN, platform, Authority.USUAL_VALIDITY));
        metering = newMetering();
        members = publish(parties);
        grant();
        for (int i = 0; i < EDGES; i++) {
            edges.add(new MeterEdge(BenchEdge.certified(delivery, "edge-" + i), data.resolve("edge-" + i)));
        }
    }

    private Metering newMetering() {
        return new Metering(database, sequencer, log, blobs, delivery, catalog);
    }

    private List<Member> publish(Parties parties) {
        PartyId curator = new PartyId("curator");
        parties.register(new NewParty(
                        curator,
                        Role.CURATOR,
                        "bench",
                        new DidKey(BenchEdge.signer("curator").publicKey())))
                .orThrow();
        List<ContentAndCreator> works =
                database.write(tx -> MeterTables.insertWorks(tx, scale.works(), scale.works() / scale.creators()));
        DatasetVersion version = catalog.publish(
                        new PublishVersion(new DatasetId("ds-bench"), curator, "Works", "of many creators", works))
                .orThrow();
        return database.read(tx -> catalog.members(tx, version.root()));
    }

    private void grant() {
        Instant begins = clock.instant().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        List<Draft> drafts = new ArrayList<>();
        for (int job = 0; job < scale.jobs(); job++) {
            String contract = "contract-" + scale.contractOf(job);
            Grant grant = new Grant(
                    ORIGIN,
                    "buyer",
                    contract,
                    "job-" + job,
                    Scope.TRAINING,
                    version(),
                    begins,
                    begins.plus(Duration.ofHours(24)),
                    Optional.empty());
            grants.add(grant);
            drafts.add(Draft.document(
                    "job",
                    Json.object()
                            .put("job", grant.job())
                            .put("contract", contract)
                            .put("buyer", "buyer")
                            .put("dataset", grant.dataset().hex())
                            .put("model", "bench")
                            .build()));
            drafts.add(Draft.document("grant", grant.claims()));
        }
        sequencer.execute((tx, now) -> Decision.append(drafts, position -> position));
    }

    private org.tallystick.protocol.codec.Hash version() {
        return database.read(tx -> catalog.versions(tx, new DatasetId("ds-bench"), 1))
                .getFirst()
                .root();
    }

    MeterScale scale() {
        return scale;
    }

    Database database() {
        return database;
    }

    Deliveries delivery() {
        return delivery;
    }

    TransparencyLog log() {
        return log;
    }

    List<MeterEdge> edges() {
        return edges;
    }

    List<Grant> grants() {
        return grants;
    }

    List<Member> members() {
        return members;
    }

    List<ContractId> contracts() {
        List<ContractId> all = new ArrayList<>();
        for (int i = 0; i < scale.contracts(); i++) {
            all.add(new ContractId("contract-" + i));
        }
        return all;
    }

    Metering metering() {
        return metering;
    }

    /** Drops what the meter keeps in memory. */
    void forget() {
        metering.close();
        metering = newMetering();
    }

    /** Bytes on disk of log and bundles. */
    long stored() throws IOException {
        return MeterTables.bytes(data.resolve("log")) + MeterTables.bytes(data.resolve("blobs"));
    }

    @Override
    public void close() {
        metering.close();
        sequencer.close();
        blobs.close();
        log.close();
        database.close();
    }
}
