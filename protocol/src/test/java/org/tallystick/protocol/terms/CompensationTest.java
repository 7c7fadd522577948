package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;

/** What a contract may cost: units and currencies that cannot be confused, sums that are exact. */
class CompensationTest {
    private static final Json.Obj FULL = FullContract.json();

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        pricing.currency                     | "EUR"                     | contract/currencies-mixed
        pricing.currency                     | "Usd"                     | contract/price-currency
        pricing.currency                     | -                         | json/missing-member
        pricing.unit                         | "sample"                  | json/unknown-member
        pricing.charges                      | []                        | contract/charges
        pricing.charges                      | -                         | json/missing-member
        pricing.charges                      | [{"charge": "samples", "pricePerSampleUsd": 1}] | contract/exclusive-premium-or-bounds
        pricing.charges[0].charge            | "donation"                | contract/charge-unknown
        pricing.charges[0].tier              | "preview"                 | contract/charge-tier
        pricing.charges[0].tier              | "resale"                  | contract/charge-tier
        pricing.charges[0].tier              | -                         | ok
        pricing.charges[0].pricePerSampleUsd | -                         | contract/price-missing
        pricing.charges[0].pricePerSampleUsd | "0.005"                   | json/wrong-type
        pricing.charges[0].pricePerThousandTokensUsd | 0.02              | json/unknown-member
        pricing.charges[0].pricePerSampleEur | 0.005                     | contract/price-ambiguous
        pricing.charges[0]                   | {"charge": "samples", "pricePerThousandTokensUsd": 0.02} | contract/price-missing
        pricing.charges[0].volume            | [{"above": 0, "pricePerSampleUsd": 1}] | json/number-out-of-range
        pricing.charges[0].volume            | [{"above": 5, "pricePerSampleUsd": 1}, {"above": 5, "pricePerSampleUsd": 1}] | contract/volume
        pricing.charges[0].volume            | [{"above": 5, "pricePerSampleEur": 1}] | contract/currencies-mixed
        pricing.charges[0].volume            | [{"above": 5, "pricePerTokenUsd": 1}]  | contract/price-missing
        pricing.charges[1].tier              | "training"                | ok
        pricing.charges[2].attributionThreshold | -                      | json/missing-member
        pricing.charges[2].attributionThreshold | 1.1                    | contract/charge-threshold
        pricing.charges[2].attributionThreshold | 0                      | ok
        pricing.charges[3].amountUsd         | -1                        | contract/price-negative
        pricing.charges[4].milestones        | []                        | contract/milestones
        pricing.charges[4].milestones[1].name | "delivery"               | contract/milestones
        pricing.charges[4].milestones[1].name | "The End"                | contract/milestones
        pricing.charges[4].milestones[1].release | "luck"                | contract/milestones
        pricing.charges[4].milestones[1].within | "P11Y"                 | contract/milestones
        pricing.charges[4].milestones[1].why | 1                         | json/unknown-member
        pricing.charges[5].every             | "P0D"                     | contract/period
        pricing.charges[5].every             | "P11Y"                    | contract/subscription
        pricing.charges[5].includesSamples   | 0                         | json/number-out-of-range
        pricing.charges[5].includesSamples   | -                         | ok
        pricing.charges[6].credits           | 0                         | json/number-out-of-range
        pricing.charges[6].costs             | []                        | contract/credits
        pricing.charges[6].costs[0].unit     | "smile"                   | contract/credits
        pricing.charges[6].costs[1].unit     | "sample"                  | contract/credits
        pricing.charges[6].costs[1].credits  | 0                         | json/number-out-of-range
        pricing.charges[7].share             | 0                         | contract/revenue-share
        pricing.charges[7].share             | 1.2                       | contract/revenue-share
        pricing.charges[7].of                | "profit"                  | contract/revenue-share
        pricing.charges[7].aboveUsd          | -                         | ok
        pricing.charges[8].of                | -                         | contract/pool
        pricing.charges[8].share             | -                         | contract/price-missing
        pricing.charges[8].amountUsd         | 5                         | json/unknown-member
        pricing.charges[8]                   | {"charge": "pool", "amountUsd": 900, "every": "P1M", "allocation": "use"} | ok
        pricing.charges[8]                   | {"charge": "pool", "amountUsd": 900, "of": "net-revenue", "every": "P1M", "allocation": "use"} | contract/pool
        pricing.charges[8].allocation        | "luck"                    | contract/pool
        pricing.charges[9]                   | {"charge": "upfront", "amountUsd": 1}  | contract/charge-duplicate
        pricing.charges[9]                   | {"charge": "samples", "pricePerSampleUsd": 1} | contract/charge-ambiguous
        pricing.charges[9]                   | {"charge": "samples", "tier": "training", "pricePerSampleUsd": 1} | contract/charge-duplicate
        pricing.charges[9]                   | {"charge": "samples", "tier": "embedding", "pricePerSampleUsd": 1} | ok
        pricing.bounds                       | -                         | ok
        pricing.bounds[0].bound              | "roof"                    | contract/bounds
        pricing.bounds[0].bound              | "cap"                     | contract/bounds
        pricing.bounds[0].amountUsd          | 0                         | contract/bounds
        pricing.bounds[0].amountEur          | 1                         | contract/price-ambiguous
        pricing.bounds[0].every              | "P11Y"                    | contract/bounds
        pricing.bounds[1].every              | "P1Y"                     | ok
        pricing.bounds[1]                    | {"bound": "cap", "amountUsd": 99, "every": "P1M"} | contract/bounds
        pricing.exclusivePremium             | 0.9                       | contract/exclusive-premium
        pricing.exclusivePremium             | 101                       | contract/exclusive-premium
        pricing.exclusivePremium             | -                         | ok
        pricing                              | {"model": "composed", "currency": "USD", "charges": [{"charge": "samples", "pricePerSampleUsd": 1}]} | contract/pricing-model
        pricing                              | {"model": "composed", "currency": "USD", "charges": [{"charge": "upfront", "amountUsd": 1}]} | contract/pricing-model
        pricing                              | {"model": "composed", "currency": "USD", "charges": [{"charge": "revenue-share", "share": 0.1, "of": "gross-revenue", "every": "P1M"}]} | ok
        pricing                              | {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 1} | ok
        pricing                              | {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 1, "charges": []} | json/unknown-member
        """)
    void eachPriceIsJudged(String path, String value, String expected) {
        Json.Obj changed = Changed.at(FULL, path, value);
        if (expected.equals("ok")) {
            ContractDocument contract = ContractDocument.parse(changed);
            assertThat(ContractDraft.of(contract).document().compensation()).isEqualTo(contract.compensation());
        } else if (expected.equals("contract/exclusive-premium-or-bounds")) {
            assertThat(ContractDocument.parse(changed).compensation().simple()).isEmpty();
        } else {
            ContractFormTest.assertReason(() -> ContractDocument.parse(changed), expected);
        }
    }

    @Test
    void aComposedContractHasNoSinglePriceAndSaysSo() {
        ContractDocument contract = ContractDocument.parse(FULL);
        ContractFormTest.assertReason(contract::pricing, "contract/pricing-composed");
        assertThat(contract.compensation().currency()).isEqualTo("USD");
        assertThat(contract.compensation().charges(Charge.Upfront.class))
                .containsExactly(new Charge.Upfront(usd("5000")));
        assertThat(contract.compensation().bound(Compensation.Cap.class))
                .contains(new Compensation.Cap(usd("1000000"), Optional.empty()));
    }

    @Test
    void theSimpleModelsAreCompensationsOfOneCharge() {
        for (Pricing pricing :
                List.of(new Pricing.Micropay(Pricing.Unit.SAMPLE, usd("0.005")), new Pricing.Flat(usd("1200")))) {
            assertThat(Compensation.of(pricing).simple()).contains(pricing);
        }
    }

    @ParameterizedTest(name = "{0} units cost {1} samples, {2} tokens")
    @CsvSource(delimiter = '|', textBlock = """
        0       | 0         | 0
        1       | 0.005     | 0.00002
        100000  | 500       | 2
        100001  | 500.004   | 2.00002
        250000  | 1100      | 5
        1000001 | 4100.003  | 20.00002
        """)
    void volumeStepsAreMarginal(long count, BigDecimal samples, BigDecimal tokens) {
        Charge.Samples stepped = new Charge.Samples(
                Optional.empty(),
                new Volume<>(
                        new UnitPrice.PerSample(usd("0.005")),
                        List.of(
                                new Volume.Step<>(100_000, new UnitPrice.PerSample(usd("0.004"))),
                                new Volume.Step<>(1_000_000, new UnitPrice.PerSample(usd("0.003"))))));
        assertThat(stepped.amount(new Quantity.Samples(count))).isEqualByComparingTo(samples);
        Charge.Tokens flat =
                new Charge.Tokens(Optional.empty(), Volume.flat(new UnitPrice.PerThousandTokens(usd("0.02"))));
        assertThat(flat.amount(new Quantity.Tokens(count))).isEqualByComparingTo(tokens);
    }

    @Test
    void oneUnitMoreNeverCostsLess() {
        Seeds.check(500, random -> {
            Volume<UnitPrice.PerSample> volume = RandomContracts.volume(random, "USD", UnitPrice.PerSample::new);
            long count = random.nextLong(0, 2_000_000);
            assertThat(volume.exactly(count + 1)).isGreaterThanOrEqualTo(volume.exactly(count));
            assertThat(volume.exactly(0)).isEqualByComparingTo("0");
        });
    }

    @Test
    void countsAreNeverNegativeAndMilestonesAddUp() {
        ContractFormTest.assertReason(() -> new Quantity.Samples(-1), "contract/quantity");
        ContractFormTest.assertReason(() -> new Quantity.Tokens(-1), "contract/quantity");
        ContractFormTest.assertReason(() -> new Quantity.Inferences(-1), "contract/quantity");
        Charge.Bulk bulk = ContractDocument.parse(FULL)
                .compensation()
                .charges(Charge.Bulk.class)
                .getFirst();
        assertThat(bulk.total()).isEqualByComparingTo("3000");
        assertThat(bulk.milestones().getLast().within()).isEqualTo(Period.ofMonths(6));
        Charge.Inferences inferences = ContractDocument.parse(FULL)
                .compensation()
                .charges(Charge.Inferences.class)
                .getFirst();
        assertThat(inferences.amount(new Quantity.Inferences(2_500))).isEqualByComparingTo("2.5");
    }

    private static Pricing.Price usd(String amount) {
        return new Pricing.Price("USD", new BigDecimal(amount));
    }
}
