package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.RandomContracts;

/** The traps the linter knows: each row makes one out of a sound contract. */
class LinterTest {
    @ParameterizedTest(name = "{0}: {1} = {2} is {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        non-exclusive    | license.duration          | "P99Y"       | perpetual               | HIGH
        non-exclusive    | license.duration          | "P12Y"       | long-for-little         | MEDIUM
        non-exclusive    | pricing.pricePerUnitUsd   | 0            | no-pay                  | HIGH
        non-exclusive    | terms.audit               | -            | no-audit                | MEDIUM
        per-use-royalty  | terms.audit               | -            | no-audit                | HIGH
        non-exclusive    | terms.audit.perYear       | 6            | audits-too-often        | LOW
        non-exclusive    | terms.reporting           | -            | no-reporting            | MEDIUM
        hybrid           | terms.reporting           | -            | revenue-not-reported    | HIGH
        hybrid           | terms.reporting.reports   | [{"subject": "usage", "every": "P1M", "within": "P1M"}] | revenue-not-reported | HIGH
        non-exclusive    | terms.deletion            | -            | no-deletion             | HIGH
        non-exclusive    | terms.retention           | -            | retraining-undefined    | MEDIUM
        non-exclusive    | terms.privacy             | -            | no-privacy              | LOW
        non-exclusive    | terms.security            | -            | no-security             | LOW
        non-exclusive    | terms.attribution         | -            | no-credit               | LOW
        non-exclusive    | terms.sublicensing.sublicense | "allowed" | sublicensing-free      | HIGH
        non-exclusive    | terms.sublicensing.resale | "allowed"    | sublicensing-free       | HIGH
        non-exclusive    | terms.sublicensing        | -            | sublicensing-undefined  | MEDIUM
        non-exclusive    | terms.derivatives         | -            | derivatives-undefined   | MEDIUM
        non-exclusive    | terms.derivatives.weights | "allowed"    | weights-free            | HIGH
        non-exclusive    | terms.indemnity.warranty  | "broad"      | broad-warranty          | HIGH
        non-exclusive    | terms.indemnity.capped    | false        | indemnity-uncapped      | HIGH
        non-exclusive    | terms.liability           | {}           | liability-uncapped      | HIGH
        non-exclusive    | terms.liability           | -            | liability-uncapped      | HIGH
        non-exclusive    | terms.termination         | -            | no-way-out              | MEDIUM
        non-exclusive    | terms.disputes            | -            | disputes-undefined      | LOW
        non-exclusive    | payout.window             | -            | dispute-window-undefined | LOW
        non-exclusive    | payout.split              | [{"recipientId": "curator-11", "share": 1}] | creators-not-named | MEDIUM
        non-exclusive    | terms.exclusivity         | {"window": "P6M"} | exclusive-for-little | HIGH
        exclusive-window | pricing.bounds            | -            | exclusive-for-little    | HIGH
        embedding-only   | license.permittedUses     | ["embedding", "model-training"] | use-unpriced | HIGH
        per-use-royalty  | terms.exposure            | -            | exposure-undefined      | MEDIUM
        per-use-royalty  | pricing.charges[0].attributionThreshold | 0 | threshold-undefined  | MEDIUM
        buyout           | payout.escrowProvider     | -            | bulk-without-escrow     | MEDIUM
        buyout           | license.permittedUses     | ["model-training", "model-weight-distribution"] | - | -
        """)
    void aTrapIsSeenAndItsMendingClauseMendsIt(
            String template, String path, String value, String code, String severity) {
        Json.Obj changed = Changed.at(TemplatesTest.make(template).json().without("text"), path, value);
        if (code.equals("-")) {
            // A contradiction is no trap: it is refused before anyone lints it.
            assertThat(refused(changed)).isEqualTo("contract/derivatives");
            return;
        }
        ContractTerms terms = ContractDocument.parse(changed).terms();
        List<Flag> flags = Linter.lint(terms);
        assertThat(flags).extracting(Flag::code).contains(code);
        Flag flag =
                flags.stream().filter(f -> f.code().equals(code)).findFirst().orElseThrow();
        assertThat(flag.severity().name()).isEqualTo(severity);
        assertThat(flag.why()).matches("[A-Z].*\\.");
        assertThat(flag.mending()).isNotEmpty();
        assertThat(codes(terms.with(flag.mend().orElseThrow()))).doesNotContain(code);
    }

    @Test
    void otherTrapsMayHideBehindOne() {
        Json.Obj greedy =
                Changed.at(TemplatesTest.make("buyout").json().without("text"), "license.duration", "\"P99Y\"");
        greedy = Changed.at(greedy, "license.forbiddenUses", "[]");
        greedy = Changed.at(
                greedy,
                "license.permittedUses",
                "[\"training\",\"fine-tuning\",\"evaluation\",\"embedding\",\"inference\"]");
        greedy = Changed.at(greedy, "pricing", "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":10}");
        greedy = Changed.at(greedy, "terms.exclusivity", "{\"window\":\"P5Y\"}");
        List<Flag> flags = Linter.lint(ContractDocument.parse(greedy).terms());
        assertThat(flags)
                .extracting(Flag::code)
                .contains("perpetual", "unlimited", "exclusive-for-little", "no-reversion", "exposure-undefined");
        assertThat(flags).extracting(Flag::severity).isSorted();
        assertThat(flags.getFirst().json().toString()).contains("\"severity\":\"high\"", "\"mend\":[");
    }

    @Test
    void theSampleIsNotWithoutTraps() {
        String sample = """
                {"@context": "https://schema.org/", "@type": "DataContract", "contractId": "c", "datasetId": "d",
                 "license": {"type": "restricted-training", "permittedUses": ["model-training"], "duration": "P1Y"},
                 "pricing": {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 0.005},
                 "payout": {"type": "monthly-reconciliation", "split": [{"recipientId": "creators", "share": 1}]}}
                """;
        assertThat(codes(ContractDocument.parse(sample.getBytes(StandardCharsets.UTF_8))
                        .terms()))
                .contains("no-audit", "no-reporting", "no-deletion", "liability-uncapped", "sublicensing-undefined");
    }

    @Test
    void everyMendingClauseMendsWhateverTheContract() {
        Set<String> seen = new HashSet<>();
        Seeds.check(1_000, random -> {
            ContractTerms terms = RandomContracts.draft(random).terms();
            for (Flag flag : Linter.lint(terms)) {
                seen.add(flag.code());
                flag.mend()
                        .ifPresent(mend -> assertThat(Linter.lint(terms.with(mend)))
                                .as(flag.toString())
                                .noneMatch(after -> isSame(flag, after)));
            }
        });
        if (System.getProperty("tallystick.seed", "").isEmpty()) {
            assertThat(seen).hasSizeGreaterThan(20);
        }
    }

    /** Several uses may lack a price; a clause mends the one its flag names. */
    private static boolean isSame(Flag flag, Flag after) {
        boolean oneOfSeveral = flag.code().equals("use-unpriced");
        return after.code().equals(flag.code()) && (!oneOfSeveral || after.why().equals(flag.why()));
    }

    @Test
    void aCounterOfferHasNothingLeftToMend() {
        Seeds.check(150, random -> {
            ContractDocument offer = RandomContracts.draft(random).document();
            Optional<ContractDraft> counter = Reply.counterOffer(offer);
            List<Flag> left = Linter.lint(counter.map(ContractDraft::terms).orElse(offer.terms()));
            assertThat(left).allMatch(flag -> flag.mend().isEmpty());
            counter.ifPresent(draft ->
                    assertThat(PrintedContract.findings(draft.document())).isEmpty());
        });
    }

    @Test
    void lettersAreFilledFromTheDeal() {
        ContractDocument sound = TemplatesTest.make("non-exclusive");
        ContractDocument poor = ContractDocument.parse(Changed.at(sound.json().without("text"), "terms.deletion", "-"));
        assertThat(Reply.of("accept").letter(sound))
                .contains("buyer-7", "hn-98765", sound.hash().hex());
        assertThat(Reply.of("counter").letter(poor)).contains("Instead: When the contract ends");
        assertThat(Reply.of("counter").letter(sound)).contains("no changes to propose");
        assertThat(Reply.of("ask").letter(poor)).contains("What do you propose?");
        assertThat(Reply.of("decline").letter(poor)).contains("never has to delete", "curator-11");
        assertThat(Reply.counterOffer(sound)).isEmpty();
        assertThat(refusedReply("shrug")).isEqualTo("reply/unknown");
    }

    private static String refusedReply(String word) {
        try {
            return Reply.of(word).word();
        } catch (MalformedException e) {
            return e.reason();
        }
    }

    private static String refused(Json.Obj contract) {
        try {
            return ContractDocument.parse(contract).id();
        } catch (MalformedException e) {
            return e.reason();
        }
    }

    private static List<String> codes(ContractTerms terms) {
        return Linter.lint(terms).stream().map(Flag::code).toList();
    }
}
