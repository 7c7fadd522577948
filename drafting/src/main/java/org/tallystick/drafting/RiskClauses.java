package org.tallystick.drafting;

import java.time.Period;
import java.util.List;
import org.tallystick.protocol.terms.RiskTerm;

/** The clauses on who bears what when things go wrong, and how the parties part. */
final class RiskClauses {
    private static final Period MONTH = Period.ofDays(30);

    private RiskClauses() {}

    static Clause of(RiskTerm term) {
        return switch (term) {
            case RiskTerm.Indemnity indemnity -> indemnity(indemnity);
            case RiskTerm.Liability liability -> liability(liability);
            case RiskTerm.Disputes disputes -> disputes(disputes);
            case RiskTerm.Termination termination -> termination(termination);
        };
    }

    private static Clause indemnity(RiskTerm.Indemnity term) {
        String warranty = switch (term.warranty()) {
            case NONE -> "Curator and creators warrant nothing about the works.";
            case OWN_CONTENT ->
                "Each creator warrants that it made its own works or may license them, and nothing about the"
                        + " works of others.";
            case BROAD -> "Curator and creators warrant that nothing in the dataset infringes anyone's rights.";
        };
        ClauseWriter clause = new ClauseWriter("indemnity", "Warranties and indemnity", term).say(warranty);
        if (term.indemnifiers().contains(RiskTerm.Side.LICENSOR)) {
            clause.say(
                    term.warranty() == RiskTerm.Warranty.BROAD
                            ? "Curator and creators make the buyer whole for claims of others that the works infringe."
                            : "A creator makes the buyer whole for claims of others that its own works infringe, and"
                                    + " for no other.");
        }
        if (term.indemnifiers().contains(RiskTerm.Side.BUYER)) {
            clause.say(
                    "The buyer makes curator and creators whole for claims of others that arise from what it made from"
                            + " the works.");
        }
        return clause.sayIf(
                        !term.indemnifiers().isEmpty(),
                        term.capped()
                                ? "The limit of liability holds for this too."
                                : "The limit of liability does not hold for this.")
                .duty(
                        "claim",
                        Owner.EITHER,
                        "tells the other side of a claim and lets it take part in the defence",
                        new Due.Upon("learning of the claim", MONTH))
                .done();
    }

    private static Clause liability(RiskTerm.Liability term) {
        String limit = term.cap()
                .map(cap -> "Neither side owes the other more than " + English.amount(cap) + " for damage in all.")
                .or(() -> term.timesFees()
                        .map(times -> "Neither side owes the other more for damage than " + times.toPlainString()
                                + " times what was paid under this contract in the twelve months before."))
                .orElse("Liability is not limited.");
        ClauseWriter clause = new ClauseWriter("liability", "Liability", term).say(limit);
        if (!term.carveOuts().isEmpty()) {
            List<String> carved = UseClauses.sorted(term.carveOuts());
            clause.say("The limit does not hold for " + English.and(carved) + ".");
        }
        return clause.duty(
                        "notice",
                        Owner.EITHER,
                        "tells the other side what damage it claims",
                        new Due.Upon("learning of the damage", MONTH))
                .done();
    }

    private static Clause disputes(RiskTerm.Disputes term) {
        String forum = switch (term.forum()) {
            case TECHNICAL_ARBITRATION ->
                "an expert both sides agree on, who computes anew from receipts and log what is due; whoever does"
                        + " not accept the result may go to court";
            case ARBITRATION -> "arbitration, finally";
            case COURTS -> "the courts";
        };
        return new ClauseWriter("disputes", "Disputes", term)
                .say("A dispute that the sides do not settle between them is decided by " + forum + ".")
                .say("The law of " + term.law() + " (ISO 3166-1) holds.")
                .duty(
                        "answer",
                        Owner.EITHER,
                        "answers a dispute in writing",
                        new Due.Upon("being told of it", term.answer()))
                .done();
    }

    private static Clause termination(RiskTerm.Termination term) {
        return new ClauseWriter("termination", "Ending it early", term)
                .say(term.notice()
                        .map(notice -> "Buyer and curator may each end the contract with " + English.period(notice)
                                + " notice, without a reason.")
                        .orElse("Nobody may end the contract early without a reason."))
                .say("If a side breaks the contract and does not mend it within " + English.period(term.cure())
                        + " of being told, the other may end it at once.")
                .say("What was used until then is owed, and duties on models already trained remain.")
                .keptBy(Enforcer.ACCEPTANCE, "ends the contract when the notice is over, and its tokens with it")
                .duty("cure", Owner.EITHER, "mends its breach", new Due.Upon("being told of it", term.cure()))
                .done();
    }
}
