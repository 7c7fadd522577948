package org.tallystick.drafting;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.tallystick.protocol.receipt.Scope;

/**
 * Price ranges for a first offer, one for each usual pricing model for which a creator's numbers suffice, with reasons
 * and the income over time. The ranges are rules of thumb of the trade, computed exactly; they are no valuation.
 */
public final class PriceCalculator {
    /** What the usual prices below were observed in. They are never shown as amounts of another currency. */
    private static final String USUAL = "USD";

    private static final int DECIMALS = 6;
    private static final BigDecimal TWELVE = BigDecimal.valueOf(12);
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    private static final BigDecimal PER_THOUSAND_VIEWS = BigDecimal.valueOf(2);
    private static final BigDecimal OF_EARNED_LOW = new BigDecimal("0.005");
    private static final BigDecimal OF_EARNED_HIGH = new BigDecimal("0.02");
    private static final Range SHARE = new Range(new BigDecimal("0.01"), new BigDecimal("0.10"));
    private static final Range INFERENCE = new Range(new BigDecimal("0.0001"), new BigDecimal("0.01"));
    private static final Range THOUSAND_TOKENS = new Range(new BigDecimal("0.002"), new BigDecimal("0.02"));

    private final PriceQuestion question;
    private final Range premium;
    private final List<PriceEstimate> estimates = new ArrayList<>();

    private record Range(BigDecimal low, BigDecimal high) {
        Range times(Range other) {
            return new Range(low.multiply(other.low), high.multiply(other.high));
        }

        Range times(BigDecimal factor) {
            return new Range(low.multiply(factor), high.multiply(factor));
        }
    }

    private PriceCalculator(PriceQuestion question) {
        this.question = question;
        this.premium = premium(question.exclusiveMonths());
    }

    /** Every estimate the numbers allow; at least one. */
    public static List<PriceEstimate> estimates(PriceQuestion question) {
        PriceCalculator calculator = new PriceCalculator(question);
        calculator.perWork();
        calculator.multiplier();
        calculator.revenueShare();
        calculator.perInference();
        calculator.perTokens();
        return List.copyOf(calculator.estimates);
    }

    /** The whole answer as an API gives it. */
    public static org.tallystick.protocol.codec.Json.Obj answer(PriceQuestion question) {
        return org.tallystick.protocol.codec.Json.object()
                .put("currency", question.currency())
                .put(
                        "estimates",
                        org.tallystick.protocol.codec.Json.array(estimates(question).stream()
                                .map(PriceEstimate::json)
                                .toList()))
                .build();
    }

    private static Range premium(int months) {
        if (months == 0) {
            return new Range(BigDecimal.ONE, BigDecimal.ONE);
        }
        if (months <= 3) {
            return new Range(new BigDecimal("1.5"), new BigDecimal("2.5"));
        }
        return months <= 12
                ? new Range(BigDecimal.valueOf(2), BigDecimal.valueOf(4))
                : new Range(BigDecimal.valueOf(3), BigDecimal.valueOf(5));
    }

    private void perWork() {
        Range length = byLength(question.tokensPerWork());
        BigDecimal tiers = tiers();
        Range price = length.times(tiers).times(premium);
        Range month = price.times(BigDecimal.valueOf(question.works()))
                .times(perMonth(BigDecimal.valueOf(question.jobsPerYear())));
        List<String> reasons = new ArrayList<>();
        reasons.add("works of about " + English.number(question.tokensPerWork()) + " tokens go for " + usual(length.low)
                + " to " + usual(length.high) + " each and job");
        question.tiers().forEach(tier -> reasons.add(tier.word() + " counts " + English.percent(weight(tier))));
        premiumReason(reasons);
        reasons.add(English.number(question.works()) + " works in " + question.jobsPerYear() + " jobs a year");
        add(
                "per work",
                "one work in one job",
                USUAL,
                price,
                question.exclusiveMonths() > 0 ? "exclusive-window" : "non-exclusive",
                reasons,
                n -> month.times(BigDecimal.valueOf(n)));
    }

    private static Range byLength(long tokens) {
        if (tokens < 500) {
            return new Range(new BigDecimal("0.001"), new BigDecimal("0.01"));
        }
        return tokens < 5_000
                ? new Range(new BigDecimal("0.004"), new BigDecimal("0.04"))
                : new Range(new BigDecimal("0.02"), new BigDecimal("0.2"));
    }

