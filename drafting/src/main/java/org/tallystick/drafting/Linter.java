package org.tallystick.drafting;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.CareTerm;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.terms.RiskTerm;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.UseTerm;

/**
 * Finds terms of a contract that usually hurt one side, and says which clause would repair each. A pure function; safe
 * from any thread.
 */
public final class Linter {
    private static final int FOR_EVER_YEARS = 25;
    private static final int LONG_YEARS = 10;
    private static final int MANY_AUDITS = 4;

    private final ContractTerms terms;
    private final Compensation compensation;
    private final boolean meters;
    private final List<Flag> flags = new ArrayList<>();

    private Linter(ContractTerms terms) {
        this.terms = terms;
        this.compensation = terms.compensation();
        this.meters = StandardTerms.meters(terms.get(UseTerm.Grant.class));
    }

    /** All flags of a contract, the most serious first: those of its terms, and what it does to the contract it replaces. */
    public static List<Flag> lint(ContractDocument document) {
        List<Flag> all = new ArrayList<>(ReplacementRules.flags(document));
        all.addAll(lint(document.terms()));
        all.sort(Comparator.comparing(Flag::severity));
        return List.copyOf(all);
    }

    /** All flags, the most serious first. */
    public static List<Flag> lint(ContractTerms terms) {
        Linter linter = new Linter(terms);
        new UseRules(terms, linter.flags).run();
        linter.pay();
        linter.sharing();
        linter.exclusivity();
        if (linter.meters) {
            linter.audit();
            linter.care();
        }
        linter.afterwards();
        linter.risk();
        return linter.flags.stream()
                .map(flag -> possible(terms, flag))
                .sorted(Comparator.comparing(Flag::severity))
                .toList();
    }

    /** The flag; without its repair where that would contradict another term. */
    private static Flag possible(ContractTerms terms, Flag flag) {
        boolean fits = flag.mend().isEmpty();
        try {
            fits = fits || !terms.with(flag.mend().orElseThrow()).all().isEmpty();
        } catch (MalformedException e) {
            fits = false;
        }
        return fits
                ? flag
                : new Flag(flag.code(), flag.severity(), flag.clause(), flag.why(), flag.hurts(), Optional.empty());
    }

    private void pay() {
        if (meters && PaymentLevels.nothing(compensation)) {
            high(
                    "no-pay",
                    "price",
                    "Nothing is paid, whatever is used. Credit alone feeds nobody.",
                    Flag.Hurts.CREATORS,
                    new PayTerm.Price(
                            one(new Charge.Upfront(new Pricing.Price(compensation.currency(), PaymentLevels.LITTLE)))));
            return;
        }
        terms.get(UseTerm.Grant.class).scopes().stream()
                .filter(scope -> scope.meters()
                        && !PaymentLevels.prices(compensation, scope)
                        && !PaymentLevels.laterPaid(compensation))
                .sorted()
                .forEach(scope -> high(
                        "use-unpriced",
                        "price",
                        "Use for " + scope.word() + " is granted, but no price says what it costs: it would be free.",
                        Flag.Hurts.CREATORS,
                        new PayTerm.Price(with(new Charge.Samples(
                                Optional.of(scope),
                                org.tallystick.protocol.terms.Volume.flat(
                                        new org.tallystick.protocol.terms.UnitPrice.PerSample(new Pricing.Price(
                                                compensation.currency(), new BigDecimal("0.005")))))))));
        for (Charge.Inferences inferences : compensation.charges(Charge.Inferences.class)) {
            if (inferences.threshold().signum() == 0) {
                medium(
                        "threshold-undefined",
                        "price",
                        "Answers are priced from an attribution score of 0, so every work counts for every answer. Nobody"
                                + " can compute that or wants to pay it.",
                        Flag.Hurts.BOTH,
                        new PayTerm.Price(
                                instead(inferences, new Charge.Inferences(inferences.price(), new BigDecimal("0.2")))));
            }
        }
        boolean perUnit = compensation.charges().stream()
                .anyMatch(charge -> charge instanceof Charge.Samples
                        || charge instanceof Charge.Tokens
                        || charge instanceof Charge.Inferences);
        if (compensation.exclusivePremium().isPresent() && !perUnit) {
            medium(
                    "premium-without-effect",
                    "price",
                    "A premium for exclusivity multiplies prices per unit, but there are none.",
                    Flag.Hurts.CREATORS,
                    new PayTerm.Price(new Compensation(
                            compensation.currency(), compensation.charges(), compensation.bounds(), Optional.empty())));
        }
    }

