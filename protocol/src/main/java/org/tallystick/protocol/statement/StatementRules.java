package org.tallystick.protocol.statement;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Pricing;

/** Holds the lines of a statement against contracts and proven uses: every role of its party has a line, and no other. */
final class StatementRules implements PaperRules {
    private final Statement statement;
    private final Map<String, ContractDocument> contracts;
    private final List<Use> uses;
    private final FlatPrices flat;

    StatementRules(
            Statement statement,
            Map<String, ContractDocument> contracts,
            Map<Hash, ShownVersion> versions,
            List<Use> uses) {
        this.statement = statement;
        this.contracts = contracts;
        this.uses = uses;
        this.flat = new FlatPrices(statement, contracts, versions);
    }

    /** The party itself, where it is paid as a creator. */
    @Override
    public Set<String> bound(ContractDocument contract) {
        boolean creator = statement.lines().stream()
                .anyMatch(line -> line.contract().equals(contract.id()) && line.basis() == Statement.Basis.CREATOR);
        return creator ? Set.of(statement.party()) : Set.of();
    }

    @Override
    public void checkLines() {
        for (int i = 0; i < statement.lines().size(); i++) {
            checkFactors(i + 1);
        }
        checkUses(false);
        checkUses(true);
        flat.checkParts();
    }

    @Override
    public void checkWhole() {
        flat.checkSums();
        Set<String> summed = statement.contracts().stream()
                .map(Statement.ContractTotal::contract)
                .collect(Collectors.toSet());
        contracts.keySet().stream().filter(id -> !summed.contains(id)).forEach(id -> {
            throw new MalformedException("statement/contract-total", "contract " + id + " is shown and has no total");
        });
    }

    private void checkUses(boolean withdrawn) {
        Predicate<Use> counts = use -> use.withdrawn() == withdrawn;
        Map<Use.Key, Set<ContentId>> all = LineCounts.works(uses, counts);
        Map<Use.Key, Set<ContentId>> own =
                LineCounts.works(uses, counts.and(use -> use.creator().equals(statement.party())));
        LineCounts asCreator = new LineCounts("statement/uses");
        LineCounts asRecipient = new LineCounts("statement/uses");
        for (Statement.Line line : statement.lines()) {
            if (line.kind() != Statement.Kind.FLAT && (line.kind() == Statement.Kind.WITHDRAWAL) == withdrawn) {
                (line.basis() == Statement.Basis.CREATOR ? asCreator : asRecipient)
                        .add(
                                new Use.Key(line.contract(), line.job(), line.scope()),
                                line.worth().uses());
            }
        }
        asCreator.check(own);
        asRecipient.check(all);
        for (Use.Key key : all.keySet()) {
            if (!asCreator.has(key) && !asRecipient.has(key)) {
                throw LineCounts.unused(key);
            }
            checkRoles(
                    Objects.requireNonNull(contracts.get(key.contract())),
                    statement.party(),
                    own.containsKey(key) == asCreator.has(key),
                    asRecipient.has(key));
            // A party that is paid for its own works alone shows those of nobody else.
            if (!asRecipient.has(key) && !Objects.equals(all.get(key), own.get(key))) {
                throw LineCounts.unused(key);
            }
        }
    }

    /** Whoever is creator of works used and recipient of a share of them is paid in both roles, never in one alone. */
    private static void checkRoles(
            ContractDocument contract, String party, boolean paidAsCreator, boolean paidAsRecipient) {
        for (ContractPayout.Split split : contract.payout().splits()) {
            boolean missing = split.recipient().equals(ContractPayout.CREATORS)
                    ? !paidAsCreator
                    : split.recipient().equals(party) && !paidAsRecipient;
            if (missing) {
                throw new MalformedException(
                        "statement/line-missing",
                        "contract " + contract.id() + " pays " + party + " a share as " + split.recipient()
                                + " of the uses shown, and no line does");
            }
        }
    }

    private void checkFactors(int number) {
        Statement.Line line = statement.lines().get(number - 1);
        String where = "line " + number;
        ContractDocument contract = Optional.ofNullable(contracts.get(line.contract()))
                .orElseThrow(() -> new MalformedException(
                        "evidence/contract", where + " is under contract " + line.contract() + ", which is not here"));
        boolean flat = contract.pricing() instanceof Pricing.Flat;
        if (flat != (line.kind() == Statement.Kind.FLAT)) {
            throw new MalformedException("statement/pricing", where + " is not priced as its contract says");
        }
        String recipient = line.basis() == Statement.Basis.CREATOR ? ContractPayout.CREATORS : statement.party();
        boolean agreed = contract.payout().splits().stream()
                .anyMatch(split -> split.recipient().equals(recipient)
                        && PaperRules.isWritten(line.worth().share(), split.share()));
        if (!agreed
                || !PaperRules.isWritten(
                        line.worth().price(), contract.pricing().price().amount())
                || !contract.pricing().price().currency().equals(statement.currency())
                || !PaperRules.isWritten(line.worth().fee(), contract.platformFeeShare())) {
            throw new MalformedException(
                    "statement/terms", where + " uses a price, fee, share or currency the contract does not say");
        }
        StatedAmount recomputed = line.recomputed(statement.notation());
        if (!recomputed.equals(line.exact())) {
            throw new MalformedException(
                    "statement/arithmetic", where + " says " + line.exact() + ", its factors come to " + recomputed);
        }
    }
}
