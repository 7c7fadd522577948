package org.tallystick.drafting;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.CareTerm;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.terms.RiskTerm;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;

/**
 * The terms that are the same in every template, fair to both sides. The linter proposes them where a contract lacks
 * them.
 */
final class StandardTerms {
    private static final Period MONTH = Period.ofDays(30);
    private static final Period QUARTER = Period.ofMonths(3);
    private static final String FORBIDDEN = "face-recognition,impersonation,surveillance";

    private StandardTerms() {}

    static List<Question> head() {
        return List.of(
                Question.of("id", Question.Kind.ID, "", "Contract id (empty: named by its content)"),
                Question.needed("dataset", Question.Kind.ID, "Dataset id"),
                Question.of("dataset-version", Question.Kind.HASH, "", "Root of the dataset version"),
                Question.needed("buyer", Question.Kind.PARTY, "Party id of the buyer"),
                Question.needed("curator", Question.Kind.PARTY, "Party id of the curator"),
                Question.of("currency", Question.Kind.CURRENCY, "USD", "Currency (ISO 4217)"));
    }

    static List<Question> tail(String duration, boolean splits) {
        List<Question> questions = new ArrayList<>(List.of(
                Question.of("duration", Question.Kind.PERIOD, duration, "How long the contract lives"),
                Question.of("regions", Question.Kind.PLACES, "", "Where the works may be used (empty: anywhere)"),
                Question.of("forbidden", Question.Kind.NAMES, FORBIDDEN, "What is forbidden by name"),
                Question.of("credit", Question.Kind.LINE, "", "Line of credit (empty: by dataset and curator)"),
                Question.of("law", Question.Kind.PLACES, "DE", "Country whose law holds")));
        if (splits) {
            questions.add(
                    Question.of("splits", Question.Kind.SPLITS, "creators=0.8,curator=0.2", "Who gets which part"));
        }
        return questions;
    }

    /** The whole of a contract: what is granted, its price, then the clauses that are the same each time. */
    static List<Term> terms(Answers answers, Set<Use> uses, Compensation compensation, List<Term> more) {
        List<Term> terms = frame(answers, uses, compensation);
        Period life = answers.period("duration");
        terms.add(new PayTerm.Escrow("tallystick-escrow"));
        terms.add(reporting(compensation));
        terms.add(audit());
        terms.add(retention(life));
        terms.add(new RiskTerm.Termination(Optional.of(shorter(Period.ofDays(60), life)), Period.ofDays(14)));
        terms.add(new CareTerm.Attribution(
                answers.optional("credit")
                        .orElseGet(() -> "Made with works of " + answers.text("dataset") + ", curated by "
                                + answers.optional("curator").orElse("its curator")),
                Set.of(CareTerm.Place.MODEL_CARD, CareTerm.Place.WEBSITE),
                MONTH));
        if (uses.contains(Use.INFERENCE)) {
            terms.add(exposure());
            terms.add(new CareTerm.OutputReview(200, QUARTER, MONTH));
        }
        terms.addAll(more);
        return terms;
    }

    /** The terms of a free evaluation: nothing is metered, nothing is paid, nothing may be kept. */
    static List<Term> evaluation(Answers answers) {
        Compensation free =
                Compensation.of(new Charge.Upfront(new Pricing.Price(answers.text("currency"), BigDecimal.ZERO)));
        List<Term> terms = frame(answers, Set.of(Use.EVALUATION, Use.PREVIEW), free);
        terms.add(new CareTerm.Retention(Period.ofDays(7), Period.ofDays(1)));
        terms.add(new RiskTerm.Termination(Optional.of(Period.ofDays(1)), Period.ofDays(7)));
        return terms;
    }

