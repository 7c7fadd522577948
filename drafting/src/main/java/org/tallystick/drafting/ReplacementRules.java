package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Currencies;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractReplacement;

/** Flags that need more of a contract than its terms: what it replaces, and which currency it names. */
final class ReplacementRules {
    private ReplacementRules() {}

    static List<Flag> flags(ContractDocument document) {
        List<Flag> flags = new ArrayList<>();
        Compensation compensation = document.compensation();
        boolean amends = document.replaces()
                .filter(old -> old.as() == ContractReplacement.Kind.AMENDMENT)
                .isPresent();
        if (amends && isDueAtOnce(compensation)) {
            flags.add(new Flag(
                    "amendment-charges-again",
                    Flag.Severity.HIGH,
                    "price",
                    "It amends another contract and names a price for the whole contract. What was paid under the old one"
                            + " was paid for the same thing: name only what is due in addition, which may be 0.",
                    Flag.Hurts.BUYER,
                    Optional.empty()));
        }
        Currencies.find(compensation.currency())
                .flatMap(Currencies.Currency::until)
                .ifPresent(day -> flags.add(new Flag(
                        "currency-ended",
                        Flag.Severity.HIGH,
                        "price",
                        "Nothing can be paid in " + compensation.currency() + " since " + day
                                + "; a new contract in it is not accepted.",
                        Flag.Hurts.BOTH,
                        Optional.empty())));
        return flags;
    }

    /** Whether something falls due for the contract itself and not for what is used under it. */
    private static boolean isDueAtOnce(Compensation compensation) {
        boolean upfront = compensation.charges(Charge.Upfront.class).stream()
                .anyMatch(charge -> charge.amount().amount().signum() > 0);
        return upfront
                || !compensation.charges(Charge.Bulk.class).isEmpty()
                || compensation.bound(Compensation.MinimumGuarantee.class).isPresent();
    }
}
