package org.tallystick.platform.app;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.delivery.Edge;
import org.tallystick.platform.delivery.Edges;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.TestKeys;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;

/** A creator, a curator and a buyer on a whole platform, from the first upload to a statement, through its façades. */
final class Story {
    private static final Principal OPERATOR = new Principal(Parties.OPERATOR, Role.OPERATOR);
    private static final Principal CREATOR = new Principal(new PartyId("creator-1"), Role.CREATOR);
    private static final Principal CURATOR = new Principal(new PartyId("curator-1"), Role.CURATOR);
    private static final Principal BUYER = new Principal(new PartyId("buyer-1"), Role.BUYER);
    private static final ContractId CONTRACT = new ContractId("cnf-story");
    private static final DatasetId DATASET = new DatasetId("ds-story");
    private static final int WORKS = 25;

    private final Platform platform;
    private final InstantSource clock;
    private final AtomicInteger uploads = new AtomicInteger();

    /** Begins on an empty platform. */
    Story(Platform platform, InstantSource clock) {
        this.platform = platform;
        this.clock = clock;
        register(CREATOR, "First creator");
        register(CURATOR, "First curator");
        register(BUYER, "First buyer");
        List<ContentAndCreator> members = new ArrayList<>();
        for (int i = 0; i < WORKS; i++) {
            members.add(new ContentAndCreator(upload("work " + i), CREATOR.id()));
        }
        DatasetVersion version = platform.catalog()
                .publish(new PublishVersion(DATASET, CURATOR.id(), "Works", "of one creator", members))
                .orThrow();
        ContractDocument document = ContractDocument.parse(terms(version));
        for (Principal party : List.of(BUYER, CURATOR, CREATOR)) {
            document = document.sign(party.id().value(), signer(party.id().value()), clock.instant());
        }
        platform.contracts().accept(document.json()).orThrow();
        platform.settlement()
                .fundEscrow(OPERATOR, CONTRACT, Money.parse("5.00 USD"), "wire 1")
                .orThrow();
    }

    private Story(Platform platform, InstantSource clock, int uploads) {
        this.platform = platform;
        this.clock = clock;
        this.uploads.set(uploads);
    }

    /** Goes on with a story that began before. */
    static Story of(Platform platform, InstantSource clock) {
        return new Story(platform, clock, 10_000);
    }

    private static Signer signer(String name) {
        return Ed25519.signer(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    private void register(Principal party, String name) {
        DidKey key = new DidKey(signer(party.id().value()).publicKey());
        platform.parties()
                .register(new NewParty(party.id(), party.role(), name, key))
                .orThrow();
    }

    String creatorsKey() {
        DidKey key =
                platform.parties().find(Parties.OPERATOR).orElseThrow().key().orElseThrow();
        return TestKeys.own(
                platform.parties(), CREATOR.id(), signer(CREATOR.id().value()), key, clock.instant());
    }

    private ContentId upload(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        Json.Obj manifest = Json.object()
                .put("creator_id", CREATOR.id().value())
                .put("license_uri", "https://licence.example/training")
                .put("path", text + ".txt")
                .build();
        platform.ingest()
                .upload(CREATOR, ManifestDraft.parse(manifest), new ByteArrayInputStream(content))
                .orThrow();
        return ContentId.of(content);
    }

    /** So many more works, which no dataset holds. */
    void upload(int works) {
        for (int i = 0; i < works; i++) {
            upload("another work " + uploads.incrementAndGet());
        }
    }

    private static Json.Obj terms(DatasetVersion version) {
        return Json.parseObject(
                """
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"%s","datasetId":"%s",
                 "buyerId":"buyer-1","curatorId":"curator-1","datasetVersion":"%s",
                 "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y"},
                 "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":0.005},
                 "payout":{"type":"monthly-reconciliation","split":[
                   {"recipientId":"creators","share":0.8},{"recipientId":"curator-1","share":0.2}]}}
                """.formatted(CONTRACT, DATASET, version.root().hex()).getBytes(StandardCharsets.UTF_8));
    }

    /** A new job uses so many works, each delivered twice by a new edge. */
    void train(int works) {
        Grant grant = platform.delivery()
                .jobs()
                .issueToken(
                        BUYER,
                        platform.delivery()
                                .jobs()
                                .openJob(BUYER, CONTRACT, Optional.empty(), "a model")
                                .orThrow()
                                .id(),
                        Scope.TRAINING,
                        Duration.ofHours(1),
                        Optional.empty())
                .orThrow()
                .grant();
        Edge edge = platform.delivery()
                .edges()
                .register(OPERATOR, "edge of " + grant.job())
                .orThrow()
                .edge();
        Signer key = signer(grant.job());
        Principal principal = new Principal(edge.party(), Role.EDGE);
        DidKey did = new DidKey(key.publicKey());
        int epoch = platform.delivery()
                .edges()
                .certify(principal, edge.number(), did, key.sign(Edges.proofMessage(edge.number(), did)))
                .orThrow()
                .certificate()
                .epoch();
        byte[] leaves = new byte[2 * works * Leaf.LENGTH];
        for (int i = 0; i < 2 * works; i++) {
            ContentId content = ContentId.of(("work " + i % works).getBytes(StandardCharsets.UTF_8));
            new Leaf(
                            LeafKind.FULL,
                            Scope.TRAINING,
                            false,
                            edge.number(),
                            epoch,
                            i + 1L,
                            clock.instant().toEpochMilli(),
                            grant.tokenId(),
                            content,
                            6,
                            0,
                            new byte[Leaf.SALT_LENGTH])
                    .encode(leaves, i * Leaf.LENGTH);
        }
        platform.delivery()
                .intake()
                .accept(principal, Batch.seal(leaves, BatchHeader.NONE, key).encode())
                .orThrow();
    }

    /** Closes everything up to now; answers the hashes of all statements there are. */
    List<String> close(String period) {
        List<Close> before =
                platform.database().read(tx -> platform.settlement().closes(tx));
        Instant from =
                before.isEmpty() ? Instant.EPOCH : before.getLast().period().to();
        while (!clock.instant().isAfter(from.plusMillis(2))) {
            Thread.onSpinWait();
        }
        platform.settlement().close(new Period(period, from, clock.instant())).orThrow();
        return statements(platform);
    }

    static List<String> statements(Platform platform) {
        List<Close> closes =
                platform.database().read(tx -> platform.settlement().closes(tx));
        return closes.stream()
                .flatMap(close -> close.statements().stream())
                .map(id -> id + " "
                        + platform.settlement().statement(id).orElseThrow().hash())
                .toList();
    }
}
