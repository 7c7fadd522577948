package org.tallystick.drafting;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.Quantity;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.UnitPrice;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;
import org.tallystick.protocol.terms.Volume;

/** The templates. Each makes a contract the linter has nothing to say against. */
public final class Templates {
    private static final Period QUARTER = Period.ofMonths(3);

    private static final List<Template> ALL = List.of(
            template(
                    "non-exclusive",
                    "training by anyone, a price for each work used",
                    List.of(price("0.005", "Price of one work used in one job")),
                    Templates::perWork),
            template(
                    "exclusive-window",
                    "training by one buyer alone for a while, at a premium and with a guaranteed minimum",
                    List.of(
                            price("0.02", "Price of one work used in one job"),
                            Question.of("premium", Question.Kind.AMOUNT, "2.5", "Times the price while exclusive"),
                            Question.needed("minimum", Question.Kind.AMOUNT, "Minimum guaranteed, paid beforehand"),
                            Question.of("window", Question.Kind.PERIOD, "P6M", "How long it is exclusive"),
                            Question.of("from", Question.Kind.DATE, "", "First exclusive day (empty: acceptance)"),
                            Question.of("places", Question.Kind.PLACES, "", "Exclusive where (empty: anywhere)"),
                            Question.of(
                                    "verticals", Question.Kind.NAMES, "", "Exclusive in which fields (empty: any)")),
                    Templates::exclusiveWindow),
            template(
                    "subscription",
                    "any use of the works for a price a month",
                    List.of(
                            Question.needed("price", Question.Kind.AMOUNT, "Price of a period"),
                            Question.of("every", Question.Kind.PERIOD, "P1M", "Length of a period"),
                            Question.of("includes", Question.Kind.COUNT, "", "Works included a period (empty: any)")),
                    Templates::subscription),
            template(
                    "per-use-royalty",
                    "a royalty for each answer and each thousand tokens of a model",
                    List.of(
                            Question.of("inference", Question.Kind.AMOUNT, "0.001", "Price of one answer"),
                            Question.of("tokens", Question.Kind.AMOUNT, "0.01", "Price of a thousand tokens"),
                            Question.of("threshold", Question.Kind.SHARE, "0.2", "Attribution score that counts")),
                    Templates::perUse),
            template(
                    "hybrid",
                    "something upfront, then a share of revenue with floor, cap and guaranteed minimum",
                    List.of(
                            Question.needed("upfront", Question.Kind.AMOUNT, "Paid upfront"),
                            Question.of("share", Question.Kind.SHARE, "0.03", "Share of the buyer's revenue"),
                            Question.needed("minimum", Question.Kind.AMOUNT, "Minimum guaranteed a year"),
                            Question.needed("cap", Question.Kind.AMOUNT, "Most that is due in all")),
                    Templates::hybrid),
            template(
                    "buyout",
                    "one price, held in escrow and released by milestones",
                    List.of(
                            Question.needed("price", Question.Kind.AMOUNT, "Price in all"),
                            Question.of("first", Question.Kind.SHARE, "0.4", "Part released on delivery"),
                            Question.of("delivery", Question.Kind.PERIOD, "P30D", "Delivered within"),
                            Question.of("approval", Question.Kind.PERIOD, "P90D", "Approved within")),
                    Templates::buyout),
            template(
                    "revenue-pool",
                    "a part of the buyer's revenue, shared among the creators by use",
                    List.of(Question.of("share", Question.Kind.SHARE, "0.05", "Part of the buyer's revenue")),
                    Templates::revenuePool),
            template(
                    "credits",
                    "credits bought beforehand and spent by use",
                    List.of(
                            Question.needed("pack", Question.Kind.AMOUNT, "Price of a pack"),
                            Question.of("credits", Question.Kind.COUNT, "10000", "Credits in a pack"),
                            Question.of("per-sample", Question.Kind.COUNT, "1", "Credits for one work"),
                            Question.of("per-thousand-tokens", Question.Kind.COUNT, "2", "Credits for 1000 tokens")),
                    Templates::credits),
            template(
                    "embedding-only",
                    "embeddings for search, no training",
                    List.of(price("0.002", "Price of one work embedded in one job")),
                    Templates::embeddingOnly),
            template(
                    "evaluation",
                    "a look at samples before buying: short, free, nothing may be kept",
                    List.of(),
                    answers -> StandardTerms.evaluation(answers)),
            template(
                    "co-op",
                    "many creators through their co-op, which collects and passes on",
                    List.of(
                            price("0.005", "Price of one work used in one job"),
                            Question.needed("coop", Question.Kind.PARTY, "Party id of the co-op"),
                            Question.of("coop-share", Question.Kind.SHARE, "0.1", "What the co-op keeps")),
                    Templates::perWork));

    private Templates() {}

    /** All of them, in the order they are listed. */
    public static List<Template> all() {
        return ALL;
    }

    /** The template of that name. */
    public static Optional<Template> find(String name) {
        return ALL.stream().filter(template -> template.name().equals(name)).findFirst();
    }

    private static Template template(
            String name, String summary, List<Question> own, java.util.function.Function<Answers, List<Term>> terms) {
        String duration = name.equals("evaluation") ? "P30D" : name.equals("buyout") ? "P10Y" : "P1Y";
        List<Question> questions = new ArrayList<>(StandardTerms.head());
        questions.addAll(own);
        questions.addAll(StandardTerms.tail(duration, !name.equals("co-op")));
        return new Template(name, summary, questions, terms);
    }

    private static Question price(String standard, String ask) {
        return Question.of("price", Question.Kind.AMOUNT, standard, ask);
    }

