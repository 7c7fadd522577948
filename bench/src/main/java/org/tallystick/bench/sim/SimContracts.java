package org.tallystick.bench.sim;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * Creators with works, a curator, a buyer, and contracts between them. The prices are chosen so that divisions leave
 * remainders.
 */
final class SimContracts {
    /** Length of every work. */
    static final int WORK_BYTES = 64;

    static final Principal OPERATOR = new Principal(Parties.OPERATOR, Role.OPERATOR);
    static final PartyId CURATOR = new PartyId("curator");
    static final BigDecimal TO_CREATORS = new BigDecimal("0.8");
    static final BigDecimal TO_CURATOR = new BigDecimal("0.2");

    private static final Principal BUYER = new Principal(new PartyId("buyer"), Role.BUYER);
    private static final int CREATORS = 4;
    private static final int WORKS_OF_EACH = 10;
    private static final Duration LIFE_OF_TOKEN = Duration.ofHours(24);

    private final SimClock clock;
    private final Map<ContentId, PartyId> works = new LinkedHashMap<>();
    private final DatasetVersion version;

    /** A contract and what is known of it outside the platform. */
    static final class SimContract {
        final ContractId contract;
        final BigDecimal price;
        final List<Grant> grants = new ArrayList<>();
        Money funded;

        SimContract(ContractId contract, BigDecimal price, Money funded) {
            this.contract = contract;
            this.price = price;
            this.funded = funded;
        }
    }

    SimContracts(Platform platform, SimClock clock) {
        this.clock = clock;
        for (int i = 0; i < CREATORS; i++) {
            PartyId creator = creator(i);
            register(platform, creator, Role.CREATOR);
            for (int j = 0; j < WORKS_OF_EACH; j++) {
                works.put(upload(platform, creator, j), creator);
            }
        }
        register(platform, CURATOR, Role.CURATOR);
        register(platform, BUYER.id(), Role.BUYER);
        List<ContentAndCreator> members = works.entrySet().stream()
                .map(work -> new ContentAndCreator(work.getKey(), work.getValue()))
                .toList();
        this.version = platform.catalog()
                .publish(new PublishVersion(new DatasetId("ds-sim"), CURATOR, "Works", "of several creators", members))
                .orThrow();
    }

    private static PartyId creator(int number) {
        return new PartyId("creator-" + number);
    }

    private static Signer signer(PartyId party) {
        return Ed25519.signer(
                Sha256.hash(party.value().getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    private static void register(Platform platform, PartyId party, Role role) {
        platform.parties()
                .register(new NewParty(
                        party, role, party.value(), new DidKey(signer(party).publicKey())))
                .orThrow();
    }

    private static ContentId upload(Platform platform, PartyId creator, int number) {
        byte[] text = (creator + " wrote work " + number).getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(text, WORK_BYTES);
        Json.Obj manifest = Json.object()
                .put("creator_id", creator.value())
                .put("license_uri", "https://licence.example/training")
                .put("path", "work-" + number + ".txt")
                .build();
        platform.ingest()
                .upload(
                        new Principal(creator, Role.CREATOR),
                        ManifestDraft.parse(manifest),
                        new ByteArrayInputStream(content))
                .orThrow();
        return ContentId.of(content);
    }

    Map<ContentId, PartyId> works() {
        return works;
    }

    List<ContentId> contents() {
        return List.copyOf(works.keySet());
    }

    /** A contract signed by everybody, with something in escrow. */
    SimContract conclude(Platform platform, String id, String price, Money escrow) {
        ContractDocument document = ContractDocument.parse(terms(id, price));
        List<PartyId> signers = new ArrayList<>(List.of(BUYER.id(), CURATOR));
        for (int i = 0; i < CREATORS; i++) {
            signers.add(creator(i));
        }
        for (PartyId party : signers) {
            document = document.sign(party.value(), signer(party), clock.instant());
        }
        platform.contracts().accept(document.json()).orThrow();
        platform.settlement()
                .grantCredit(OPERATOR, new ContractId(id), Money.parse("1000000 USD"))
                .orThrow();
        SimContract contract = new SimContract(new ContractId(id), new BigDecimal(price), escrow);
        platform.settlement()
                .fundEscrow(OPERATOR, contract.contract, escrow, "first payment for " + id)
                .orThrow();
        return contract;
    }

    private Json.Obj terms(String id, String price) {
        String text = """
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"%s","datasetId":"ds-sim",
                 "buyerId":"buyer","curatorId":"curator","datasetVersion":"%s","platformFeeShare":0,
                 "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y"},
                 "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":%s},
                 "payout":{"type":"monthly-reconciliation","split":[
                   {"recipientId":"creators","share":0.8},{"recipientId":"curator","share":0.2}]}}
                """.formatted(id, version.root().hex(), price);
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Opens a job and gets a token for it. Asking again with the same number is the same job. */
    Grant open(Platform platform, SimContract contract, int number) {
        JobId job = platform.delivery()
                .jobs()
                .openJob(BUYER, contract.contract, Optional.of(new JobId("job-" + number)), "model " + number)
                .orThrow()
                .id();
        return token(platform, job);
    }

    /** Another token for a job. */
    Grant token(Platform platform, JobId job) {
        return platform.delivery()
                .jobs()
                .issueToken(BUYER, job, Scope.TRAINING, LIFE_OF_TOKEN, Optional.empty())
                .orThrow()
                .grant();
    }
}
