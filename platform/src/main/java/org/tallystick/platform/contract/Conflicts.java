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
 * Loads the contracts in force that a new one could be in conflict with and asks {@link ConflictRules}. Called inside the
 * sequencer's decision, so that where several sign at once the first to be ordered is accepted, and the others find it here.
 */
final class Conflicts {
    private Conflicts() {}

    static Optional<Problem> find(Handle tx, ContractDocument contract, Instant now) {
        ConflictRules rules = new ConflictRules(contract, now, ContractStore.replacedEnd(tx, contract));
        return contract.replaces()
                .flatMap(replaces -> {
                    Optional<Contract> old = ContractStore.find(tx, new ContractId(replaces.contract()));
                    return rules.replacement(
                            replaces, old, old.map(found -> renewals(tx, found)).orElse(0));
                })
                .or(() -> exclusivity(tx, contract, now, rules));
    }

    private static Optional<Problem> exclusivity(
            Handle tx, ContractDocument contract, Instant now, ConflictRules rules) {
        String buyer = contract.buyer().orElse("");
        try (Stream<ExclusiveGrant> others = ContractStore.exclusive(tx, contract.dataset(), buyer, now)) {
            return rules.exclusivity(others);
        }
    }

    /** Counts one for the renewal that is asked for and one for each before it; stops once there are more than allowed. */
    private static int renewals(Handle tx, Contract old) {
        int most = old.document()
                .terms()
                .find(UseTerm.Renewal.class)
                .map(UseTerm.Renewal::most)
                .orElse(0);
        int renewals = 1;
        Optional<Contract> link = Optional.of(old);
        while (link.isPresent() && renewals <= most) {
            Optional<ContractReplacement> further = link.get()
                    .document()
                    .replaces()
                    .filter(replaces -> replaces.as() == ContractReplacement.Kind.RENEWAL);
            if (further.isEmpty()) {
                return renewals;
            }
            renewals++;
            link = ContractStore.find(tx, new ContractId(further.get().contract()));
        }
        return renewals;
    }
}