    private BigDecimal tiers() {
        return question.tiers().stream().map(PriceCalculator::weight).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal weight(Scope tier) {
        return switch (tier) {
            case TRAINING -> BigDecimal.ONE;
            case EMBEDDING -> new BigDecimal("0.4");
            case INFERENCE -> new BigDecimal("0.25");
            case PREVIEW -> BigDecimal.ZERO;
        };
    }

    private void multiplier() {
        List<String> reasons = new ArrayList<>();
        Optional<BigDecimal> base = question.earned();
        if (base.isPresent()) {
            reasons.add("the works earn " + money(base.get()) + " a year today");
        } else if (question.views().isPresent()) {
            base = question.views()
                    .map(views -> BigDecimal.valueOf(views)
                            .multiply(PER_THOUSAND_VIEWS)
                            .movePointLeft(3));
            reasons.add(English.number(question.views().get()) + " views a year, worth about "
                    + usual(PER_THOUSAND_VIEWS) + " a thousand");
        }
        if (base.isEmpty()) {
            return;
        }
        Range year = new Range(base.get().multiply(OF_EARNED_LOW), base.get().multiply(OF_EARNED_HIGH)).times(premium);
        reasons.add("a licence goes for " + English.percent(OF_EARNED_LOW) + " to " + English.percent(OF_EARNED_HIGH)
                + " of what the works earn");
        premiumReason(reasons);
        add(
                "multiple of what the works earn",
                "a year",
                question.earned().isPresent() ? question.currency() : USUAL,
                year,
                "subscription",
                reasons,
                n -> year.times(perMonth(BigDecimal.valueOf(n))));
    }

    private void revenueShare() {
        question.buyerRevenuePerMonth().ifPresent(revenue -> {
            Range month = SHARE.times(revenue);
            add(
                    "share of revenue",
                    "part of the buyer's revenue",
                    question.currency(),
                    SHARE,
                    "hybrid",
                    List.of(
                            "shares of " + English.percent(SHARE.low) + " to " + English.percent(SHARE.high)
                                    + " are usual",
                            "the buyer expects " + money(revenue) + " a month, growing by nothing"),
                    n -> month.times(BigDecimal.valueOf(n)));
        });
    }

    private void perInference() {
        question.inferencesPerMonth().ifPresent(count -> {
            Range month = INFERENCE.times(BigDecimal.valueOf(count));
            add(
                    "per inference",
                    "one answer to which a work contributed",
                    USUAL,
                    INFERENCE,
                    "per-use-royalty",
                    List.of(
                            "prices of " + usual(INFERENCE.low) + " to " + usual(INFERENCE.high) + " are usual",
                            English.number(count) + " such answers a month"),
                    n -> month.times(BigDecimal.valueOf(n)));
        });
    }

    private void perTokens() {
        question.tokensPerMonth().ifPresent(count -> {
            Range month =
                    THOUSAND_TOKENS.times(BigDecimal.valueOf(count).divide(THOUSAND, DECIMALS, RoundingMode.HALF_EVEN));
            add(
                    "per 1000 tokens",
                    "a thousand tokens given out",
                    USUAL,
                    THOUSAND_TOKENS,
                    "per-use-royalty",
                    List.of(
                            "prices of " + usual(THOUSAND_TOKENS.low) + " to " + usual(THOUSAND_TOKENS.high)
                                    + " are usual",
                            English.number(count) + " tokens a month"),
                    n -> month.times(BigDecimal.valueOf(n)));
        });
    }

    private void premiumReason(List<String> reasons) {
        if (question.exclusiveMonths() > 0) {
            reasons.add("keeping others out for " + question.exclusiveMonths() + " months costs "
                    + premium.low.toPlainString() + " to " + premium.high.toPlainString() + " times as much");
        }
    }

    private static BigDecimal perMonth(BigDecimal perYear) {
        return perYear.divide(TWELVE, 12, RoundingMode.HALF_EVEN);
    }

    private static String usual(BigDecimal amount) {
        return USUAL + " " + English.number(plain(amount));
    }

    private String money(BigDecimal amount) {
        return question.currency() + " " + English.number(plain(amount));
    }

    private void add(
            String model,
            String unit,
            String currency,
            Range range,
            String template,
            List<String> reasons,
            IntFunction<Range> after) {
        List<PriceEstimate.Point> series = new ArrayList<>();
        for (int month = 1; month <= question.months(); month++) {
            Range sum = after.apply(month);
            series.add(new PriceEstimate.Point(month, rounded(sum.low), rounded(sum.high)));
        }
        estimates.add(new PriceEstimate(
                model, unit, currency, plain(range.low), plain(range.high), template, reasons, series));
    }

    private static BigDecimal rounded(BigDecimal amount) {
        return plain(amount.setScale(2, RoundingMode.HALF_EVEN));
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
