package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractReplacement;
import org.tallystick.protocol.terms.UseTerm;

/** What contracts in force have against a new one: pure, over what {@link Conflicts} has loaded. */
final class ConflictRules {
    private final ContractDocument contract;
    private final Instant now;
    private final Optional<Instant> replacedEnd;

    /** @param replacedEnd first moment past the life of the contract whose place the new one takes, if it takes one */
    ConflictRules(ContractDocument contract, Instant now, Optional<Instant> replacedEnd) {
        this.contract = contract;
        this.now = now;
        this.replacedEnd = replacedEnd;
    }

    /**
     * What stands against taking another contract's place.
     *
     * @param found the contract whose place it is
     * @param renewals how many renewals there are from the contract that was made first to this one, itself counted
     */
    Optional<Problem> replacement(ContractReplacement replaces, Optional<Contract> found, int renewals) {
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
        return replaces.as() == ContractReplacement.Kind.RENEWAL ? renewal(old, renewals) : Optional.empty();
    }

    private static Optional<Problem> renewal(Contract old, int renewals) {
        Optional<UseTerm.Renewal> agreed = old.document().terms().find(UseTerm.Renewal.class);
        if (agreed.isEmpty()) {
            return refused("contract/renewal-not-agreed", "contract " + old.id() + " has no clause on renewal");
        }
        return renewals <= agreed.get().most()
                ? Optional.empty()
                : refused(
                        "contract/renewal-used-up",
                        "the contract may be renewed " + agreed.get().most() + " times at most");
    }

    /**
     * What stands against the grant because others hold the dataset exclusively.
     *
     * @param others read no further than to the first that is in the way
     */
    Optional<Problem> exclusivity(Stream<ExclusiveGrant> others) {
        Overlap.Claim fresh = Overlap.Claim.of(contract, now, replacedEnd);
        return others.filter(held -> !isReplaced(held) && overlaps(held, fresh))
                .findFirst()
                .map(this::grantedExclusively);
    }

    private boolean isReplaced(ExclusiveGrant held) {
        return contract.replaces()
                .filter(replaces ->
                        replaces.contract().equals(held.contract().id().value()))
                .isPresent();
    }

    private static boolean overlaps(ExclusiveGrant held, Overlap.Claim fresh) {
        Overlap.Claim claim = new Overlap.Claim(
                held.contract().document().terms(),
                new Overlap.Time(held.contract().accepted(), held.contract().ends()),
                Optional.of(new Overlap.Time(held.begins(), held.ends())));
        return Overlap.breaks(claim, fresh) || Overlap.breaks(fresh, claim);
    }

    /** Says until when, which the refused party may know, and not to whom, which it may not. */
    private Problem grantedExclusively(ExclusiveGrant held) {
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
