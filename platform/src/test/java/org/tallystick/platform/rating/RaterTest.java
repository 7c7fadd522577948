package org.tallystick.platform.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.terms.ContractDocument;

/** Terms times uses, as tables; and that nothing is ever lost or made, whatever the terms. */
class RaterTest {
    static ContractDocument contract(String model, String price, String fee, String... splits) {
        StringBuilder list = new StringBuilder();
        for (String split : splits) {
            String[] parts = split.trim().split("=");
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"recipientId\":\"" + parts[0] + "\",\"share\":" + parts[1] + "}");
        }
        String unit = model.equals("flat") ? "contract" : "sample";
        String text = """
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
                 "platformFeeShare":%s,
                 "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y"},
                 "pricing":{"model":"%s","unit":"%s","pricePerUnitUsd":%s},
                 "payout":{"type":"monthly-reconciliation","split":[%s]}}
                """.formatted(fee, model, unit, price, list);
        return ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SortedMap<PartyId, Long> counts(String text) {
        SortedMap<PartyId, Long> counts = new TreeMap<>();
        for (String item : text.isBlank() ? new String[0] : text.trim().split(" +")) {
            String[] parts = item.split(":");
            counts.put(new PartyId(parts[0]), Long.parseLong(parts[1]));
        }
        return counts;
    }

    private static String shown(Rated rated) {
        List<String> all = new ArrayList<>();
        rated.amounts().forEach(amount -> all.add(amount.payee() + ":" + amount.exact()));
        return String.join(" ", all);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # price        | fee  | splits                             | uses      | gross  | fee due | amounts
        0.005          | 0    | creators=0.8 curator=0.2           | a:4 b:3   | 0.035  | 0       | a:0.016 b:0.012 curator:0.007
        0.005          | 0.1  | creators=0.8 curator=0.2           | a:1000    | 5      | 0.5     | a:3.6 curator:0.9
        0.005          | 0    | creator-42=0.8 curator=0.2         | a:1 b:1   | 0.01  | 0       | creator-42:0.008 curator:0.002
        1              | 0    | a=0.333333333333 b=0.666666666667  | x:1       | 1      | 0       | a:0.333333333333 b:0.666666666667
        0.000000000001 | 0    | creators=1                         | a:1       | 0.000000000001 | 0 | a:0.000000000001
        0              | 0.5  | creators=1                         | a:7       | 0      | 0       | a:0
        2              | 0    | creators=0.5 a=0.5                 | a:3       | 6      | 0       | a:3 a:3
        0.005          | 0    | creators=1                         | ''        | 0      | 0       | ''
        """)
    void micropayIsPricePerUse(
            String price, String fee, String splits, String uses, String gross, String feeDue, String amounts) {
        Rated rated = Rater.uses(contract("micropay", price, fee, splits.split(" +")), counts(uses));
        assertThat(rated.gross()).hasToString(gross);
        assertThat(rated.fee()).hasToString(feeDue);
        assertThat(shown(rated)).isEqualTo(amounts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # price | fee  | splits                    | works     | gross | fee due | amounts
        100     | 0    | creators=0.8 curator=0.2  | a:4 b:3   | 100   | 0       | a:45.714285714285714285714285714285714285714285714285 b:34.285714285714285714285714285714285714285714285714 curator:20
        100     | 0.25 | creators=1                | a:1 b:2   | 100   | 25      | a:25 b:50
        99.99   | 0    | curator=1                 | a:1 b:1   | 99.99 | 0    | curator:99.99
        """)
    void flatIsOnePriceByWorks(
            String price, String fee, String splits, String works, String gross, String feeDue, String amounts) {
        Rated rated = Rater.flat(contract("flat", price, fee, splits.split(" +")), counts(works));
        assertThat(rated.gross()).hasToString(gross);
        assertThat(rated.fee()).hasToString(feeDue);
        assertThat(shown(rated)).isEqualTo(amounts);
    }

    @Test
    void eachModelPricesOnlyWhatItIsThePriceOf() {
        assertThat(Rater.uses(contract("flat", "100", "0", "creators=1"), counts("a:5")))
                .isEqualTo(Rated.NOTHING);
        assertThat(Rater.flat(contract("micropay", "100", "0", "creators=1"), counts("a:5")))
                .isEqualTo(Rated.NOTHING);
    }

    @Test
    void anAmountSaysHowItComesAbout() {
        Rated micropay = Rater.uses(contract("micropay", "0.005", "0.1", "creators=0.8", "c=0.2"), counts("a:1 b:2"));
        assertThat(micropay.amounts().stream().map(Amount::reason))
                .containsExactly(
                        "1 use at 0.005, less a fee of 0.1, share 0.8 as creator",
                        "2 uses at 0.005, less a fee of 0.1, share 0.8 as creator",
                        "3 uses at 0.005, less a fee of 0.1, share 0.2 as recipient");
        Rated flat = Rater.flat(contract("flat", "100", "0", "creators=1"), counts("a:1 b:2"));
        assertThat(flat.amounts().getFirst().reason()).isEqualTo("1 of 3 works of a flat 100, share 1 as creator");
    }