    private static List<Term> frame(Answers answers, Set<Use> uses, Compensation compensation) {
        List<Term> terms = new ArrayList<>();
        terms.add(new UseTerm.Grant(licence(uses), uses, Set.of()));
        List<String> forbidden = answers.list("forbidden");
        if (!forbidden.isEmpty()) {
            terms.add(new UseTerm.Forbidden(forbidden));
        }
        terms.add(new UseTerm.Duration(answers.period("duration")));
        List<String> regions = answers.list("regions");
        if (!regions.isEmpty()) {
            terms.add(new UseTerm.Regions(regions));
        }
        terms.add(sublicensing());
        terms.add(derivatives());
        terms.add(new PayTerm.Price(compensation));
        terms.add(new PayTerm.Splits(splits(answers)));
        terms.add(new PayTerm.Payout(ContractPayout.Schedule.MONTHLY, Optional.of(Period.ofDays(14))));
        terms.add(deletion());
        terms.add(privacy());
        terms.add(security());
        terms.add(indemnity());
        terms.add(liability());
        terms.add(new RiskTerm.Disputes(MONTH, RiskTerm.Forum.TECHNICAL_ARBITRATION, answers.text("law")));
        return terms;
    }

    private static String licence(Set<Use> uses) {
        if (uses.contains(Use.MODEL_TRAINING)) {
            return "restricted-training";
        }
        return uses.contains(Use.EMBEDDING) ? "embedding-only" : "evaluation-only";
    }

    private static List<ContractPayout.Split> splits(Answers answers) {
        Optional<String> curator = answers.optional("curator");
        if (answers.has("coop")) {
            BigDecimal kept = answers.number("coop-share");
            return List.of(
                    new ContractPayout.Split(ContractPayout.CREATORS, BigDecimal.ONE.subtract(kept)),
                    new ContractPayout.Split(answers.text("coop"), kept));
        }
        return answers.splits("splits", curator);
    }

    static Period shorter(Period one, Period other) {
        return Periods.of(one) <= Periods.of(other) ? one : other;
    }

    static UseTerm.Sublicensing sublicensing() {
        return new UseTerm.Sublicensing(UseTerm.Permission.FORBIDDEN, UseTerm.Permission.FORBIDDEN, true);
    }

    static UseTerm.Derivatives derivatives() {
        return new UseTerm.Derivatives(
                UseTerm.Permission.ALLOWED, UseTerm.Permission.FORBIDDEN, Optional.empty(), true);
    }

    static UseTerm.Exposure exposure() {
        return new UseTerm.Exposure(50, new BigDecimal("0.9"), UseTerm.Action.BLOCK);
    }

    static CareTerm.Reporting reporting(Compensation compensation) {
        List<CareTerm.Report> reports = new ArrayList<>();
        reports.add(new CareTerm.Report(CareTerm.Subject.TRANSPARENCY, QUARTER, MONTH));
        if (PaymentLevels.ofRevenue(compensation)) {
            reports.add(new CareTerm.Report(CareTerm.Subject.REVENUE, QUARTER, MONTH));
        }
        return new CareTerm.Reporting(reports);
    }

    static CareTerm.Audit audit() {
        return new CareTerm.Audit(1, MONTH, Period.ofMonths(24), new BigDecimal("0.05"));
    }

    static CareTerm.Retention retention(Period life) {
        return new CareTerm.Retention(MONTH, life);
    }

    static CareTerm.Deletion deletion() {
        return new CareTerm.Deletion(MONTH, true, Optional.of(MONTH));
    }

    static CareTerm.Privacy privacy() {
        return new CareTerm.Privacy(CareTerm.Personal.NONE, true, Period.ofDays(3));
    }

    static CareTerm.Security security() {
        return new CareTerm.Security(List.of("iso-27001"), Optional.empty(), Period.ofDays(2));
    }

    static RiskTerm.Indemnity indemnity() {
        return new RiskTerm.Indemnity(
                RiskTerm.Warranty.OWN_CONTENT, Set.of(RiskTerm.Side.LICENSOR, RiskTerm.Side.BUYER), true);
    }

    static RiskTerm.Liability liability() {
        return new RiskTerm.Liability(
                Optional.empty(),
                Optional.of(BigDecimal.ONE),
                Set.of(RiskTerm.CarveOut.INTENT, RiskTerm.CarveOut.CONFIDENTIALITY));
    }

    /** Whether anything granted is metered. */
    static boolean meters(UseTerm.Grant grant) {
        return grant.scopes().stream().anyMatch(Scope::meters);
    }
}
