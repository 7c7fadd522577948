package org.tallystick.cli.demo;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.Escrow;

/**
 * Contracts on the terms of the sample: half a cent per sample, four fifths to the creator of each work, one fifth to the
 * curator; signed by every creator, the curator and the buyer; paid for in advance into escrow.
 */
final class DemoContracts {
    /** Price of one distinct work used within one job. */
    static final Money PRICE = Money.parse("0.005 USD");

    /** More jobs than the demo opens under one contract. */
    private static final int JOBS = 8;

    private static final Money HEADROOM = Money.parse("1.00 USD");

    private final DemoParties parties;
    private final DatasetVersion version;
    private final InstantSource clock;

    DemoContracts(DemoParties parties, DatasetVersion version, InstantSource clock) {
        this.parties = parties;
        this.version = version;
        this.clock = clock;
    }

    /** A contract everybody has signed, accepted by the platform. */
    Contract conclude(DemoParty buyer, String contractId) {
        ContractDocument document = ContractDocument.parse(terms(buyer, contractId));
        for (DemoParty creator : parties.creators().values()) {
            document = document.sign(creator.id(), creator.signer(), clock.instant());
        }
        document = document.sign(parties.curator().id(), parties.curator().signer(), clock.instant());
        document = document.sign(buyer.id(), buyer.signer(), clock.instant());
        return buyer.client().conclude(document);
    }

    /**
     * Pays into escrow the price of so many uses and a little more, so that something is left after the close. The operator
     * guarantees for the rest of what the demo's jobs could use: each may fetch every work, and few do.
     *
     * @return the escrow's balance after that
     */
    Money fund(Contract contract, long uses) {
        Money amount = PRICE.times(uses).plus(HEADROOM);
        Amount paid = Amount.of(amount.toDecimal(), amount.currency().code());
        Money rest = PRICE.times(version.works()).times(JOBS);
        parties.operator()
                .grantCredit(
                        contract.id(),
                        Amount.of(rest.toDecimal(), rest.currency().code()));
        Escrow escrow = parties.operator().fundEscrow(contract.id(), paid, "demo-payment-" + contract.id());
        return Money.parse(escrow.balance().toString());
    }

    private Json.Obj terms(DemoParty buyer, String contractId) {
        return Json.object()
                .put("@context", "https://schema.org/")
                .put("@type", "DataContract")
                .put("contractId", contractId)
                .put("datasetId", version.dataset())
                .put("datasetVersion", version.root().hex())
                .put("buyerId", buyer.id())
                .put("curatorId", parties.curator().id())
                .put("license", license())
                .put(
                        "pricing",
                        Json.object()
                                .put("model", "micropay")
                                .put("unit", "sample")
                                .put("pricePerUnitUsd", Json.of(new BigDecimal(PRICE.toDecimal())))
                                .build())
                .put("payout", payout())
                .put("signatures", Json.array(List.of()))
                .build();
    }

    private static Json.Obj license() {
        return Json.object()
                .put("type", "restricted-training")
                .put("permittedUses", Json.strings(List.of("model-training", "evaluation")))
                .put(
                        "forbiddenUses",
                        Json.strings(
                                List.of("model-weight-distribution", "derivative-commercialization-without-royalty")))
                .put("duration", "P1Y")
                .put("regionRestrictions", Json.strings(List.of("EU")))
                .build();
    }

    private Json.Obj payout() {
        return Json.object()
                .put("type", "monthly-reconciliation")
                .put("escrowProvider", "cloudflare-escrow-v1")
                .put(
                        "split",
                        Json.array(List.of(
                                share("creators", "0.80"),
                                share(parties.curator().id(), "0.20"))))
                .build();
    }

    private static Json.Obj share(String recipient, String share) {
        return Json.object()
                .put("recipientId", recipient)
                .put("share", Json.of(new BigDecimal(share)))
                .build();
    }
}
