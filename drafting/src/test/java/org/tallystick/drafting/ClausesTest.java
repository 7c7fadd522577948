package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Period;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.terms.RandomContracts;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.UseTerm;

/** No term is decorative: each is said in plain English and kept by a program or by someone, by some day. */
class ClausesTest {
    private static final ContractTerms FULL =
            ContractDocument.parse(FullContract.json()).terms();

    @Test
    void everyKindOfTermHasAClauseThatSomethingKeeps() {
        Set<Class<?>> walked = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (Clause clause : Clauses.of(FULL)) {
            walked.add(clause.term().getClass());
            assertThat(ids.add(clause.id())).as(clause.id()).isTrue();
            assertThat(clause.enforcement().size() + clause.duties().size())
                    .as(clause.id())
                    .isPositive();
        }
        assertThat(walked).containsExactlyInAnyOrderElementsOf(ContractTerms.KINDS);
    }

    @Test
    void everyVariantOfEveryTermReadsWell() {
        Set<Class<?>> walked = new HashSet<>();
        Seeds.check(1_000, random -> {
            Set<String> duties = new HashSet<>();
            for (Clause clause : Clauses.of(RandomContracts.draft(random).terms())) {
                walked.add(clause.term().getClass());
                clause.sentences()
                        .forEach(sentence -> assertThat(sentence)
                                .matches("(?s)[A-Z0-9].*\\.")
                                .doesNotContain("  ", "null", "Optional", "[", " ,", "..", " ."));
                clause.duties().forEach(duty -> {
                    assertThat(duties.add(duty.id())).as(duty.id()).isTrue();
                    assertThat(duty.id()).matches("[a-z-]+/[a-z0-9-]+");
                    assertThat(duty.sentence())
                            .matches("(?s)(The|Either) .*, .*\\.")
                            .doesNotContain("  ", "of .", "within of");
                    assertThat(duty.due().words()).doesNotStartWith(" ").isNotBlank();
                });
                clause.enforcement()
                        .forEach(enforcement -> assertThat(enforcement.how()).matches("[a-z].*[^.]"));
            }
        });
        if (System.getProperty("tallystick.seed", "").isEmpty()) {
            assertThat(walked).containsExactlyInAnyOrderElementsOf(ContractTerms.KINDS);
        }
    }

    @Test
    void aClauseNothingKeepsCannotBeMade() {
        Term term = FULL.get(UseTerm.Duration.class);
        assertThatThrownBy(() -> new Clause("idle", "Idle", term, List.of("It is nice."), List.of(), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("decorative");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        license.duration               | "P1Y6M"          | duration     | lasts 1 year and 6 months from then
        license.duration               | "P2Y1M3D"        | duration     | lasts 2 years, 1 month and 3 days from then
        license.regionRestrictions     | ["DE"]           | regions      | used in DE only
        terms.purposes                 | ["research"]     | grant        | only these purposes: research.
        terms.audit.perYear            | 1                | audit        | once a year at most
        terms.audit.perYear            | 3                | audit        | 3 times a year at most
        terms.audit.costShiftAbove     | 0.075            | audit        | more than 7.5 %
        terms.liability                | {}               | liability    | Liability is not limited.
        terms.liability                | {"capUsd": 1234567.5} | liability | more than USD 1,234,567.5 for damage
        terms.exclusivity.places       | []               | exclusivity  | granted the dataset anywhere, in the field of news
        terms.exclusivity.verticals    | []               | exclusivity  | in any field
        terms.exclusivity.from         | -                | exclusivity  | from the acceptance of this contract for 6 months
        terms.termination.notice       | -                | termination  | Nobody may end the contract early without a reason.
        terms.sublicensing.affiliates  | false            | sublicensing | are others.
        terms.indemnity.capped         | false            | indemnity    | does not hold for this
        terms.indemnity.warranty       | "broad"          | indemnity    | infringes anyone's rights
        terms.privacy.personal         | "none"           | privacy      | no personal data
        terms.exposure.action          | "review"         | exposure     | is put before a person
        payout.type                    | "weekly-reconciliation" | payout | closed every 7 days
        payout.split                   | [{"recipientId": "coop-1", "share": 1}] | splits | 100 % to coop-1
        platformFeeShare               | 0.0125           | fee          | keeps 1.25 %
        pricing.charges[5].every       | "P1Y"            | price        | every period begun
        pricing.charges[8]             | {"charge": "pool", "amountUsd": 900, "every": "P1M", "allocation": "use"} | price | A pool of USD 900 every month
        """)
    void valuesStandInTheWords(String path, String value, String clause, String expected) {
        ContractTerms terms = ContractDocument.parse(Changed.at(FullContract.json(), path, value))
                .terms();
        String words = Clauses.of(terms).stream()
                .filter(found -> found.id().equals(clause))
                .map(found -> String.join(" ", found.sentences()))
                .findFirst()
                .orElseThrow();
        assertThat(words).contains(expected);
    }

    /** Whoever changes a value changes the words: no two terms that differ read alike. */
    @Test
    void termsThatDifferReadDifferently() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            ContractTerms one = RandomContracts.draft(random).terms();
            ContractTerms other = RandomContracts.draft(random).terms();
            for (Class<? extends Term> kind : ContractTerms.KINDS) {
                Optional<? extends Term> first = one.find(kind);
                Optional<? extends Term> second = other.find(kind);
                if (first.isPresent() && second.isPresent() && !first.equals(second)) {
                    assertThat(words(first.get())).as(first + " and " + second).isNotEqualTo(words(second.get()));
                }
            }
        }
    }

    private static List<String> words(Term term) {
        Clause clause = Clauses.of(term);
        return List.of(
                clause.sentences().toString(),
                clause.duties().stream().map(Duty::sentence).toList().toString());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        0.005     | 0.005
        999       | 999
        1000      | 1,000
        1234567.8 | 1,234,567.8
        0         | 0
        """)
    void numbersAreGrouped(BigDecimal number, String words) {
        assertThat(English.number(number)).isEqualTo(words);
        assertThat(English.amount(new Pricing.Price("EUR", number))).isEqualTo("EUR " + words);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        P1Y     | 1 year            | every year
        P2Y     | 2 years           | every 2 years
        P1M     | 1 month           | every month
        P1Y1M   | 1 year and 1 month | every 1 year and 1 month
        P1Y2M3D | 1 year, 2 months and 3 days | every 1 year, 2 months and 3 days
        P10D    | 10 days           | every 10 days
        """)
    void periodsAreSaid(String period, String words, String every) {
        assertThat(English.period(Period.parse(period))).isEqualTo(words);
        assertThat(English.every(Period.parse(period))).isEqualTo(every);
    }
}