    private static Compensation one(Answers answers, Charge charge) {
        return new Compensation(answers.text("currency"), List.of(charge), List.of(), Optional.empty());
    }

    private static Compensation perSample(Answers answers) {
        return one(
                answers,
                new Charge.Samples(Optional.empty(), Volume.flat(new UnitPrice.PerSample(answers.price("price")))));
    }

    private static List<Term> exclusiveWindow(Answers answers) {
        Compensation compensation = new Compensation(
                answers.text("currency"),
                perSample(answers).charges(),
                List.of(new Compensation.MinimumGuarantee(answers.price("minimum"), Optional.empty())),
                Optional.of(answers.number("premium")));
        Period window = answers.period("window");
        UseTerm.Exclusivity exclusivity = new UseTerm.Exclusivity(
                answers.list("places"),
                answers.list("verticals"),
                answers.date("from"),
                window,
                Optional.of(new UseTerm.Reversion(answers.price("minimum"), shorter(window))));
        return StandardTerms.terms(
                answers,
                Set.of(Use.MODEL_TRAINING, Use.FINE_TUNING, Use.EVALUATION),
                compensation,
                List.of(exclusivity));
    }

    /** A month, or the window where that is shorter. */
    private static Period shorter(Period window) {
        return window.toTotalMonths() >= 1 ? Period.ofMonths(1) : window;
    }

    private static List<Term> perUse(Answers answers) {
        Compensation compensation = new Compensation(
                answers.text("currency"),
                List.of(
                        new Charge.Inferences(
                                Volume.flat(new UnitPrice.PerInference(answers.price("inference"))),
                                answers.number("threshold")),
                        new Charge.Tokens(
                                Optional.empty(),
                                Volume.flat(new UnitPrice.PerThousandTokens(answers.price("tokens"))))),
                List.of(),
                Optional.empty());
        return StandardTerms.terms(
                answers, Set.of(Use.MODEL_TRAINING, Use.FINE_TUNING, Use.INFERENCE), compensation, List.of());
    }

    private static List<Term> hybrid(Answers answers) {
        Compensation compensation = new Compensation(
                answers.text("currency"),
                List.of(
                        new Charge.Upfront(answers.price("upfront")),
                        new Charge.RevenueShare(answers.number("share"), Charge.Base.GROSS, Optional.empty(), QUARTER)),
                List.of(
                        new Compensation.MinimumGuarantee(answers.price("minimum"), Optional.of(Period.ofYears(1))),
                        new Compensation.Cap(answers.price("cap"), Optional.empty())),
                Optional.empty());
        return StandardTerms.terms(
                answers, Set.of(Use.MODEL_TRAINING, Use.FINE_TUNING, Use.INFERENCE), compensation, List.of());
    }

    private static List<Term> buyout(Answers answers) {
        BigDecimal total = answers.number("price");
        BigDecimal first = total.multiply(answers.number("first"));
        String currency = answers.text("currency");
        Charge.Bulk bulk = new Charge.Bulk(Stream.of(
                        new Charge.Milestone(
                                "delivery",
                                new org.tallystick.protocol.terms.Pricing.Price(currency, first),
                                Charge.Release.DELIVERY,
                                answers.period("delivery")),
                        new Charge.Milestone(
                                "approval",
                                new org.tallystick.protocol.terms.Pricing.Price(currency, total.subtract(first)),
                                Charge.Release.APPROVAL,
                                answers.period("approval")))
                .toList());
        return forOne(answers, bulk, Use.MODEL_TRAINING, Use.FINE_TUNING, Use.EVALUATION, Use.EMBEDDING);
    }

    private static List<Term> credits(Answers answers) {
        Charge.Credits credits = new Charge.Credits(
                answers.price("pack"),
                answers.count("credits"),
                List.of(
                        new Charge.CreditCost(Charge.Unit.SAMPLE, answers.count("per-sample")),
                        new Charge.CreditCost(Charge.Unit.THOUSAND_TOKENS, answers.count("per-thousand-tokens"))),
                Period.ofYears(1));
        return forOne(answers, credits, Use.MODEL_TRAINING, Use.EMBEDDING, Use.INFERENCE);
    }

    private static List<Term> perWork(Answers answers) {
        return StandardTerms.terms(answers, Set.of(Use.MODEL_TRAINING, Use.EVALUATION), perSample(answers), List.of());
    }

    private static List<Term> subscription(Answers answers) {
        Charge.Subscription subscription = new Charge.Subscription(
                answers.price("price"),
                answers.period("every"),
                answers.optional("includes").map(ignored -> new Quantity.Samples(answers.count("includes"))));
        return forOne(answers, subscription, Use.MODEL_TRAINING, Use.FINE_TUNING, Use.EVALUATION);
    }

    private static List<Term> revenuePool(Answers answers) {
        Charge.Pool pool = new Charge.Pool(
                Optional.of(answers.number("share")),
                Optional.of(Charge.Base.GROSS),
                Optional.empty(),
                QUARTER,
                Charge.Allocation.USE);
        return forOne(answers, pool, Use.MODEL_TRAINING, Use.FINE_TUNING, Use.INFERENCE);
    }

    private static List<Term> embeddingOnly(Answers answers) {
        Charge.Samples samples = new Charge.Samples(
                Optional.of(Scope.EMBEDDING), Volume.flat(new UnitPrice.PerSample(answers.price("price"))));
        return forOne(answers, samples, Use.EMBEDDING);
    }

    /** Terms with one charge and nothing out of the ordinary. */
    private static List<Term> forOne(Answers answers, Charge charge, Use... uses) {
        return StandardTerms.terms(answers, Set.of(uses), one(answers, charge), List.of());
    }
}
