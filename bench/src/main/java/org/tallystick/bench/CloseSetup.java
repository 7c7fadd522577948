package org.tallystick.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.platform.delivery.Authority;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The rooms from the database up to settlement, as {@code app.Platform} puts them together, with everything delivered that
 * a close is to bill. Manifests, contracts, jobs and grants enter the log without the uploads and signatures that would
 * precede them: these are not what is measured.
 */
final class CloseSetup implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ORIGIN = "bench.example/log";
    private static final int AT_ONCE = 5_000;
    private static final int EDGES = 2;

    /** A clock that the benchmark sets. */
    private static final class Clock implements InstantSource {
        private volatile Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final CloseScale scale;
    private final Clock clock = new Clock();
    private final Signer platform = BenchEdge.signer("platform");
    private final Verifier verifier = Ed25519.verifier();
    private final Database database;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Sequencer sequencer;
    private final Catalog catalog;
    private final Deliveries delivery;
    private final Metering metering;
    private final Ledger ledger = new Ledger();
    private final Contracts contracts;
    private Settlement settlement;
    private final List<Hash> roots = new ArrayList<>();
    private final List<byte[]> versions = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();

    /** @param progress told what has been prepared, now and then */
    CloseSetup(Path data, CloseScale scale, Consumer<String> progress) throws Exception {
        this.scale = scale;
        NoteSigner signer = new NoteSigner(ORIGIN, platform);
        database = Database.open(new DatabaseConfig.Embedded(data.resolve("db")), clock);
        database.migrate();
        log = TransparencyLog.open(data.resolve("log"), signer, verifier);
        blobs = BlobStore.open(data.resolve("blobs"));
        sequencer = Sequencer.start(
                database,
                log,
                blobs,
                List.of(
                        Parties.projection(),
                        new CloseManifests(Catalog.projection()),
                        Contracts.projection(),
                        Deliveries.projection(),
                        Settlement.projection(ledger, ORIGIN)),
                clock);
        Parties parties = new Parties(database, sequencer, verifier, clock, new DidKey(platform.publicKey()));
        catalog = new Catalog(database, sequencer, parties);
        contracts = new Contracts(database, sequencer, parties, catalog, verifier, clock);
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
        metering = new Metering(database, sequencer, log, blobs, delivery, catalog);
        settlement = newSettlement();
        publish(parties, progress);
        offer();
        deliver(progress);
    }

    private Settlement newSettlement() {
        return new Settlement(
                new Settlement.Dependencies(
                        database, sequencer, log, contracts, catalog, delivery, metering, ledger, clock),
                new NoteSigner(ORIGIN, platform));
    }

    /** Drops what settlement keeps in memory. */
    void forget() {
        settlement = newSettlement();
    }

    private void publish(Parties parties, Consumer<String> progress) {
        PartyId curator = new PartyId("curator");
        parties.register(new NewParty(
                        curator,
                        Role.CURATOR,
                        "bench",
                        new DidKey(BenchEdge.signer("curator").publicKey())))
                .orThrow();
        for (int version = 0; version < scale.versions(); version++) {
            List<ContentAndCreator> works = works(version);
            for (int from = 0; from < works.size(); from += AT_ONCE) {
                List<ContentAndCreator> some = works.subList(from, Math.min(works.size(), from + AT_ONCE));
                CloseManifests.append(database, sequencer, some);
            }
            DatasetId dataset = new DatasetId("ds-" + version);
            roots.add(catalog.publish(new PublishVersion(dataset, curator, "Works", "of many creators", works))
                    .orThrow()
                    .root());
            progress.accept((version + 1) + " of " + scale.versions() + " datasets published");
        }
    }

    private List<ContentAndCreator> works(int version) {
        List<ContentAndCreator> works = new ArrayList<>(scale.works());
        byte[] contents = new byte[scale.works() * Hash.BYTES];
        for (int work = 0; work < scale.works(); work++) {
            ContentId content = ContentId.of(("work " + version + " " + work).getBytes(StandardCharsets.UTF_8));
            content.hash().writeTo(contents, work * Hash.BYTES);
            works.add(new ContentAndCreator(content, new PartyId("creator-" + scale.creatorOf(version, work))));
        }
        versions.add(contents);
        return works;
    }

    private void offer() {
        List<Draft> drafts = new ArrayList<>();
        for (int contract = 0; contract < scale.contracts(); contract++) {
            int version = scale.versionOf(contract);
            Hash root = roots.get(version);
            drafts.add(
                    Draft.document("contract", Json.parseObject("""
                        {"@context":"https://schema.org/","@type":"DataContract","contractId":"c-%d",
                         "datasetId":"ds-%d","buyerId":"buyer-%d","curatorId":"curator","datasetVersion":"%s",
                         "platformFeeShare":0.05,
                         "license":{"type":"restricted-training","permittedUses":["model-training"],
                           "duration":"P1Y"},
                         "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":0.003333333333},
                         "payout":{"type":"monthly-reconciliation",
                           "split":[{"recipientId":"creators","share":0.8},
                                    {"recipientId":"curator","share":0.2}]}}
                        """.formatted(contract, version, contract, root.hex())
                            .getBytes(StandardCharsets.UTF_8))));
            for (int job = 0; job < CloseScale.JOBS; job++) {
                drafts.addAll(job(contract, job, root));
            }
        }
        for (int from = 0; from < drafts.size(); from += AT_ONCE) {
            List<Draft> some = drafts.subList(from, Math.min(drafts.size(), from + AT_ONCE));
            sequencer.execute((tx, now) -> Decision.append(some, position -> position));
        }
    }

    private List<Draft> job(int contract, int job, Hash root) {
        Grant grant = new Grant(
                ORIGIN,
                "buyer-" + contract,
                "c-" + contract,
                "job-" + contract + "-" + job,
                Scope.TRAINING,
                root,
                START,
                START.plus(Duration.ofHours(24)),
                Optional.empty());
        grants.add(grant);
        Json.Obj opened = Json.object()
                .put("job", grant.job())
                .put("contract", grant.contract())
                .put("buyer", grant.consumer())
                .put("dataset", root.hex())
                .put("model", "bench")
                .build();
        return List.of(Draft.document("job", opened), Draft.document("grant", grant.claims()));
    }

    /** All deliveries, by one edge on each core, folded as they come. */
    private void deliver(Consumer<String> progress) throws Exception {
        AtomicLong delivered = new AtomicLong();
        List<CloseDeliveries> deliveries = new ArrayList<>();
        for (int i = 0; i < EDGES; i++) {
            BenchEdge edge = BenchEdge.certified(delivery, "edge-" + i);
            deliveries.add(new CloseDeliveries(scale, edge, delivery.intake(), delivered));
        }
        clock.now = START.plus(Duration.ofHours(2));
        List<Future<?>> edges = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(EDGES)) {
            for (int i = 0; i < EDGES; i++) {
                int turn = i;
                edges.add(threads.submit(() -> deliver(deliveries.get(turn), turn)));
            }
            while (!edges.stream().allMatch(Future::isDone)) {
                Thread.sleep(1_000);
                metering.catchUp();
                progress.accept(delivered.get() + " of " + scale.deliveries() + " deliveries shipped");
            }
        }
        for (Future<?> edge : edges) {
            edge.get();
        }
        metering.catchUp();
    }

    private void deliver(CloseDeliveries deliveries, int turn) {
        for (int contract = turn; contract < scale.contracts(); contract += EDGES) {
            for (int job = 0; job < CloseScale.JOBS; job++) {
                deliveries.job(grants.get(contract * CloseScale.JOBS + job), versions.get(scale.versionOf(contract)));
            }
        }
        deliveries.finish();
    }

    CloseScale scale() {
        return scale;
    }

    Settlement settlement() {
        return settlement;
    }

    Database database() {
        return database;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Recomputes everything from the log and the bundles, as an auditor does. */
    Replay replay() {
        return new Replay(log, blobs, new DidKey(platform.publicKey()), verifier);
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
