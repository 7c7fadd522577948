package org.tallystick.protocol.statement;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Pricing;

/** Holds the lines of an invoice against its contract and all uses under it: each is billed once, at the contract's price. */
final class InvoiceRules implements PaperRules {
    private final Invoice invoice;
    private final ContractDocument contract;
    private final Map<Hash, ShownVersion> versions;
    private final List<Use> uses;

    InvoiceRules(
            Invoice invoice,
            Map<String, ContractDocument> contracts,
            Map<Hash, ShownVersion> versions,
            List<Use> uses) {
        this.invoice = invoice;
        this.contract = Optional.ofNullable(contracts.get(invoice.contract()))
                .filter(found -> contracts.size() == 1)
                .orElseThrow(() -> new MalformedException(
                        "evidence/contract", "an invoice rests on contract " + invoice.contract() + " and no other"));
        this.versions = versions;
        this.uses = uses;
    }

    /** Buyer and curator are bound by every paper; nobody else is by an invoice's lines. */
    @Override
    public Set<String> bound(ContractDocument bound) {
        return Set.of();
    }

    @Override
    public void checkLines() {
        if (!contract.buyer().equals(Optional.of(invoice.buyer()))
                || !contract.pricing().price().currency().equals(invoice.currency())) {
            throw new MalformedException("invoice/terms", "the contract is with another buyer, or in another currency");
        }
        StatedAmount fee = invoice.notation().zero();
        for (int i = 0; i < invoice.lines().size(); i++) {
            Invoice.Line line = invoice.lines().get(i);
            checkFactors(line, "line " + (i + 1));
            if (!isFree(line)) {
                fee = fee.plus(line.fee(invoice.notation(), contract.platformFeeShare()));
            }
        }
        if (!fee.equals(invoice.fee())) {
            throw new MalformedException(
                    "invoice/fee", "the platform's fee of the lines comes to " + fee + ", not " + invoice.fee());
        }
        checkUses(false);
        checkUses(true);
    }

    /** Under a flat price its line has all of it, and lines of uses beside it cost nothing. */
    private void checkFactors(Invoice.Line line, String where) {
        boolean flat = contract.pricing() instanceof Pricing.Flat;
        if (!flat && line.kind() == Statement.Kind.FLAT) {
            throw new MalformedException("invoice/pricing", where + " is not priced as the contract says");
        }
        if (!PaperRules.isWritten(line.unitPrice(), contract.pricing().price().amount())) {
            throw new MalformedException("invoice/terms", where + " has a price the contract does not say");
        }
        StatedAmount recomputed = isFree(line) ? invoice.notation().zero() : line.recomputed(invoice.notation());
        if (!recomputed.equals(line.exact())) {
            throw new MalformedException(
                    "invoice/arithmetic", where + " says " + line.exact() + ", its factors come to " + recomputed);
        }
        if (line.kind() == Statement.Kind.FLAT && line.uses() != size()) {
            throw new MalformedException(
                    "invoice/uses", where + " counts " + line.uses() + " works, the version has " + size());
        }
    }

    private boolean isFree(Invoice.Line line) {
        return contract.pricing() instanceof Pricing.Flat && line.kind() != Statement.Kind.FLAT;
    }

    /** Works of the contract's dataset version, proven by the members at the corners of its tree. */
    private long size() {
        ShownVersion version = contract.datasetVersion()
                .flatMap(root -> Optional.ofNullable(versions.get(root)))
                .orElseThrow(() ->
                        new MalformedException("evidence/members", "the dataset version of a flat price is not shown"));
        if (!version.sized()) {
            throw new MalformedException(
                    "evidence/version-size", "how many works have the flat price is not proven by the members shown");
        }
        return version.size();
    }

    private void checkUses(boolean withdrawn) {
        Map<Use.Key, Set<ContentId>> proven = LineCounts.works(uses, use -> use.withdrawn() == withdrawn);
        LineCounts stated = new LineCounts("invoice/uses");
        for (Invoice.Line line : invoice.lines()) {
            if (line.kind() != Statement.Kind.FLAT && (line.kind() == Statement.Kind.WITHDRAWAL) == withdrawn) {
                stated.add(new Use.Key(invoice.contract(), line.job(), line.scope()), line.uses());
            }
        }
        stated.check(proven);
        for (Use.Key key : proven.keySet()) {
            if (!stated.has(key)) {
                throw LineCounts.unused(key);
            }
        }
    }

    /** A flat price is charged whole, by one invoice of the contract and by no other. */
    @Override
    public void checkWhole() {
        if (contract.pricing() instanceof Pricing.Flat flat) {
            Exact price = Exact.of(flat.price().amount());
            if (!invoice.total().exactAfter().equals(price)) {
                throw new MalformedException(
                        "invoice/flat",
                        "the flat price is " + price + ", the invoices so far come to "
                                + invoice.total().exactAfter());
            }
        }
    }
}