    private void sharing() {
        boolean creators = terms.get(PayTerm.Splits.class).shares().stream()
                .anyMatch(split -> split.recipient().equals(ContractPayout.CREATORS));
        boolean single = terms.get(PayTerm.Splits.class).shares().size() == 1;
        if (!creators && single && meters) {
            medium(
                    "creators-not-named",
                    "splits",
                    "All of it goes to one recipient; whether the creators of the works are paid is up to it.",
                    Flag.Hurts.CREATORS,
                    new PayTerm.Splits(List.of(new ContractPayout.Split(ContractPayout.CREATORS, BigDecimal.ONE))));
        }
        PayTerm.Payout payout = terms.get(PayTerm.Payout.class);
        if (payout.window().isEmpty()) {
            low(
                    "dispute-window-undefined",
                    "payout",
                    "It is not said how long a statement may be disputed before money moves.",
                    Flag.Hurts.BOTH,
                    new PayTerm.Payout(payout.schedule(), Optional.of(Period.ofDays(14))));
        }
    }

    private void exclusivity() {
        terms.find(UseTerm.Exclusivity.class).ifPresent(exclusivity -> {
            if (PaymentLevels.certain(compensation).compareTo(PaymentLevels.LITTLE) < 0) {
                high(
                        "exclusive-for-little",
                        "exclusivity",
                        "Others are locked out, but less than " + compensation.currency() + " "
                                + English.number(PaymentLevels.LITTLE) + " is certain to be paid for it.",
                        Flag.Hurts.CREATORS,
                        new PayTerm.Price(guaranteed()));
            }
            if (exclusivity.reversion().isEmpty()
                    && Periods.atLeastYears(exclusivity.window(), 1)
                    && compensation.bound(Compensation.MinimumGuarantee.class).isEmpty()) {
                medium(
                        "no-reversion",
                        "exclusivity",
                        "A buyer who does nothing keeps everyone else out for a year or more.",
                        Flag.Hurts.CREATORS,
                        new UseTerm.Exclusivity(
                                exclusivity.places(),
                                exclusivity.verticals(),
                                exclusivity.from(),
                                exclusivity.window(),
                                Optional.of(new UseTerm.Reversion(
                                        new Pricing.Price(compensation.currency(), PaymentLevels.LITTLE),
                                        Period.ofMonths(3)))));
            }
        });
        Period life = terms.get(UseTerm.Duration.class).period();
        if (Periods.atLeastYears(life, FOR_EVER_YEARS)) {
            high(
                    "perpetual",
                    "duration",
                    "Rights for " + English.period(life)
                            + " are rights for ever; nobody knows today what they will be worth.",
                    Flag.Hurts.CREATORS,
                    new UseTerm.Duration(Period.ofYears(2)));
        } else if (Periods.atLeastYears(life, LONG_YEARS)
                && PaymentLevels.certain(compensation).compareTo(PaymentLevels.LITTLE) < 0) {
            medium(
                    "long-for-little",
                    "duration",
                    "Rights for " + English.period(life) + " for little that is certain to be paid.",
                    Flag.Hurts.CREATORS,
                    new UseTerm.Duration(Period.ofYears(2)));
        }
    }

