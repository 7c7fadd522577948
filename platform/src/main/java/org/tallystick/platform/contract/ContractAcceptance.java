package org.tallystick.platform.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Currencies;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.CareTerm;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.ContractSignature;
import org.tallystick.protocol.terms.Finding;
import org.tallystick.protocol.terms.Mandate;

/**
 * Judges whether a well-formed contract binds: everything that stands against it is found, not the first thing only,
 * because each party has its own part to mend. Reads through the transaction it is given and changes nothing.
 */
final class ContractAcceptance {
    /** How far a signer's clock may be ahead of the platform's. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final Parties parties;
    private final Catalog catalog;
    private final Verifier verifier;

    ContractAcceptance(Parties parties, Catalog catalog, Verifier verifier) {
        this.parties = parties;
        this.catalog = catalog;
        this.verifier = verifier;
    }

    /**
     * What was found, and the keys it was found with: whoever acts on it later makes sure that they still hold.
     *
     * @param keys of every registered party the contract names
     * @param mandates those signatures were made under
     */
    record Judgement(List<Finding> findings, Map<PartyId, DidKey> keys, List<Mandate> mandates) {
        Judgement {
            findings = List.copyOf(findings);
            mandates = List.copyOf(mandates);
            keys = Map.copyOf(keys);
        }
    }

    Judgement judge(Handle tx, ContractDocument contract, Instant now) {
        List<Finding> findings = new ArrayList<>();
        Optional<DatasetVersion> version = contract.datasetVersion().flatMap(root -> catalog.version(tx, root));
        Set<String> required = new LinkedHashSet<>();
        version.ifPresent(v -> catalog.ranges(tx, v.root())
                .forEach(range -> required.add(range.creator().value())));
        Map<PartyId, DidKey> keys = new HashMap<>();
        parties(tx, findings, contract, required, keys);
        version(findings, contract, version);
        settled(findings, contract);
        currency(findings, contract, now);
        findings.addAll(PrintedContract.findings(contract));
        Map<String, DidKey> byName = new HashMap<>();
        keys.forEach((party, key) -> byName.put(party.value(), key));
        findings.addAll(contract.verify(required, byName, verifier));
        for (ContractSignature signature : contract.signatures()) {
            if (signature.timestamp().isAfter(now.plus(CLOCK_SKEW))) {
                findings.add(new Finding(
                        "contract/future-dated",
                        signature.party(),
                        "the signature of " + signature.party() + " is dated " + signature.timestamp()));
            }
        }
        List<Mandate> mandates = contract.signatures().stream()
                .flatMap(signature -> signature.mandate().stream())
                .toList();
        mandates(tx, findings, mandates, now);
        return new Judgement(findings, keys, mandates);
    }

    /** Whether the keys are still those that were judged with, and no mandate has been taken back. */
    boolean holds(Handle tx, Judgement judgement) {
        return judgement.keys().entrySet().stream()
                        .allMatch(e ->
                                parties.find(tx, e.getKey()).flatMap(Party::key).equals(Optional.of(e.getValue())))
                && judgement.mandates().stream().noneMatch(mandate -> isRevoked(tx, mandate));
    }

    private static boolean isRevoked(Handle tx, Mandate mandate) {
        return ContractStore.mandateRevoked(tx, new PartyId(mandate.creator()), mandate.id())
                .isPresent();
    }

    /**
     * A signer writes the time of its signature itself and could date it back, so a signature under a mandate must also be
     * accepted before the mandate ends.
     */
    private static void mandates(Handle tx, List<Finding> findings, List<Mandate> mandates, Instant now) {
        for (Mandate mandate : mandates) {
            String named = "the mandate " + mandate.id() + " of " + mandate.creator();
            if (isRevoked(tx, mandate)) {
                findings.add(
                        new Finding("contract/mandate-revoked", mandate.creator(), named + " has been taken back"));
            }
            if (!now.isBefore(mandate.ends())) {
                findings.add(
                        new Finding("contract/mandate-time", mandate.creator(), named + " ended at " + mandate.ends()));
            }
        }
    }

