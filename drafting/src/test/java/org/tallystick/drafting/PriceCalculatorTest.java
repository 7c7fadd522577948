package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;

/** Ranges for a first offer, exact in their arithmetic. */
class PriceCalculatorTest {
    private static final String ALL = """
        {"works": 15000, "tokensPerWork": 800, "earnedPerYear": 120000, "jobsPerYear": 6,
         "inferencesPerMonth": 2000000, "tokensPerMonth": 90000000, "buyerRevenuePerMonth": 50000,
         "tiers": ["training", "embedding"], "exclusiveMonths": 0, "months": 12}
        """;

    @ParameterizedTest(name = "{0}: {1} to {2}")
    @CsvSource(delimiter = '|', textBlock = """
        per work                        | 0.0056 | 0.056 | 504    | 5040
        multiple of what the works earn | 600    | 2400  | 600    | 2400
        share of revenue                | 0.01   | 0.1   | 6000   | 60000
        per inference                   | 0.0001 | 0.01  | 2400   | 240000
        per 1000 tokens                 | 0.002  | 0.02  | 2160   | 21600
        """)
    void eachWayHasItsRangeAndItsEffectAfterAYear(
            String model, BigDecimal low, BigDecimal high, BigDecimal sumLow, BigDecimal sumHigh) {
        PriceEstimate estimate = PriceCalculator.estimates(question(ALL)).stream()
                .filter(found -> found.model().equals(model))
                .findFirst()
                .orElseThrow();
        assertThat(estimate.low()).isEqualByComparingTo(low);
        assertThat(estimate.high()).isEqualByComparingTo(high);
        assertThat(estimate.series()).hasSize(12);
        assertThat(estimate.series().getLast().low()).isEqualByComparingTo(sumLow);
        assertThat(estimate.series().getLast().high()).isEqualByComparingTo(sumHigh);
        assertThat(estimate.reasons()).isNotEmpty();
        assertThat(Templates.find(estimate.template())).isPresent();
    }

    @Test
    void onlyWhatTheNumbersAllowIsEstimated() {
        assertThat(PriceCalculator.estimates(question("{\"works\": 10}")))
                .extracting(PriceEstimate::model)
                .containsExactly("per work");
        assertThat(PriceCalculator.estimates(question("{\"works\": 10, \"viewsPerYear\": 1000000}")))
                .extracting(PriceEstimate::model)
                .containsExactly("per work", "multiple of what the works earn");
        assertThat(PriceCalculator.answer(question(ALL)).toString())
                .contains("\"currency\":\"USD\"", "\"month\":12", "\"template\":\"non-exclusive\"");
    }

    @Test
    void keepingOthersOutCostsMoreAndLongerWorksToo() {
        BigDecimal open = perWork("{\"works\": 10}");
        BigDecimal brief = perWork("{\"works\": 10, \"exclusiveMonths\": 3}");
        BigDecimal year = perWork("{\"works\": 10, \"exclusiveMonths\": 12}");
        BigDecimal longer = perWork("{\"works\": 10, \"exclusiveMonths\": 24}");
        assertThat(List.of(open, brief, year, longer)).isSorted();
        assertThat(perWork("{\"works\": 10, \"tokensPerWork\": 100}")).isLessThan(open);
        assertThat(perWork("{\"works\": 10, \"tokensPerWork\": 100000}")).isGreaterThan(open);
        assertThat(perWork("{\"works\": 10, \"tiers\": [\"training\", \"embedding\", \"inference\"]}"))
                .isGreaterThan(open);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                            | json/missing-member
        {"works": 0}                                  | json/number-out-of-range
        {"works": 1.5}                                | json/not-an-integer
        {"works": 1, "currency": "ABC"}               | contract/price-currency
        {"works": 1, "earnedPerYear": -1}             | contract/price-negative
        {"works": 1, "earnedPerYear": 1e12}           | contract/price-range
        {"works": 1, "tiers": ["preview"]}            | price/question
        {"works": 1, "tiers": ["fun"]}                | scope/unknown
        {"works": 1, "months": 121}                   | json/number-out-of-range
        {"works": 1, "weather": "fine"}               | json/unknown-member
        """)
    void whatCannotBeAnsweredIsRefused(String text, String reason) {
        assertThatThrownBy(() -> question(text))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).as(e.detail()).isEqualTo(reason));
    }

    @Test
    void rangesAreNeverUpsideDownAndSumsOnlyGrow() {
        Seeds.check(300, random -> {
            PriceQuestion question =
                    question("{\"works\": " + random.nextLong(1, 1_000_000_000L) + ", \"tokensPerWork\": "
                            + random.nextInt(1, 1_000_000) + ", \"viewsPerYear\": " + random.nextLong(1_000_000_000L)
                            + ", \"jobsPerYear\": " + random.nextInt(1, 100) + ", \"tokensPerMonth\": "
                            + random.nextLong(1_000_000_000L)
                            + ", \"exclusiveMonths\": " + random.nextInt(120) + ", \"months\": "
                            + random.nextInt(1, 120) + "}");
            for (PriceEstimate estimate : PriceCalculator.estimates(question)) {
                assertThat(estimate.low()).isLessThanOrEqualTo(estimate.high());
                assertThat(estimate.series())
                        .extracting(PriceEstimate.Point::low)
                        .isSorted();
                assertThat(estimate.series())
                        .extracting(PriceEstimate.Point::high)
                        .isSorted();
            }
        });
    }

    @Test
    void theMemoSaysItOnAPage() {
        String memo = ValueMemo.of("hn-98765", question(ALL));
        assertThat(memo)
                .startsWith("# What hn-98765 is worth\n")
                .contains("15,000 works", "USD 120,000 a year", "| per inference |", "after 12 months")
                .doesNotContain("null", "E+");
    }

    private static BigDecimal perWork(String text) {
        return PriceCalculator.estimates(question(text)).getFirst().high();
    }

    private static PriceQuestion question(String text) {
        return PriceQuestion.read(Fields.of(Json.parse(text.getBytes(StandardCharsets.UTF_8)), "price"));
    }
}
