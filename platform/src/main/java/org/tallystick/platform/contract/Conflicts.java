package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractReplacement;
import org.tallystick.protocol.terms.UseTerm;

/**
 * What other contracts in force have against a new one. Asked inside the sequencer's decision, so that of any number who
 * sign at once the first to be ordered wins and everyone after it meets it here.
 */
final class Conflicts {
    private final Handle tx;
    private final ContractDocument contract;
    private final Instant now;

    private Conflicts(Handle tx, ContractDocument contract, Instant now) {
        this.tx = tx;
        this.contract = contract;
        this.now = now;
    }

    static Optional<Problem> find(Handle tx, ContractDocument contract, Instant now) {
        Conflicts conflicts = new Conflicts(tx, contract, now);
        return conflicts.replacement().or(conflicts::exclusivity);
    }

    private Optional<Problem> replacement() {
        return contract.replaces().flatMap(replaces -> {
            Optional<Contract> found = ContractStore.find(tx, new ContractId(replaces.contract()));
            if (found.isEmpty()) {
                return refused("contract/replaces-unknown", "there is no contract " + replaces.contract());
            }
            Contract old = found.get();
            ContractDocument before = old.document();
            if (!before.hash().equals(replaces.hash())) {
                return refused(
                        "contract/replaces-mismatch",
                        "contract " + old.id() + " has other terms: their SHA-256 is " + before.hash());
            }
            if (!old.liveAt(now)) {
                return refused("contract/replaces-not-live", "contract " + old.id() + " is no longer in force");
            }
            boolean same = before.buyer().equals(contract.buyer())
                    && before.curator().equals(contract.curator())
                    && before.dataset().equals(contract.dataset());
            if (!same) {
                return refused(
                        "contract/replaces-other-parties",
                        "contract " + old.id() + " is between others, or about another dataset");
            }
            return replaces.as() == ContractReplacement.Kind.RENEWAL ? renewal(old) : Optional.empty();
        });
    }

    /** Counts back along the chain of renewals to the contract that was made first. */
    private Optional<Problem> renewal(Contract old) {
        Optional<UseTerm.Renewal> agreed = old.document().terms().find(UseTerm.Renewal.class);
        if (agreed.isEmpty()) {
            return refused("contract/renewal-not-agreed", "contract " + old.id() + " has no clause on renewal");
        }
        int renewals = 1;
        Optional<Contract> link = Optional.of(old);
        while (link.isPresent() && renewals <= agreed.get().most()) {
            Optional<ContractReplacement> further = link.get()
                    .document()
                    .replaces()
                    .filter(replaces -> replaces.as() == ContractReplacement.Kind.RENEWAL);
            if (further.isEmpty()) {
                return Optional.empty();
            }
            renewals++;
            link = ContractStore.find(tx, new ContractId(further.get().contract()));
        }
        return refused(
                "contract/renewal-used-up",
                "the contract may be renewed " + agreed.get().most() + " times at most");
    }

    private Optional<Problem> exclusivity() {
        Overlap.Claim fresh =
                Overlap.Claim.of(contract.terms(), now, contract.license().endOf(now));
        String buyer = contract.buyer().orElse("");
        try (Stream<ContractStore.Exclusive> others = ContractStore.exclusive(tx, contract.dataset(), buyer, now)) {
            return others.filter(held -> !isReplaced(held) && overlaps(held, fresh))
                    .findFirst()
                    .map(this::taken);
        }
    }

    private boolean isReplaced(ContractStore.Exclusive held) {
        return contract.replaces()
                .filter(replaces ->
                        replaces.contract().equals(held.contract().id().value()))
                .isPresent();
    }

    private static boolean overlaps(ContractStore.Exclusive held, Overlap.Claim fresh) {
        Overlap.Claim claim = new Overlap.Claim(
                held.contract().document().terms(),
                new Overlap.Time(held.contract().accepted(), held.contract().ends()),
                Optional.of(new Overlap.Time(held.begins(), held.ends())));
        return Overlap.breaks(claim, fresh) || Overlap.breaks(fresh, claim);
    }

    /** Whose it is, is nobody else's business; when it is over, is. */
    private Problem taken(ContractStore.Exclusive held) {
        return Problem.conflict(
                        "contract/exclusivity-conflict",
                        "Granted to another exclusively",
                        "dataset " + contract.dataset() + " is granted exclusively from " + held.begins() + " to "
                                + held.ends() + ", and this contract would overlap")
                .with("exclusive_until", held.ends().toString());
    }

    private static Optional<Problem> refused(String type, String detail) {
        return Optional.of(Problem.conflict(type, "Cannot take that contract's place", detail));
    }
}