    private void audit() {
        Optional<CareTerm.Audit> audit = terms.find(CareTerm.Audit.class);
        if (audit.isEmpty()) {
            String why = "Nobody may check what the buyer does"
                    + (PaymentLevels.ofReports(compensation)
                            ? ", although what is due follows from what it reports."
                            : ".");
            Flag.Severity severity = PaymentLevels.ofReports(compensation) ? Flag.Severity.HIGH : Flag.Severity.MEDIUM;
            add("no-audit", severity, "audit", why, Flag.Hurts.CREATORS, StandardTerms.audit());
        } else if (audit.get().perYear() > MANY_AUDITS) {
            low(
                    "audits-too-often",
                    "audit",
                    "More than " + MANY_AUDITS + " audits a year keep a buyer from its work.",
                    Flag.Hurts.BUYER,
                    new CareTerm.Audit(
                            1,
                            audit.get().notice(),
                            audit.get().lookback(),
                            audit.get().costShiftAbove()));
        }
        Optional<CareTerm.Reporting> reporting = terms.find(CareTerm.Reporting.class);
        boolean revenue = reporting.stream()
                .flatMap(term -> term.reports().stream())
                .anyMatch(report -> report.subject() == CareTerm.Subject.REVENUE);
        if (PaymentLevels.ofRevenue(compensation) && !revenue) {
            high(
                    "revenue-not-reported",
                    "reporting",
                    "A share of revenue is due, but no revenue report: what is due cannot be computed.",
                    Flag.Hurts.CREATORS,
                    StandardTerms.reporting(compensation));
        } else if (reporting.isEmpty()) {
            medium(
                    "no-reporting",
                    "reporting",
                    "Creators never hear what became of their works.",
                    Flag.Hurts.CREATORS,
                    StandardTerms.reporting(compensation));
        }
    }

    private void care() {
        if (terms.find(CareTerm.Attribution.class).isEmpty()) {
            low(
                    "no-credit",
                    "attribution",
                    "Creators are named nowhere.",
                    Flag.Hurts.CREATORS,
                    new CareTerm.Attribution(
                            "Made with licensed works",
                            java.util.Set.of(CareTerm.Place.MODEL_CARD),
                            Period.ofDays(30)));
        }
        if (terms.find(PayTerm.Escrow.class).isEmpty()
                && !compensation.charges(Charge.Bulk.class).isEmpty()) {
            medium(
                    "bulk-without-escrow",
                    "escrow",
                    "A price is released by milestones, but nobody holds it until then.",
                    Flag.Hurts.BOTH,
                    new PayTerm.Escrow("tallystick-escrow"));
        }
    }

    private void afterwards() {
        if (terms.find(CareTerm.Deletion.class).isEmpty()) {
            high(
                    "no-deletion",
                    "deletion",
                    "The buyer never has to delete the works, neither at the end nor when one is withdrawn.",
                    Flag.Hurts.CREATORS,
                    StandardTerms.deletion());
        }
        if (terms.find(CareTerm.Retention.class).isEmpty()) {
            medium(
                    "retraining-undefined",
                    "retention",
                    "It is not said how long a model may be trained again, or copies kept.",
                    Flag.Hurts.BOTH,
                    StandardTerms.retention(terms.get(UseTerm.Duration.class).period()));
        }
        if (terms.find(CareTerm.Privacy.class).isEmpty()) {
            low(
                    "no-privacy",
                    "privacy",
                    "Nothing protects people in the works.",
                    Flag.Hurts.BOTH,
                    StandardTerms.privacy());
        }
        if (terms.find(CareTerm.Security.class).isEmpty()) {
            low(
                    "no-security",
                    "security",
                    "Nothing says how the works are guarded.",
                    Flag.Hurts.CREATORS,
                    StandardTerms.security());
        }
    }

