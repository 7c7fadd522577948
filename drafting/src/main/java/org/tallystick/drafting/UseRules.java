package org.tallystick.drafting;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;

/** The linter's rules about granted uses and about passing rights on. */
final class UseRules {
    private static final int NEARLY_ALL = 5;

    private final ContractTerms terms;
    private final List<Flag> flags;
    private final UseTerm.Grant grant;

    UseRules(ContractTerms terms, List<Flag> flags) {
        this.terms = terms;
        this.flags = flags;
        this.grant = terms.get(UseTerm.Grant.class);
    }

    void run() {
        unlimited();
        weights();
        sublicensing();
        derivatives();
        exposure();
    }

    private void unlimited() {
        boolean anything = grant.uses().size() >= NEARLY_ALL
                && grant.purposes().isEmpty()
                && terms.find(UseTerm.Forbidden.class).isEmpty();
        if (!anything) {
            return;
        }
        boolean worldwide = terms.find(UseTerm.Regions.class).isEmpty();
        Compensation compensation = terms.compensation();
        boolean little = PaymentLevels.certain(compensation).compareTo(PaymentLevels.LITTLE) < 0;
        flag(
                "unlimited",
                little ? Flag.Severity.HIGH : Flag.Severity.MEDIUM,
                "grant",
                "Nearly every use is granted, for any purpose, with nothing forbidden"
                        + (worldwide ? ", anywhere in the world" : "") + (little ? ", for little." : "."),
                Flag.Hurts.CREATORS,
                Optional.of(new UseTerm.Forbidden(List.of("face-recognition", "impersonation", "surveillance"))));
    }

    private void weights() {
        boolean royalty = terms.find(UseTerm.Derivatives.class)
                .flatMap(UseTerm.Derivatives::royalty)
                .isPresent();
        if (royalty) {
            return;
        }
        String why =
                "Model weights may be given away: whoever has them needs no licence any more, and nothing is owed.";
        if (grant.uses().contains(Use.WEIGHT_DISTRIBUTION)) {
            Set<Use> others = EnumSet.copyOf(grant.uses());
            others.remove(Use.WEIGHT_DISTRIBUTION);
            Optional<Term> mend = others.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new UseTerm.Grant(grant.licence(), others, grant.purposes()));
            flag("weights-granted", Flag.Severity.HIGH, "grant", why, Flag.Hurts.CREATORS, mend);
        }
        terms.find(UseTerm.Derivatives.class)
                .filter(term -> term.weights() == UseTerm.Permission.ALLOWED)
                .filter(term -> !grant.uses().contains(Use.WEIGHT_DISTRIBUTION))
                .ifPresent(term -> flag(
                        "weights-free",
                        Flag.Severity.HIGH,
                        "derivatives",
                        why,
                        Flag.Hurts.CREATORS,
                        Optional.of(new UseTerm.Derivatives(
                                term.commercial(), UseTerm.Permission.FORBIDDEN, term.royalty(), term.sameTerms()))));
    }

    private void sublicensing() {
        Optional<UseTerm.Sublicensing> found = terms.find(UseTerm.Sublicensing.class);
        if (found.isEmpty()) {
            flag(
                    "sublicensing-undefined",
                    Flag.Severity.MEDIUM,
                    "sublicensing",
                    "It is not said whether the buyer may pass its rights, or the works, on.",
                    Flag.Hurts.BOTH,
                    Optional.of(StandardTerms.sublicensing()));
        } else if (found.get().sublicense() == UseTerm.Permission.ALLOWED
                || found.get().resale() == UseTerm.Permission.ALLOWED) {
            flag(
                    "sublicensing-free",
                    Flag.Severity.HIGH,
                    "sublicensing",
                    "The buyer may pass its rights or the works on to anyone, and the creators are not paid for that.",
                    Flag.Hurts.CREATORS,
                    Optional.of(StandardTerms.sublicensing()));
        }
    }

    private void derivatives() {
        if (terms.find(UseTerm.Derivatives.class).isEmpty() && StandardTerms.meters(grant)) {
            flag(
                    "derivatives-undefined",
                    Flag.Severity.MEDIUM,
                    "derivatives",
                    "It is not said what may become of models made from the works.",
                    Flag.Hurts.BOTH,
                    Optional.of(
                            grant.uses().contains(Use.WEIGHT_DISTRIBUTION)
                                    ? new UseTerm.Derivatives(
                                            UseTerm.Permission.ALLOWED,
                                            UseTerm.Permission.WITH_CONSENT,
                                            Optional.empty(),
                                            true)
                                    : StandardTerms.derivatives()));
        }
    }

    private void exposure() {
        if (grant.scopes().contains(Scope.INFERENCE)
                && terms.find(UseTerm.Exposure.class).isEmpty()) {
            flag(
                    "exposure-undefined",
                    Flag.Severity.MEDIUM,
                    "exposure",
                    "A model may repeat the works word for word: no limit says how much of one an answer may show.",
                    Flag.Hurts.CREATORS,
                    Optional.of(StandardTerms.exposure()));
        }
    }

    private void flag(
            String code, Flag.Severity severity, String clause, String why, Flag.Hurts hurts, Optional<Term> mend) {
        flags.add(new Flag(code, severity, clause, why, hurts, mend));
    }
}
