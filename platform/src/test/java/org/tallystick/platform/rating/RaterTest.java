package org.tallystick.platform.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Rational;
import org.tallystick.protocol.ContractDocument;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Statement;

class RaterTest {

    /**
     * Rows: {@code price P}, {@code fee F}, {@code split who share …}, {@code use job scope creator works},
     * {@code works creator n}, then {@code expect gross G} and {@code expect who basis amount} in order.
     */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"""
        the sample contract
        price micropay 0.005
        split creators 0.8 curator-11 0.2
        use job-1 training ada 600
        use job-1 training bo 1
        use job-2 training ada 600
        expect gross 1201/200
        expect ada creator 12/5
        expect bo creator 1/250
        expect curator-11 recipient 601/1000
        expect ada creator 12/5
        expect curator-11 recipient 3/5
        """, """
        a fee comes first, the shares divide the rest
        price micropay 0.01
        fee 0.1
        split creators 0.5 curator-11 0.5
        use job-1 training ada 100
        expect gross 1
        expect - recipient 1/10
        expect ada creator 9/20
        expect curator-11 recipient 9/20
        """, """
        a named recipient is paid for every work, a creator for their own
        price micropay 0.003
        split ada 0.333333333333 curator-11 0.666666666667
        use job-1 embedding ada 1
        use job-1 embedding bo 2
        expect gross 9/1000
        expect ada recipient 2999999999997/1000000000000000
        expect curator-11 recipient 6000000000003/1000000000000000
        """, """
        one party may be creator and recipient
        price micropay 1
        split creators 0.9 ada 0.1
        use job-1 training ada 1
        use job-1 training bo 1
        expect gross 2
        expect ada recipient 1/5
        expect ada creator 9/10
        expect bo creator 9/10
        """, """
        no use costs nothing
        price micropay 5
        split creators 1
        expect gross 0
        """, """
        a free contract pays nothing, and says so
        price micropay 0
        split creators 1
        use job-1 training ada 3
        expect gross 0
        expect ada creator 0
        """, """
        a flat price goes by works in the version
        price flat 100
        split creators 0.8 curator-11 0.2
        works ada 3
        works bo 4
        expect gross 100
        expect ada creator 240/7
        expect bo creator 320/7
        expect curator-11 recipient 20
        """, """
        a flat price with a fee
        price flat 9.99
        fee 0.025
        split creators 1
        works ada 1
        works bo 2
        expect gross 999/100
        expect - recipient 999/4000
        expect ada creator 12987/4000
        expect bo creator 12987/2000
        """})
    void rates(String table) {
        Case read = Case.read(table);
        List<String> found = new ArrayList<>();
        Rater.Rated rated = read.rate();
        found.add("gross " + rated.gross());
        for (Amount amount : rated.amounts()) {
            found.add(amount.payee().map(PartyId::toString).orElse("-") + " "
                    + amount.basis().word() + " " + amount.exact());
        }
        assertThat(found).isEqualTo(read.expected());
    }

    /** One table, read. */
    private record Case(ContractDocument contract, List<Use> uses, Map<PartyId, Long> works, List<String> expected) {
        static Case read(String table) {
            String[] price = {};
            String fee = "0";
            String[] split = {};
            List<Use> uses = new ArrayList<>();
            Map<PartyId, Long> works = new TreeMap<>();
            List<String> expected = new ArrayList<>();
            for (String row : table.strip().lines().skip(1).map(String::strip).toList()) {
                String[] word = row.split(" ");
                switch (word[0]) {
                    case "price" -> price = word;
                    case "fee" -> fee = word[1];
                    case "split" -> split = word;
                    case "use" ->
                        uses.add(new Use(
                                new JobId(word[1]),
                                Scope.ofWord(word[2]),
                                new PartyId(word[3]),
                                Long.parseLong(word[4])));
                    case "works" -> works.put(new PartyId(word[1]), Long.valueOf(word[2]));
                    case "expect" -> expected.add(row.substring("expect ".length()));
                    default -> throw new IllegalArgumentException(row);
                }
            }
            return new Case(RaterTest.contract(price[1], price[2], fee, split), uses, works, expected);
        }

        Rater.Rated rate() {
            return works.isEmpty() ? Rater.perUse(contract, uses) : Rater.flat(contract, works);
        }
    }

    private static ContractDocument contract(String model, String price, String fee, String[] split) {
        List<String> splits = new ArrayList<>();
        for (int i = 1; i < split.length; i += 2) {
            splits.add("{\"recipientId\":\"" + split[i] + "\",\"share\":" + split[i + 1] + "}");
        }
        String unit = model.equals("flat") ? "contract" : "sample";
        String text = """
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
                 "license":{"type":"restricted-training","permittedUses":["model-training","embedding"],
                   "duration":"P1Y"},
                 "pricing":{"model":"%s","unit":"%s","pricePerUnitUsd":%s},"platformFeeShare":%s,
                 "payout":{"type":"monthly-reconciliation","split":[%s]}}
                """.formatted(model, unit, price, fee, String.join(",", splits));
        return ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theAmountsOfAContractAreItsGrossToTheLastFraction() {
        long seed = seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            String price =
                    BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 12).toPlainString();
            String fee =
                    BigDecimal.valueOf(random.nextLong(500_000_000_000L), 12).toPlainString();
            ContractDocument contract = contract("micropay", price, fee, randomSplit(random));
            List<Use> uses = new ArrayList<>();
            long works = 0;
            for (int creator = random.nextInt(20); creator > 0; creator--) {
                long count = 1 + random.nextLong(1_000_000);
                uses.add(new Use(new JobId("job-" + creator % 3), Scope.TRAINING, new PartyId("c-" + creator), count));
                works += count;
            }
            Rational whole = Rational.parse(price).times(works);
            assertThat(Rater.perUse(contract, uses).gross()).as("seed " + seed).isEqualTo(whole);
            Map<PartyId, Long> version =
                    uses.stream().collect(Collectors.toMap(Use::creator, Use::works, Long::sum, TreeMap::new));
            if (!version.isEmpty()) {
                ContractDocument flat = contract("flat", price, fee, randomSplit(random));
                assertThat(Rater.flat(flat, version).gross()).as("seed " + seed).isEqualTo(Rational.parse(price));
            }
        }
    }

    /** Statements recompute amounts on their own; both must say the same. */
    @Test
    void aStatementsLineRecomputesTheSameAmount() {
        long seed = seed();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            String price =
                    BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 12).toPlainString();
            String fee =
                    BigDecimal.valueOf(random.nextLong(500_000_000_000L), 12).toPlainString();
            ContractDocument contract = contract("micropay", price, fee, new String[] {"split", "creators", "1"});
            long works = 1 + random.nextLong(1_000_000_000L);
            Use use = new Use(new JobId("job-1"), Scope.TRAINING, new PartyId("ada"), works);
            Amount amount = Rater.perUse(contract, List.of(use)).amounts().getLast();
            String exact = Statement.Line.exact(works, 0, new BigDecimal(price), new BigDecimal(fee), BigDecimal.ONE);
            assertThat(amount.exact().toString()).as("seed " + seed).isEqualTo(exact);
        }
    }

    private static long seed() {
        String set = System.getProperty("tallystick.seed", "");
        return set.isEmpty() ? ThreadLocalRandom.current().nextLong() : Long.parseLong(set);
    }

    private static String[] randomSplit(SplittableRandom random) {
        long creators = 1 + random.nextLong(999_999_999_999L);
        return new String[] {
            "split",
            "creators",
            BigDecimal.valueOf(creators, 12).toPlainString(),
            "curator-11",
            BigDecimal.valueOf(1_000_000_000_000L - creators, 12).toPlainString()
        };
    }

    @Test
    void theWrongModelAndRepeatedUsageAreRefused() {
        String[] split = {"split", "creators", "1"};
        ContractDocument flat = contract("flat", "1", "0", split);
        ContractDocument perUse = contract("micropay", "1", "0", split);
        Use use = new Use(new JobId("job-1"), Scope.TRAINING, new PartyId("ada"), 1);
        assertThatThrownBy(() -> Rater.perUse(flat, List.of(use))).hasMessageContaining("not priced per use");
        assertThatThrownBy(() -> Rater.flat(perUse, Map.of(new PartyId("ada"), 1L)))
                .hasMessageContaining("no flat");
        assertThatThrownBy(() -> Rater.flat(flat, Map.of())).hasMessageContaining("at least one work");
        assertThatThrownBy(() -> Rater.perUse(perUse, List.of(use, use))).hasMessageContaining("stands twice");
    }

    @Test
    void anAmountExplainsItself() {
        String[] split = {"split", "creators", "0.8", "curator-11", "0.2"};
        Use use = new Use(new JobId("job-1"), Scope.TRAINING, new PartyId("ada"), 600);
        Rater.Rated rated = Rater.perUse(contract("micropay", "0.005", "0", split), List.of(use));
        assertThat(rated.amounts().getFirst().reason("0.005")).isEqualTo("600 works x 0.005 x 4/5");
        Rater.Rated flat = Rater.flat(contract("flat", "7", "0", split), Map.of(new PartyId("ada"), 3L));
        assertThat(flat.amounts().getFirst().reason("7")).isEqualTo("3 of 3 works x 7 x 4/5");
    }
}