    private void risk() {
        terms.find(RiskTerm.Indemnity.class).ifPresent(indemnity -> {
            if (indemnity.warranty() == RiskTerm.Warranty.BROAD) {
                high(
                        "broad-warranty",
                        "indemnity",
                        "Creators answer for works of others, which they cannot know.",
                        Flag.Hurts.CREATORS,
                        new RiskTerm.Indemnity(
                                RiskTerm.Warranty.OWN_CONTENT, indemnity.indemnifiers(), indemnity.capped()));
            }
            if (indemnity.indemnifiers().contains(RiskTerm.Side.LICENSOR) && !indemnity.capped()) {
                high(
                        "indemnity-uncapped",
                        "indemnity",
                        "A creator could owe more than it will ever earn: its indemnity has no limit.",
                        Flag.Hurts.CREATORS,
                        new RiskTerm.Indemnity(indemnity.warranty(), indemnity.indemnifiers(), true));
            }
        });
        Optional<RiskTerm.Liability> liability = terms.find(RiskTerm.Liability.class);
        if (liability.isEmpty() || liability.get().unlimited()) {
            high(
                    "liability-uncapped",
                    "liability",
                    "Liability has no limit, so one mistake can ruin either side.",
                    Flag.Hurts.BOTH,
                    StandardTerms.liability());
        }
        if (terms.find(RiskTerm.Termination.class).isEmpty()) {
            medium(
                    "no-way-out",
                    "termination",
                    "Nobody can end the contract, not even when the other side breaks it.",
                    Flag.Hurts.BOTH,
                    new RiskTerm.Termination(
                            Optional.of(StandardTerms.shorter(
                                    Period.ofDays(60),
                                    terms.get(UseTerm.Duration.class).period())),
                            Period.ofDays(14)));
        }
        if (terms.find(RiskTerm.Disputes.class).isEmpty()) {
            low(
                    "disputes-undefined",
                    "disputes",
                    "It is not said who decides a dispute, or by which law.",
                    Flag.Hurts.BOTH,
                    new RiskTerm.Disputes(Period.ofDays(30), RiskTerm.Forum.TECHNICAL_ARBITRATION, "DE"));
        }
    }

    private Compensation one(Charge charge) {
        return new Compensation(compensation.currency(), List.of(charge), List.of(), compensation.exclusivePremium());
    }

    private Compensation with(Charge charge) {
        List<Charge> charges = new ArrayList<>(compensation.charges());
        charges.add(charge);
        return new Compensation(
                compensation.currency(), charges, compensation.bounds(), compensation.exclusivePremium());
    }

    private Compensation instead(Charge old, Charge fresh) {
        List<Charge> charges = new ArrayList<>(compensation.charges());
        charges.replaceAll(charge -> charge.equals(old) ? fresh : charge);
        return new Compensation(
                compensation.currency(), charges, compensation.bounds(), compensation.exclusivePremium());
    }

    /** The same price with a guaranteed minimum, and no cap that would undo it. */
    private Compensation guaranteed() {
        List<Compensation.Bound> bounds = new ArrayList<>();
        for (Compensation.Bound bound : compensation.bounds()) {
            if (bound instanceof Compensation.Floor) {
                bounds.add(bound);
            }
        }
        bounds.add(new Compensation.MinimumGuarantee(
                new Pricing.Price(compensation.currency(), PaymentLevels.LITTLE), Optional.empty()));
        return new Compensation(
                compensation.currency(), compensation.charges(), bounds, compensation.exclusivePremium());
    }

    private void high(String code, String clause, String why, Flag.Hurts hurts, Term mend) {
        add(code, Flag.Severity.HIGH, clause, why, hurts, mend);
    }

    private void medium(String code, String clause, String why, Flag.Hurts hurts, Term mend) {
        add(code, Flag.Severity.MEDIUM, clause, why, hurts, mend);
    }

    private void low(String code, String clause, String why, Flag.Hurts hurts, Term mend) {
        add(code, Flag.Severity.LOW, clause, why, hurts, mend);
    }

    private void add(String code, Flag.Severity severity, String clause, String why, Flag.Hurts hurts, Term mend) {
        flags.add(new Flag(code, severity, clause, why, hurts, Optional.of(mend)));
    }
}
