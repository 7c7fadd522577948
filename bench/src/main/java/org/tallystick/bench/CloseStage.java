package org.tallystick.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.platform.delivery.Delivery;
import org.tallystick.platform.delivery.Edges;
import org.tallystick.platform.delivery.Intake;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Ed25519;
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
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.protocol.Batch;
import org.tallystick.protocol.BatchHeader;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.DidKey;
import org.tallystick.protocol.Grant;
import org.tallystick.protocol.Hash;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.Leaf;
import org.tallystick.protocol.LeafKind;
import org.tallystick.protocol.NoteSigner;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Sha256;
import org.tallystick.protocol.Signer;
import org.tallystick.protocol.Verifier;

/**
 * The rooms from the database up to settlement, as {@code app.Platform} puts them together, with everything delivered that
 * a close is to bill. Manifests, contracts, jobs and grants enter the log without the uploads and signatures that would
 * precede them: these are not what is measured.
 */
final class CloseStage implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ORIGIN = "bench.example/log";
    private static final int AT_ONCE = 5_000;

    /** A clock that is moved. */
    private static final class Clock implements InstantSource {
        private volatile Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final CloseScale scale;
    private final Clock clock = new Clock();
    private final Signer platform = signer("platform");
    private final Verifier verifier = Ed25519.verifier();
    private final Database database;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Sequencer sequencer;
    private final Catalog catalog;
    private final Delivery delivery;
    private final Metering metering;
    private final Ledger ledger = new Ledger();
    private final Contracts contracts;
    private Settlement settlement;
    private final List<List<Member>> versions = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();

    CloseStage(Path data, CloseScale scale) {
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
                        Catalog.projection(),
                        Contracts.projection(),
                        Delivery.projection(),
                        Settlement.projection(ledger, ORIGIN)),
                clock);
        Parties parties = new Parties(database, sequencer, verifier, clock);
        catalog = new Catalog(database, sequencer, parties);
        contracts = new Contracts(database, sequencer, parties, catalog, verifier, clock);
        delivery = new Delivery(
                new Delivery.Ground(database, sequencer, blobs, parties, contracts, verifier, clock),
                new Delivery.Authority(ORIGIN, platform, Delivery.Authority.USUAL_VALIDITY));
        metering = new Metering(new Metering.Ground(database, sequencer, log, blobs, delivery, catalog));
        settlement = newSettlement();
        publish(parties);
        offer();
        deliver();
    }

    private Settlement newSettlement() {
        return new Settlement(
                new Settlement.Ground(database, sequencer, log, contracts, catalog, delivery, metering, ledger, clock),
                new NoteSigner(ORIGIN, platform));
    }

    /** Lets go of what settlement holds in memory. */
    void forget() {
        settlement = newSettlement();
    }

    private static Signer signer(String name) {
        return Ed25519.signer(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    private void append(List<Draft> drafts) {
        for (int from = 0; from < drafts.size(); from += AT_ONCE) {
            List<Draft> some = drafts.subList(from, Math.min(drafts.size(), from + AT_ONCE));
            sequencer.execute((tx, now) -> Decision.append(some, position -> position));
        }
    }

    private void publish(Parties parties) {
        PartyId curator = new PartyId("curator");
        parties.register(new NewParty(
                        curator,
                        Role.CURATOR,
                        "bench",
                        new DidKey(signer("curator").publicKey())))
                .orThrow();
        for (int version = 0; version < scale.versions(); version++) {
            List<Draft> drafts = new ArrayList<>();
            List<ContentAndCreator> works = new ArrayList<>();
            for (int work = 0; work < scale.works(); work++) {
                PartyId creator = new PartyId("creator-" + scale.creatorOf(version, work));
                ContentId content = ContentId.of(("work " + version + " " + work).getBytes(StandardCharsets.UTF_8));
                works.add(new ContentAndCreator(content, creator));
                drafts.add(manifest(content, creator));
            }
            append(drafts);
            DatasetId dataset = new DatasetId("ds-" + version);
            Hash root = catalog.publish(new PublishVersion(dataset, curator, "Works", "of many creators", works))
                    .orThrow()
                    .root();
            versions.add(database.read(tx -> catalog.members(tx, root)));
        }
    }

    private static Draft manifest(ContentId content, PartyId creator) {
        String id = "mf-" + content.hex().substring(0, 40);
        return Draft.document(
                "manifest",
                Json.object()
                        .put(
                                "manifest",
                                Json.object()
                                        .put("content_id", content.toString())
                                        .put("creator_id", creator.value())
                                        .put("license_uri", "https://bench.example/license")
                                        .build())
                        .put("manifest_id", id)
                        .put("bytes", 20_000)
                        .put("uploader", creator.value())
                        .put("receipt", "")
                        .build());
    }

    private void offer() {
        List<Draft> drafts = new ArrayList<>();
        for (int contract = 0; contract < scale.contracts(); contract++) {
            int version = scale.versionOf(contract);
            String root = database.read(tx -> catalog.versions(tx, new DatasetId("ds-" + version), 1))
                    .getFirst()
                    .root()
                    .hex();
            drafts.add(Draft.document("contract", Json.parseObject("""
                            {"@context":"https://schema.org/","@type":"DataContract","contractId":"c-%d",
                             "datasetId":"ds-%d","buyerId":"buyer-%d","curatorId":"curator","datasetVersion":"%s",
                             "platformFeeShare":0.05,
                             "license":{"type":"restricted-training","permittedUses":["model-training"],
                               "duration":"P1Y"},
                             "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":0.003333333333},
                             "payout":{"type":"monthly-reconciliation",
                               "split":[{"recipientId":"creators","share":0.8},
                                        {"recipientId":"curator","share":0.2}]}}
                            """.formatted(contract, version, contract, root)
                    .getBytes(StandardCharsets.UTF_8))));
            Grant grant = new Grant(
                    ORIGIN,
                    "buyer-" + contract,
                    "c-" + contract,
                    "job-" + contract,
                    Scope.TRAINING,
                    Hash.ofHex(root),
                    START,
                    START.plus(Duration.ofHours(24)),
                    Optional.empty());
            grants.add(grant);
            drafts.add(Draft.document(
                    "job",
                    Json.object()
                            .put("job", grant.job())
                            .put("contract", grant.contract())
                            .put("buyer", grant.consumer())
                            .put("dataset", root)
                            .put("model", "bench")
                            .build()));
            drafts.add(Draft.document("grant", grant.claims()));
        }
        append(drafts);
    }

    /** All deliveries, contract by contract as buyers come, shipped in bundles and folded. */
    private void deliver() {
        Signer key = signer("edge");
        DidKey did = new DidKey(key.publicKey());
        Principal operator = new Principal(Parties.OPERATOR, Role.OPERATOR);
        var edge = delivery.edges().register(operator, "edge").orThrow().edge();
        Principal principal = new Principal(edge.party(), Role.EDGE);
        int epoch = delivery.edges()
                .certify(principal, edge.number(), did, key.sign(Edges.proofMessage(edge.number(), did)))
                .orThrow()
                .certificate()
                .epoch();
        clock.now = START.plus(Duration.ofHours(2));
        SplittableRandom random = new SplittableRandom(1);
        byte[] leaves = new byte[scale.leaves() * Leaf.LENGTH];
        byte[] salt = new byte[Leaf.SALT_LENGTH];
        byte[] bundle = new byte[Intake.MAX_BUNDLE];
        Hash previous = BatchHeader.NONE;
        int length = 0;
        int open = 0;
        for (long at = 0; at < scale.deliveries(); at++) {
            long use = scale.useOf(at);
            int contract = (int) (use / scale.works());
            random.nextBytes(salt);
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            false,
                            edge.number(),
                            epoch,
                            at + 1,
                            START.toEpochMilli() + at % 3_600_000,
                            grants.get(contract).tokenId(),
                            versions.get(scale.versionOf(contract))
                                    .get(scale.workOf(use))
                                    .content(),
                            20_000,
                            0,
                            salt)
                    .encode(leaves, open++ * Leaf.LENGTH);
            boolean end = at == scale.deliveries() - 1;
            if (open == scale.leaves() || end) {
                Batch batch = Batch.seal(Arrays.copyOf(leaves, open * Leaf.LENGTH), previous, key);
                previous = batch.header().hash();
                if (length + batch.length() > bundle.length) {
                    length = ship(principal, bundle, length);
                }
                System.arraycopy(batch.encode(), 0, bundle, length, batch.length());
                length += batch.length();
                open = 0;
            }
            if (end) {
                ship(principal, bundle, length);
            }
        }
        metering.catchUp();
    }

    private int ship(Principal principal, byte[] bundle, int length) {
        delivery.intake().accept(principal, Arrays.copyOf(bundle, length)).orThrow();
        return 0;
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

    /** An auditor's way over everything. */
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