    /** Refuses prices, and consequences in money, that this platform cannot compute: they would be owed and never billed. */
    private static void settled(List<Finding> findings, ContractDocument contract) {
        if (contract.compensation().simple().isEmpty()) {
            findings.add(new Finding(
                    "contract/pricing-unsettled",
                    "pricing",
                    "this platform settles micropay and flat prices; it does not bill composed ones"));
        }
        contract.terms()
                .find(CareTerm.Surplus.class)
                .filter(surplus -> surplus.consequence() == CareTerm.Consequence.BILLED)
                .ifPresent(surplus -> findings.add(new Finding(
                        "contract/surplus-unsettled",
                        "terms.surplus",
                        "this platform shows works that were trained on without a receipt; it does not bill them")));
    }

    /** A currency that has ended, or not begun, can no longer be paid in, though contracts of its time stay valid. */
    private static void currency(List<Finding> findings, ContractDocument contract, Instant now) {
        String code = contract.compensation().currency();
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        Currencies.find(code).filter(currency -> !currency.isCurrentOn(today)).ifPresent(currency -> {
            String when = currency.until()
                    .filter(until -> !today.isBefore(until))
                    .map(until -> "ended on " + until)
                    .orElse("has not begun yet");
            findings.add(new Finding("contract/currency-ended", "pricing", "the currency " + code + " " + when));
        });
    }

    private static void version(List<Finding> findings, ContractDocument contract, Optional<DatasetVersion> published) {
        if (published.isEmpty()) {
            contract.datasetVersion()
                    .ifPresent(root -> findings.add(new Finding(
                            "contract/dataset-version-unknown",
                            "datasetVersion",
                            "no dataset version has root " + root)));
            return;
        }
        DatasetVersion version = published.get();
        if (!version.dataset().value().equals(contract.dataset())) {
            findings.add(new Finding(
                    "contract/dataset-mismatch",
                    "datasetId",
                    "the dataset version belongs to " + version.dataset() + ", not to " + contract.dataset()));
        }
        if (contract.curator().isPresent()
                && !contract.curator().get().equals(version.curator().value())) {
            findings.add(new Finding(
                    "contract/curator-mismatch",
                    "curatorId",
                    "the dataset version was published by " + version.curator() + ", not by "
                            + contract.curator().get()));
        }
    }

    /** Looks up everyone the contract needs; a party nobody has registered is found once, by its role in it. */
    private void parties(
            Handle tx,
            List<Finding> findings,
            ContractDocument contract,
            Set<String> creators,
            Map<PartyId, DidKey> keys) {
        Set<String> seen = new HashSet<>();
        contract.buyer().ifPresent(id -> role(findings, id, look(tx, id, keys), Role.BUYER));
        contract.curator().ifPresent(id -> role(findings, id, look(tx, id, keys), Role.CURATOR));
        contract.buyer().ifPresent(seen::add);
        contract.curator().ifPresent(seen::add);
        creators.stream().filter(seen::add).forEach(id -> look(tx, id, keys));
        for (ContractPayout.Split split : contract.payout().splits()) {
            String id = split.recipient();
            if (!id.equals(ContractPayout.CREATORS)
                    && seen.add(id)
                    && look(tx, id, keys).isEmpty()) {
                findings.add(new Finding("contract/recipient-unknown", id, "no party is registered as " + id));
            }
        }
        contract.signatures().stream()
                .flatMap(signature -> Stream.of(signature.party(), signature.signer()))
                .filter(seen::add)
                .forEach(id -> look(tx, id, keys));
    }

    private Optional<Party> look(Handle tx, String id, Map<PartyId, DidKey> keys) {
        Optional<Party> party = parties.find(tx, new PartyId(id));
        party.flatMap(Party::key).ifPresent(key -> keys.put(new PartyId(id), key));
        return party;
    }

    private static void role(List<Finding> findings, String id, Optional<Party> party, Role role) {
        if (party.isEmpty()) {
            findings.add(new Finding("contract/party-unknown", id, "no party is registered as " + id));
        } else if (party.get().role() != role) {
            findings.add(new Finding(
                    "contract/party-role",
                    id,
                    id + " is registered as " + party.get().role().text() + ", not as " + role.text()));
        }
    }
}
