package org.tallystick.drafting;

import java.time.Period;
import java.util.List;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;
import org.tallystick.protocol.terms.Worded;

/** The clauses on what may be done with the works. */
final class UseClauses {
    private UseClauses() {}

    static Clause of(UseTerm term) {
        return switch (term) {
            case UseTerm.Grant grant -> grant(grant);
            case UseTerm.Forbidden forbidden -> forbidden(forbidden);
            case UseTerm.Duration duration -> duration(duration);
            case UseTerm.Renewal renewal -> renewal(renewal);
            case UseTerm.Regions regions -> regions(regions);
            case UseTerm.Proof proof -> proof(proof);
            case UseTerm.Exclusivity exclusivity -> exclusivity(exclusivity);
            case UseTerm.Sublicensing sublicensing -> sublicensing(sublicensing);
            case UseTerm.Derivatives derivatives -> derivatives(derivatives);
            case UseTerm.Exposure exposure -> exposure(exposure);
        };
    }

    private static Clause grant(UseTerm.Grant grant) {
        List<String> uses = grant.uses().stream()
                .sorted()
                .map(use -> English.words(use.word()))
                .toList();
        ClauseWriter clause = new ClauseWriter("grant", "What is granted", grant)
                .say("The buyer may use the works of the dataset version named above for " + English.and(uses)
                        + ", under the licence \"" + grant.licence() + "\".")
                .say("Every other use is reserved to the creators.");
        if (!grant.purposes().isEmpty()) {
            List<String> purposes = grant.purposes().stream()
                    .sorted()
                    .map(purpose -> English.words(purpose.word()))
                    .toList();
            clause.say("What is made from the works may serve only these purposes: " + English.and(purposes) + ".")
                    .confirmed(Owner.BUYER);
        }
        if (grant.uses().contains(Use.EVALUATION)) {
            clause.say("Evaluation means measuring models with works that were delivered for a use permitted here.");
        }
        if (grant.scopes().isEmpty()) {
            clause.keptBy(Enforcer.TOKENS, "gives out no token, since no use granted here needs a delivery");
        } else {
            String scopes = English.and(
                    grant.scopes().stream().sorted().map(Scope::word).toList());
            clause.keptBy(Enforcer.TOKENS, "gives out tokens for " + scopes + " and for nothing else")
                    .keptBy(Enforcer.EDGE, "delivers a work only against a token of this contract, for its scope");
        }
        return clause.keptBy(Enforcer.GATE, "answers no to a training run these uses do not cover")
                .done();
    }

    private static Clause forbidden(UseTerm.Forbidden forbidden) {
        List<String> acts = forbidden.acts().stream().map(English::words).toList();
        return new ClauseWriter("forbidden", "What is forbidden", forbidden)
                .say("The buyer shall not use the works, or anything made from them, for " + English.or(acts) + ".")
                .say("This holds for whoever receives them from the buyer, and after the end of the contract.")
                .confirmed(Owner.BUYER)
                .done();
    }

    private static Clause duration(UseTerm.Duration duration) {
        return new ClauseWriter("duration", "How long", duration)
                .say("The contract comes into force when the platform has accepted the signatures of everyone who must"
                        + " sign, and lasts " + English.period(duration.period())
                        + " from then, by the calendar in UTC.")
                .say("After its end nothing new may be done under it; what was done is owed and its duties remain.")
                .keptBy(Enforcer.TOKENS, "gives out no token that outlives the contract")
                .keptBy(Enforcer.EDGE, "refuses tokens past their time")
                .keptBy(Enforcer.GATE, "answers no to a training run that would last past the end")
                .done();
    }

    private static Clause renewal(UseTerm.Renewal renewal) {
        return new ClauseWriter("renewal", "Renewal", renewal)
                .say("The contract may be renewed by " + English.period(renewal.period()) + ", at most "
                        + English.times(renewal.most())
                        + ", by everyone signing a contract on these terms that takes the place of this one.")
                .keptBy(Enforcer.ACCEPTANCE, "accepts a renewal only of a contract in force, with the same parties")
                .duty("notice", Owner.EITHER, "says whether it wants to renew", new Due.BeforeEnd(renewal.notice()))
                .done();
    }

    private static Clause regions(UseTerm.Regions regions) {
        return new ClauseWriter("regions", "Where", regions)
                .say("The works may be delivered to, kept and used in " + English.and(regions.places())
                        + " only (ISO 3166-1 codes; EU and EEA are those unions).")
                .keptBy(Enforcer.EDGE, "delivers only from a place the token's regions include")
                .confirmed(Owner.BUYER)
                .done();
    }

    private static Clause proof(UseTerm.Proof proof) {
        String words = switch (proof.least()) {
            case RECEIPT -> "A use counts when the edge that delivered the work has signed a receipt for it.";
            case ASKED ->
                "A use counts only if the buyer ordered the work and showed its release key: the edge's signed receipt"
                        + " alone is not enough.";
            case ACKNOWLEDGED ->
                "A use counts only if the buyer ordered the work and showed its release key. When the buyer closes a job, it"
                        + " signs which works arrived.";
        };
        ClauseWriter clause = new ClauseWriter("proof", "How uses are proven", proof)
                .say(words)
                .keptBy(Enforcer.METER, "counts under a job order only what its release keys show");
        if (proof.least().isAtLeast(Grade.ASKED)) {
            clause.keptBy(Enforcer.TOKENS, "gives out no token that meters without a job order");
        }
        if (proof.least().isAtLeast(Grade.ACKNOWLEDGED)) {
            clause.duty(
                    "acknowledgement",
                    Owner.BUYER,
                    "signs which works arrived",
                    new Due.Upon("the end of a job", Period.ofDays(7)));
        }
        return clause.done();
    }

