package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Worth;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Pricing;

/**
 * Checks what a party gets of flat prices. A flat price falls due once and is shared by the works of the dataset version, so
 * what a party has of it in all, over all of its statements, follows from the contract and from how many of the works are
 * the party's.
 */
final class FlatPrices {
    private final Statement statement;
    private final Map<String, ContractDocument> contracts;
    private final Map<Hash, ShownVersion> versions;

    FlatPrices(Statement statement, Map<String, ContractDocument> contracts, Map<Hash, ShownVersion> versions) {
        this.statement = statement;
        this.contracts = contracts;
        this.versions = versions;
    }

    /** A creator's part of a flat price is its works among all works of the version, each of its works shown. */
    void checkParts() {
        for (Statement.Line line : statement.lines()) {
            if (line.kind() != Statement.Kind.FLAT) {
                continue;
            }
            ShownVersion version = version(line.contract());
            long shown = version.worksOf(statement.party());
            long uses = line.basis() == Statement.Basis.CREATOR ? shown : version.size();
            if (line.worth().of() != version.size() || line.worth().uses() != uses) {
                throw new MalformedException(
                        "statement/part",
                        "the part " + line.worth().uses() + "/" + line.worth().of() + " of contract " + line.contract()
                                + " is not borne out by the members shown");
            }
        }
    }

    /**
     * The sum of this statement and all before it is the party's whole part: no line is left out, none falls due twice, and
     * none of the party's works is hidden.
     */
    void checkSums() {
        for (Statement.ContractTotal total : statement.contracts()) {
            ContractDocument contract = Optional.ofNullable(contracts.get(total.contract()))
                    .orElseThrow(() -> new MalformedException(
                            "evidence/contract", "contract " + total.contract() + " of a total is not here"));
            if (contract.pricing() instanceof Pricing.Flat) {
                Exact due = due(contract, version(total.contract()));
                if (!total.exactAfter().equals(due)) {
                    throw new MalformedException(
                            "statement/flat",
                            statement.party() + " is due " + due + " of the flat price of contract " + contract.id()
                                    + ", the statements so far come to " + total.exactAfter());
                }
            }
        }
    }

    private Exact due(ContractDocument contract, ShownVersion version) {
        version.checkAllShown(statement.party());
        long own = version.worksOf(statement.party());
        BigDecimal price = contract.pricing().price().amount();
        BigDecimal fee = contract.platformFeeShare();
        Exact due = Exact.ZERO;
        for (ContractPayout.Split split : contract.payout().splits()) {
            if (split.recipient().equals(ContractPayout.CREATORS) && own > 0) {
                due = due.plus(new Worth(price, fee, split.share(), own, version.size()).exact());
            } else if (split.recipient().equals(statement.party())) {
                due = due.plus(new Worth(price, fee, split.share(), version.size(), version.size()).exact());
            }
        }
        return due;
    }

    private ShownVersion version(String contract) {
        ShownVersion version = Optional.ofNullable(contracts.get(contract))
                .flatMap(ContractDocument::datasetVersion)
                .flatMap(root -> Optional.ofNullable(versions.get(root)))
                .orElseThrow(() ->
                        new MalformedException("evidence/members", "the dataset version of a flat price is not shown"));
        if (!version.sized()) {
            throw new MalformedException(
                    "evidence/version-size", "how many works share the flat price is not proven by the members shown");
        }
        return version;
    }
}
