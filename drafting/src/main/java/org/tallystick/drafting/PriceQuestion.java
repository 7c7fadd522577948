package org.tallystick.drafting;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Pricing;

/**
 * What a creator knows about its works and about the deal; whatever is not known is left out.
 *
 * @param works how many are offered; at least 1
 * @param tokensPerWork average length
 * @param earned what they earn a year today
 * @param views a year, where nothing is known of what they earn
 * @param jobsPerYear training or embedding jobs expected a year
 * @param inferencesPerMonth answers of the buyer's models expected a month
 * @param tokensPerMonth tokens expected a month
 * @param buyerRevenuePerMonth what the buyer expects to earn a month with what it makes
 * @param tiers scopes of use asked for
 * @param exclusiveMonths how long others are kept out; 0 for not at all
 * @param months over which the effect is shown, 1 to 120
 */
public record PriceQuestion(
        String currency,
        long works,
        long tokensPerWork,
        Optional<BigDecimal> earned,
        Optional<Long> views,
        int jobsPerYear,
        Optional<Long> inferencesPerMonth,
        Optional<Long> tokensPerMonth,
        Optional<BigDecimal> buyerRevenuePerMonth,
        Set<Scope> tiers,
        int exclusiveMonths,
        int months) {
    private static final long MOST = 1_000_000_000_000L;

    public PriceQuestion {
        BigDecimal one = new Pricing.Price(currency, BigDecimal.ONE).amount();
        earned.ifPresent(amount -> new Pricing.Price(currency, amount.multiply(one)));
        buyerRevenuePerMonth.ifPresent(amount -> new Pricing.Price(currency, amount.multiply(one)));
        within("works", works, 1, MOST);
        within("tokens-per-work", tokensPerWork, 1, 100_000_000);
        views.ifPresent(count -> within("views", count, 0, MOST));
        within("jobs", jobsPerYear, 1, 10_000);
        inferencesPerMonth.ifPresent(count -> within("inferences", count, 0, MOST));
        tokensPerMonth.ifPresent(count -> within("tokens", count, 0, MOST * 1_000));
        within("exclusive-months", exclusiveMonths, 0, 120);
        within("months", months, 1, 120);
        TreeSet<Scope> sorted = new TreeSet<>(tiers);
        sorted.remove(Scope.PREVIEW);
        if (sorted.isEmpty()) {
            throw fault("tiers", "names none of training, embedding and inference");
        }
        tiers = java.util.Collections.unmodifiableSortedSet(sorted);
    }

    /** Reads a question as an API or a file states it; unknown members are refused. */
    public static PriceQuestion read(Fields fields) {
        List<String> tiers = fields.strings("tiers");
        PriceQuestion question = new PriceQuestion(
                fields.optionalText("currency").orElse("USD"),
                fields.integer("works", 1, MOST),
                fields.optionalInteger("tokensPerWork", 1, MOST).orElse(1_000L),
                fields.optionalNumber("earnedPerYear"),
                fields.optionalInteger("viewsPerYear", 0, MOST),
                fields.optionalInteger("jobsPerYear", 1, 10_000).orElse(4L).intValue(),
                fields.optionalInteger("inferencesPerMonth", 0, MOST),
                fields.optionalInteger("tokensPerMonth", 0, MOST * 1_000),
                fields.optionalNumber("buyerRevenuePerMonth"),
                tiers.isEmpty()
                        ? Set.of(Scope.TRAINING)
                        : new TreeSet<>(tiers.stream().map(Scope::ofWord).toList()),
                fields.optionalInteger("exclusiveMonths", 0, 120).orElse(0L).intValue(),
                fields.optionalInteger("months", 1, 120).orElse(24L).intValue());
        fields.noOthers();
        return question;
    }

    private static void within(String what, long number, long min, long max) {
        if (number < min || number > max) {
            throw fault(what, number + " is not between " + min + " and " + max);
        }
    }

    private static MalformedException fault(String what, String why) {
        return new MalformedException("price/question", what + ": " + why);
    }
}
