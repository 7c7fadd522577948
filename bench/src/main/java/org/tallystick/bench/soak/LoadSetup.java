package org.tallystick.bench.soak;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.ManifestDraft;
import org.tallystick.sdk.PartyKeys;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.TallystickClient;

/**
 * What the load test delivers: a few creators' small works under one contract of one buyer. The works are small, so
 * that the processes are tested and not the disk.
 */
final class LoadSetup {
    static final String CONTRACT = "cnf-soak";

    /** Price of one work within one job. */
    static final Money PRICE = Money.parse("0.005 USD");

    private static final int CREATORS = 4;
    private static final int WORKS = 40;
    private static final int LONGEST_WORK = 4_000;
    private static final String CURATOR = "curator:soak";
    private static final String BUYER = "buyer:soak";

    private final String buyerKey;
    private final List<ContentId> works;
    private final AtomicInteger jobs = new AtomicInteger();

    private LoadSetup(String buyerKey, List<ContentId> works) {
        this.buyerKey = buyerKey;
        this.works = List.copyOf(works);
    }

    /** Registers the parties, publishes the works and concludes the contract on a new system. */
    static LoadSetup open(TallystickClient operator, SplittableRandom random) {
        Map<ContentId, String> members = new LinkedHashMap<>();
        List<String> signers = new ArrayList<>(List.of(CURATOR, BUYER));
        for (int i = 0; i < CREATORS; i++) {
            String creator = "creator:soak-" + i;
            signers.add(creator);
            TallystickClient client = operator.as(register(operator, creator, Role.CREATOR));
            for (int j = 0; j < WORKS; j++) {
                byte[] work = new byte[1 + random.nextInt(LONGEST_WORK)];
                random.nextBytes(work);
                members.put(upload(client, creator, work), creator);
            }
        }
        TallystickClient curator = operator.as(register(operator, CURATOR, Role.CURATOR));
        String buyerKey = register(operator, BUYER, Role.BUYER);
        DatasetVersion version = curator.publish("ds-soak", "Works", "made up, to be delivered under fire", members);
        ContractDocument contract = ContractDocument.parse(terms(version));
        for (String party : signers) {
            contract = contract.sign(party, signer(party), Instant.EPOCH.plusSeconds(1_700_000_000));
        }
        operator.as(buyerKey).conclude(contract);
        operator.fundEscrow(CONTRACT, new Amount(new BigDecimal("1000000"), "USD"), "paid once for all");
        return new LoadSetup(buyerKey, List.copyOf(members.keySet()));
    }

    private static Signer signer(String party) {
        return Ed25519.signer(
                Sha256.hash(party.getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    private static String register(TallystickClient operator, String party, Role role) {
        operator.registry().register(party, role, party, signer(party));
        return new PartyKeys(operator, party, signer(party)).create();
    }

    private static ContentId upload(TallystickClient creator, String id, byte[] work) {
        ManifestDraft draft = ManifestDraft.of(id, "https://licence.example/training")
                .content(ContentId.of(work))
                .mediaType("application/octet-stream");
        return creator.upload(draft, work).content();
    }

    private static Json.Obj terms(DatasetVersion version) {
        String text = """
            {"@context":"https://schema.org/","@type":"DataContract","contractId":"%s","datasetId":"%s",
             "buyerId":"%s","curatorId":"%s","datasetVersion":"%s","platformFeeShare":0,
             "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P100Y"},
             "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":%s},
             "payout":{"type":"monthly-reconciliation","split":[
               {"recipientId":"creators","share":0.8},{"recipientId":"%s","share":0.2}]}}
            """.formatted(
                CONTRACT, version.dataset(), BUYER, CURATOR, version.root().hex(), PRICE.toDecimal(), CURATOR);
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The buyer's API key. */
    String buyerKey() {
        return buyerKey;
    }

    List<ContentId> works() {
        return works;
    }

    /** An id for a job that has not been opened yet. */
    String nextJob() {
        return "job-" + jobs.incrementAndGet();
    }
}