    private static Clause exclusivity(UseTerm.Exclusivity exclusivity) {
        String where = exclusivity.places().isEmpty() ? "anywhere" : "in " + English.or(exclusivity.places());
        String vertical = exclusivity.verticals().isEmpty()
                ? "in any field"
                : "in the field of "
                        + English.or(exclusivity.verticals().stream()
                                .map(English::words)
                                .toList());
        String from = exclusivity.from().map(day -> "from " + day).orElse("from the acceptance of this contract");
        ClauseWriter clause = new ClauseWriter("exclusivity", "Exclusivity", exclusivity)
                .say("Nobody else is granted the dataset " + where + ", " + vertical + ", " + from + " for "
                        + English.period(exclusivity.window()) + ".")
                .say("Grants that were in force before are not touched by this.")
                .keptBy(
                        Enforcer.ACCEPTANCE,
                        "refuses every later contract on the dataset that would overlap in place, field and time");
        exclusivity
                .reversion()
                .ifPresent(reversion -> clause.say("Unless the buyer has paid at least "
                                + English.amount(reversion.unlessPaid()) + " within "
                                + English.period(reversion.within())
                                + " of the beginning of that time, the curator may declare that exclusivity has ended"
                                + " and the rights revert; the rest of the contract stands.")
                        .duty(
                                "reversion",
                                Owner.BUYER,
                                "has paid " + English.amount(reversion.unlessPaid()) + " or loses exclusivity",
                                new Due.Upon("the beginning of the exclusive time", reversion.within())));
        return clause.done();
    }

    private static Clause sublicensing(UseTerm.Sublicensing term) {
        ClauseWriter clause = new ClauseWriter("sublicensing", "Sublicensing and resale", term)
                .say("Sublicensing the rights granted here is " + permission(term.sublicense()) + ".")
                .say("Handing the works themselves on is " + permission(term.resale()) + ".")
                .say(
                        term.affiliates()
                                ? "Companies under the same control as the buyer may use the works as the buyer may,"
                                        + " and the buyer answers for them."
                                : "Companies under the same control as the buyer are others.")
                .confirmed(Owner.BUYER);
        if (term.sublicense() == UseTerm.Permission.WITH_CONSENT || term.resale() == UseTerm.Permission.WITH_CONSENT) {
            clause.duty(
                    "consent",
                    Owner.CURATOR,
                    "answers for itself and the creators",
                    new Due.Upon("being asked for consent", Period.ofDays(30)));
        }
        return clause.done();
    }

    private static String permission(UseTerm.Permission permission) {
        return switch (permission) {
            case FORBIDDEN -> "forbidden";
            case WITH_CONSENT -> "allowed only with the written consent of curator and creators each time";
            case ALLOWED -> "allowed";
        };
    }

    private static Clause derivatives(UseTerm.Derivatives term) {
        ClauseWriter clause = new ClauseWriter("derivatives", "Models and other things made from the works", term)
                .say("Selling what is made from the works, or access to it, is " + permission(term.commercial()) + ".")
                .say("Giving the weights of a model trained on the works to others is " + permission(term.weights())
                        + ".")
                .sayIf(
                        term.sameTerms(),
                        "Whoever receives what is made from the works is bound by these terms, and the buyer sees to"
                                + " it.")
                .confirmed(Owner.BUYER);
        term.royalty()
                .ifPresent(share -> clause.say("Of all money received for it, " + English.percent(share)
                                + " is due as a royalty beside the price of this contract.")
                        .duty(
                                "royalty",
                                Owner.BUYER,
                                "states what it received and pays the royalty",
                                new Due.Every(Period.ofMonths(3), Period.ofDays(30), false)));
        return clause.done();
    }

    private static Clause exposure(UseTerm.Exposure term) {
        String action = switch (term.action()) {
            case BLOCK -> "is not given out";
            case ATTRIBUTE -> "names the work and its creator";
            case REVIEW -> "is put before a person";
        };
        return new ClauseWriter("exposure", "How much of a work an answer may show", term)
                .say("An answer of a model trained on the works that repeats more than "
                        + English.number(term.verbatimTokens())
                        + " tokens of a work in a row, or is more similar to a work than "
                        + term.similarity().toPlainString() + " on a scale from 0 to 1, " + action + ".")
                .duty(
                        "guard",
                        Owner.BUYER,
                        "has a guard in place that does this",
                        new Due.Upon("the release of a model", Period.ZERO))
                .confirmed(Owner.BUYER)
                .done();
    }

    static <W extends Enum<W> & Worded> List<String> sorted(java.util.Set<W> words) {
        return words.stream().sorted().map(word -> English.words(word.word())).toList();
    }
}
