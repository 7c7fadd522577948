package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Currencies;
import org.tallystick.protocol.codec.IsoCodes;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;

/** What the terms may say: each row changes one place of a sound contract. */
class ContractFormTest {

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        @context                    | -                               | json/missing-member
        @context                    | []                              | contract/context
        @context                    | 7                               | contract/context
        @context                    | ["https://schema.org/", 7]      | contract/context
        @context                    | ["https://schema.org/", "urn:x"]| ok
        @type                       | "Contract"                      | contract/type
        @type                       | -                               | json/missing-member
        contractId                  | ""                              | contract/id
        contractId                  | "a/b"                           | contract/id
        contractId                  | 5                               | json/wrong-type
        contractId                  | -                               | json/missing-member
        datasetId                   | "-hn"                           | contract/dataset
        buyerId                     | "b b"                           | contract/party
        buyerId                     | -                               | ok
        curatorId                   | ""                              | contract/party
        datasetVersion              | "abc"                           | contract/dataset-version
        datasetVersion              | -                               | ok
        surprise                    | 1                               | json/unknown-member
        license                     | -                               | json/missing-member
        license                     | []                              | json/not-an-object
        license.type                | "Restricted Training"           | contract/license-type
        license.extra               | true                            | json/unknown-member
        license.permittedUses       | -                               | json/missing-member
        license.permittedUses       | []                              | contract/uses
        license.permittedUses       | "model-training"                | json/wrong-type
        license.permittedUses       | [7]                             | json/wrong-type
        license.permittedUses       | ["world-domination"]            | contract/use-unknown
        license.permittedUses       | ["training", "model-training"]  | contract/use-duplicate
        license.permittedUses       | ["training", "fine-tuning"]     | ok
        license.permittedUses       | ["embedding", "inference", "preview"] | ok
        license.forbiddenUses       | -                               | ok
        license.forbiddenUses       | ["evaluation"]                  | contract/use-contradiction
        license.forbiddenUses       | ["training"]                    | contract/use-contradiction
        license.forbiddenUses       | ["No Resale"]                   | contract/use-unknown
        license.forbiddenUses       | ["resale", "resale"]            | contract/use-duplicate
        license.duration            | -                               | json/missing-member
        license.duration            | "1Y"                            | contract/duration
        license.duration            | "P"                             | contract/duration
        license.duration            | "P0D"                           | contract/duration
        license.duration            | "P-1Y"                          | contract/duration
        license.duration            | "-P1Y"                          | contract/duration
        license.duration            | "p1y"                           | contract/duration
        license.duration            | "PT1H"                          | contract/duration
        license.duration            | "P1.5Y"                         | contract/duration
        license.duration            | "P100Y"                         | ok
        license.duration            | "P101Y"                         | contract/duration
        license.duration            | "P99Y13M"                       | contract/duration
        license.duration            | "P99999D"                       | contract/duration
        license.duration            | "P9999999999999D"               | contract/duration
        license.duration            | "P1Y2M3W4D"                     | ok
        license.regionRestrictions  | -                               | ok
        license.regionRestrictions  | []                              | ok
        license.regionRestrictions  | ["DE", "EEA"]                   | ok
        license.regionRestrictions  | ["XX"]                          | contract/region
        license.regionRestrictions  | ["eu"]                          | contract/region
        license.regionRestrictions  | ["EU", "EU"]                    | contract/region
        license.regionRestrictions  | "EU"                            | json/wrong-type
        pricing                     | -                               | contract/price-missing
        pricing                     | null                            | contract/price-missing
        pricing.model               | "barter"                        | contract/pricing-model
        pricing.unit                | "token"                         | contract/unit-unknown
        pricing.unit                | "samples"                       | contract/unit-unknown
        pricing.unit                | "contract"                      | contract/unit-unknown
        pricing.model               | "flat"                          | contract/unit-unknown
        pricing                     | {"model":"flat","unit":"contract","pricePerUnitEur":1200} | ok
        pricing.pricePerUnitUsd     | -                               | contract/price-missing
        pricing.pricePerUnitUsd     | null                            | contract/price-missing
        pricing.pricePerUnitUsd     | "0.005"                         | json/wrong-type
        pricing.pricePerUnitUsd     | -0.005                          | contract/price-negative
        pricing.pricePerUnitUsd     | -1e-300                         | contract/price-negative
        pricing.pricePerUnitUsd     | 0                               | ok
        pricing.pricePerUnitUsd     | 0.000000000001                  | ok
        pricing.pricePerUnitUsd     | 0.0000000000001                 | contract/price-precision
        pricing.pricePerUnitUsd     | 1000000000                      | ok
        pricing.pricePerUnitUsd     | 1000000000.01                   | contract/price-range
        pricing.pricePerUnitUsd     | 1e300                           | contract/price-range
        pricing.pricePerUnitUsd     | 123456789.123456789012          | json/number-not-exact
        pricing.pricePerUnitEur     | 0.004                           | contract/price-ambiguous
        pricing.pricePerUnitXxx     | 0.004                           | contract/price-ambiguous
        pricing                     | {"model":"micropay","unit":"sample","pricePerUnitXxx":1} | contract/price-currency
        pricing                     | {"model":"micropay","unit":"sample","pricePerUnitXau":1} | contract/price-currency
        pricing.pricePerUnitUSD     | 1                               | json/unknown-member
        platformFeeShare            | -                               | ok
        platformFeeShare            | 0                               | ok
        platformFeeShare            | 0.999999999999                  | ok
        platformFeeShare            | 1                               | contract/fee
        platformFeeShare            | -0.01                           | contract/fee
        platformFeeShare            | 0.0000000000001                 | contract/fee
        payout                      | -                               | json/missing-member
        payout.type                 | "whenever"                      | contract/payout-type
        payout.escrowProvider       | -                               | ok
        payout.escrowProvider       | ""                              | contract/escrow-provider
        payout.window               | "P14D"                          | ok
        payout.window               | "soon"                          | contract/payout-window
        payout.split                | -                               | json/missing-member
        payout.split                | []                              | contract/splits
        payout.split[0].share       | 0.79                            | contract/split-not-whole
        payout.split[0].share       | 0.81                            | contract/split-not-whole
        payout.split[0].share       | 0.800000000001                  | contract/split-not-whole
        payout.split[0].share       | 0                               | contract/share-range
        payout.split[0].share       | -0.8                            | contract/share-range
        payout.split[0].share       | 1.1                             | contract/share-range
        payout.split[0].share       | 0.8000000000001                 | contract/share-precision
        payout.split[0].share       | -                               | json/missing-member
        payout.split[0].share       | "80%"                           | json/wrong-type
        payout.split[0].role        | "x"                             | json/unknown-member
        payout.split[0].recipientId | "curator-11"                    | contract/recipient-duplicate
        payout.split[0].recipientId | "no one"                        | contract/recipient
        payout.split[0].recipientId | "creators"                      | ok
        payout.split                | [{"recipientId":"a","share":1}] | ok
        signatures                  | 5                               | json/wrong-type
        signatures                  | [5]                             | json/not-an-object
        signatures                  | []                              | ok
        signatures                  | [{"party":"a","sig":"0x","timestamp":"2026-01-05T12:34:56+02:00"}] | ok
        signatures                  | [{"party":"a","sig":"abc","timestamp":"2026-01-05T12:34:56Z"}] | contract/signature-form
        signatures                  | [{"party":"a","sig":"0x","timestamp":"today"}] | time/malformed
        signatures                  | [{"party":"a","sig":"0x"}]      | json/missing-member
        signatures                  | [{"party":"a b","sig":"0x","timestamp":"2026-01-05T12:34:56Z"}] | contract/party
        signatures                  | [{"party":"a","key":"did:web:a","sig":"0x","timestamp":"2026-01-05T12:34:56Z"}] | did-key/malformed
        signatures                  | [{"party":"a","sig":"0x","timestamp":"2026-01-05T12:34:56Z"},{"party":"a","sig":"0x","timestamp":"2026-01-05T12:34:56Z"}] | contract/signature-duplicate
        """)
    void eachTermIsJudged(String path, String value, String expected) {
        Json.Obj changed = Changed.at(Contracting.unsigned(), path, value);
        if (expected.equals("ok")) {
            ContractDocument contract = ContractDocument.parse(changed);
            assertThat(contract.json()).isEqualTo(changed);
            assertThat(ContractDocument.parse(Jcs.bytes(changed))).isEqualTo(contract);
        } else {
            assertReason(() -> ContractDocument.parse(changed), expected);
        }
    }

    @Test
    void thirdsAreWrittenSoThatTheyAddUp() {
        Json.Obj exact = Changed.at(
                Contracting.unsigned(),
                "payout.split",
                "[{\"recipientId\":\"a\",\"share\":0.333333333333},{\"recipientId\":\"b\",\"share\":0.333333333333},"
                        + "{\"recipientId\":\"c\",\"share\":0.333333333334}]");
        BigDecimal sum = ContractDocument.parse(exact).payout().splits().stream()
                .map(ContractPayout.Split::share)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum).isEqualByComparingTo(BigDecimal.ONE);
    }

    @Test
    void aLongListOfRecipientsIsBounded() {
        StringBuilder many = new StringBuilder("[");
        for (int i = 0; i <= 10_000; i++) {
            many.append(i == 0 ? "" : ",")
                    .append("{\"recipientId\":\"r")
                    .append(i)
                    .append("\",\"share\":0.00001}");
        }
        Json.Obj changed = Changed.at(
                Contracting.unsigned(), "payout.split", many.append("]").toString());
        assertReason(() -> ContractDocument.parse(changed), "contract/splits");
    }

    @Test
    void textThatIsNoContractIsRefused() {
        byte[] sound = Jcs.bytes(Contracting.unsigned());
        assertReason(() -> ContractDocument.parse(new byte[0]), "json/truncated");
        assertReason(() -> ContractDocument.parse(bytes("[]")), "json/not-an-object");
        assertReason(
                () -> ContractDocument.parse(bytes(new String(sound, StandardCharsets.UTF_8) + "x")), "json/trailing");
        assertReason(() -> ContractDocument.parse(new byte[ContractDocument.MAX_BYTES + 1]), "contract/oversized");
        assertReason(
                () -> ContractDocument.parse(bytes("{\"@type\":\"DataContract\",\"@type\":\"DataContract\"}")),
                "json/duplicate-member");
        for (int length = 1; length < sound.length; length += 7) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatThrownBy(() -> ContractDocument.parse(cut)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aContractLivesForItsCalendarPeriod() {
        ContractLicense year = ContractDocument.parse(Contracting.unsigned()).license();
        assertThat(year.endOf(Instant.parse("2026-01-05T12:34:56Z"))).isEqualTo("2027-01-05T12:34:56Z");
        assertThat(year.endOf(Instant.parse("2028-02-29T00:00:00Z"))).isEqualTo("2029-02-28T00:00:00Z");
    }

    @Test
    void theCodesAreThoseOfTheStandards() {
        assertThat(IsoCodes.COUNTRIES).isSubsetOf(Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2));
        assertThat(IsoCodes.COUNTRIES).hasSize(249);
        for (String code : Currencies.codes()) {
            assertThat(Currencies.find(code).orElseThrow().minorDigits())
                    .as(code)
                    .isEqualTo(Currency.getInstance(code).getDefaultFractionDigits());
        }
    }

    @Test
    void everyUseThatNeedsDeliveriesHasAScope() {
        assertThat(List.of(Use.values()).stream()
                        .filter(use -> use.scope().isEmpty())
                        .map(Use::word))
                .containsExactly("evaluation", "model-weight-distribution");
        for (Use use : Use.values()) {
            assertThat(Use.ofWord(use.word())).contains(use);
        }
        assertThat(Use.ofWord("training")).contains(Use.MODEL_TRAINING);
        assertThat(Use.ofWord("TRAINING")).isEmpty();
    }

    @Test
    void anyMutationIsAContractOrRefusedWithAReason() {
        Json.Obj sound = Contracting.signed().json();
        Seeds.check(5_000, random -> {
            Json changed = sound;
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed = Changed.anywhere(changed, random);
            }
            if (!(changed instanceof Json.Obj object)) {
                return;
            }
            try {
                ContractDocument contract = ContractDocument.parse(object);
                assertThat(ContractDocument.parse(Jcs.bytes(contract.json()))).isEqualTo(contract);
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(contract|json|did-key|time)/[a-z-]+");
            }
        });
    }

    static void assertReason(Runnable action, String reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).as(e.detail()).isEqualTo(reason));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