    /** What an amount says of itself is what a statement line recomputes. */
    @Test
    void amountsAreThoseThatStatementLinesRecompute() {
        Seeds.check(300, random -> {
            ContractDocument contract = anyContract(random);
            SortedMap<PartyId, Long> counts = anyCounts(random);
            Rated rated = random.nextBoolean() ? Rater.uses(contract, counts) : Rater.flat(contract, counts);
            for (Amount amount : rated.amounts()) {
                Statement.Line line = new Statement.Line(
                        amount.worth().isFlat() ? Statement.Kind.FLAT : Statement.Kind.USAGE,
                        amount.basis(),
                        "cnf-1",
                        amount.worth().isFlat() ? "" : "job-1",
                        Scope.TRAINING,
                        amount.worth(),
                        amount.exact(),
                        Optional.empty());
                assertThat(line.in(Notation.DECIMALS)).isEqualTo(line);
            }
        });
    }

    /** A price per use loses nothing; a flat price less than one e a part, which nobody gets. */
    @Test
    void amountsAndFeeAreTheGrossToTheLastUnitWhateverTheTerms() {
        Seeds.check(500, random -> {
            ContractDocument contract = anyContract(random);
            SortedMap<PartyId, Long> counts = anyCounts(random);
            Rated rated = random.nextBoolean() ? Rater.uses(contract, counts) : Rater.flat(contract, counts);
            Exact sum = rated.fee();
            long divisions = 0;
            for (Amount amount : rated.amounts()) {
                assertThat(amount.exact().signum()).isNotNegative();
                sum = sum.plus(amount.exact());
                divisions += amount.worth().isFlat() ? 1 : 0;
            }
            assertThat(rated.gross().minus(sum).e())
                    .isBetween(BigInteger.ZERO, BigInteger.valueOf(Math.max(0, divisions - 1)));
            Exact price = Exact.of(contract.pricing().price().amount());
            long uses = counts.values().stream().mapToLong(Long::longValue).sum();
            if (!rated.amounts().isEmpty()) {
                boolean flat = rated.amounts().getFirst().worth().isFlat();
                assertThat(rated.gross()).isEqualTo(flat ? price : price.times(uses));
            }
        });
    }

    @Test
    void amountsThatDoNotAddUpAreNoRating() {
        Rated third = Rater.flat(contract("flat", "100", "0", "creators=1"), counts("a:1 b:2"));
        Exact unit = new Exact(BigInteger.ONE);
        assertThatThrownBy(() -> new Rated(third.gross().minus(unit).minus(unit), third.fee(), third.amounts()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Rated(third.gross().plus(unit), third.fee(), third.amounts()))
                .isInstanceOf(IllegalStateException.class);
        Rated uses = Rater.uses(contract("micropay", "0.005", "0", "creators=1"), counts("a:1"));
        assertThatThrownBy(() -> new Rated(uses.gross().plus(unit), uses.fee(), uses.amounts()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static ContractDocument anyContract(SplittableRandom random) {
        BigInteger whole = BigInteger.TEN.pow(12);
        List<String> splits = new ArrayList<>();
        int parts = 1 + random.nextInt(20);
        long left = whole.longValueExact();
        for (int i = 0; i < parts; i++) {
            long share = i == parts - 1 ? left : 1 + random.nextLong(Math.max(1, left / (parts - i) * 2 - parts));
            left -= share;
            splits.add((i == 0 && random.nextBoolean() ? "creators" : "p" + i) + "=" + BigDecimal.valueOf(share, 12));
            if (left <= parts) {
                splits.set(i, splits.get(i).split("=")[0] + "=" + BigDecimal.valueOf(share + left, 12));
                break;
            }
        }
        return contract(
                random.nextBoolean() ? "micropay" : "flat",
                BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 3 + random.nextInt(10))
                        .toPlainString(),
                BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 12).toPlainString(),
                splits.toArray(new String[0]));
    }

    private static SortedMap<PartyId, Long> anyCounts(SplittableRandom random) {
        SortedMap<PartyId, Long> counts = new TreeMap<>();
        int creators = 1 + random.nextInt(30);
        for (int i = 0; i < creators; i++) {
            counts.put(new PartyId("creator-" + i), 1 + random.nextLong(random.nextBoolean() ? 10 : 1_000_000));
        }
        return counts;
    }
}
