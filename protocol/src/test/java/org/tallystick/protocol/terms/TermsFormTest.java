package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;

/** What member {@code terms} may say: each row changes one place of a contract in which every term stands. */
class TermsFormTest {
    private static final Json.Obj FULL = FullContract.json();

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        terms                              | -                           | contract/exclusive-premium
        terms                              | 7                           | json/not-an-object
        terms.surprise                     | {}                          | json/unknown-member
        terms.purposes                     | ["fun"]                     | contract/purposes
        terms.purposes                     | ["research", "research"]    | contract/purposes
        terms.purposes                     | -                           | ok
        terms.renewal                      | -                           | ok
        terms.renewal.automatic            | true                        | json/unknown-member
        terms.renewal.period               | "P0D"                       | contract/period
        terms.renewal.notice               | "P13M"                      | contract/renewal
        terms.renewal.period               | "P7D"                       | contract/renewal
        terms.renewal.most                 | 0                           | json/number-out-of-range
        terms.renewal.most                 | 1.5                         | json/not-an-integer
        terms.renewal.more                 | 1                           | json/unknown-member
        terms.exclusivity                  | -                           | contract/exclusive-premium
        terms.exclusivity.places           | ["XX"]                      | contract/exclusivity
        terms.exclusivity.places           | ["DE", "DE"]                | contract/exclusivity
        terms.exclusivity.places           | -                           | ok
        terms.exclusivity.verticals        | ["News Media"]              | contract/exclusivity
        terms.exclusivity.verticals        | []                          | ok
        terms.exclusivity.from             | "2026-02-30"                | contract/exclusivity
        terms.exclusivity.from             | "1999-12-31"                | contract/exclusivity
        terms.exclusivity.from             | "tomorrow"                  | contract/exclusivity
        terms.exclusivity.from             | -                           | ok
        terms.exclusivity.window           | "P3Y"                       | contract/exclusivity
        terms.exclusivity.window           | -                           | json/missing-member
        terms.exclusivity.reversion.within | "P7M"                       | contract/exclusivity
        terms.exclusivity.reversion.unlessPaidUsd | -                    | contract/price-missing
        terms.exclusivity.reversion        | {"unlessPaidEur": 5, "within": "P1M"} | contract/currencies-mixed
        terms.exclusivity.reversion        | -                           | ok
        terms.sublicensing.sublicense      | "maybe"                     | contract/permission
        terms.sublicensing.resale          | "allowed"                   | contract/use-contradiction
        terms.sublicensing.resale          | "with-consent"              | contract/use-contradiction
        terms.sublicensing.affiliates      | -                           | json/missing-member
        terms.derivatives.royalty          | 0                           | contract/derivatives
        terms.derivatives.royalty          | 1.01                        | contract/derivatives
        terms.derivatives.royalty          | -                           | ok
        terms.derivatives.commercial       | "forbidden"                 | contract/derivatives
        terms.derivatives.weights          | "allowed"                   | ok
        terms.exposure.verbatimTokens      | -1                          | json/number-out-of-range
        terms.exposure.similarity          | 0                           | contract/exposure
        terms.exposure.similarity          | 1.1                         | contract/exposure
        terms.exposure.action              | "ignore"                    | contract/exposure
        terms.attribution.line             | " "                         | contract/attribution
        terms.attribution.line             | "a\\u0007b"                 | contract/attribution
        terms.attribution.line             | "a\\u202eb"                 | contract/attribution
        terms.attribution.line             | "a\\u2028b"                 | contract/attribution
        terms.attribution.places           | []                          | contract/attribution
        terms.attribution.places           | ["billboard"]               | contract/attribution
        terms.attribution.places           | ["output", "output"]        | contract/attribution
        terms.attribution.within           | "P11Y"                      | contract/attribution
        terms.reporting.reports            | []                          | contract/reporting
        terms.reporting.reports[0].subject | "weather"                   | contract/reporting
        terms.reporting.reports[1].subject | "transparency"              | contract/reporting
        terms.reporting.reports[1].every   | "P11Y"                      | contract/reporting
        terms.reporting.reports[1].within  | "P13M"                      | contract/reporting
        terms.reporting.reports[1].extra   | 1                           | json/unknown-member
        terms.audit.perYear                | 0                           | json/number-out-of-range
        terms.audit.perYear                | 13                          | json/number-out-of-range
        terms.audit.notice                 | "P2Y"                       | contract/audit
        terms.audit.lookback               | "P11Y"                      | contract/audit
        terms.audit.costShiftAbove         | 0                           | contract/audit
        terms.audit.costShiftAbove         | 1.5                         | contract/audit
        terms.outputReview.samples         | 0                           | json/number-out-of-range
        terms.outputReview.every           | "P0M"                       | contract/period
        terms.surplus.consequence          | "billed"                    | ok
        terms.surplus.consequence          | "forgiven"                  | contract/surplus
        terms.surplus.consequence          | -                           | json/missing-member
        terms.surplus.extra                | 1                           | json/unknown-member
        terms.retention.retraining         | "P3Y"                       | contract/retention
        terms.retention.copies             | "P11Y"                      | contract/retention
        terms.deletion.certificate         | "yes"                       | json/wrong-type
        terms.deletion.remediation         | -                           | ok
        terms.deletion.remediation         | "soon"                      | contract/period
        terms.privacy.personal             | "some"                      | contract/privacy
        terms.privacy.noReidentification   | -                           | json/missing-member
        terms.privacy.breachNotice         | "P2Y"                       | contract/privacy
        terms.security.standards           | []                          | contract/security
        terms.security.standards           | ["ISO 27001"]               | contract/security
        terms.security.insuranceUsd        | -                           | ok
        terms.security.insuranceUsd        | -1                          | contract/price-negative
        terms.security.insuranceEur        | 1                           | contract/price-ambiguous
        terms.indemnity.warranty           | "full"                      | contract/indemnity
        terms.indemnity.indemnifiers       | ["broker"]                  | contract/indemnity
        terms.indemnity.indemnifiers       | []                          | contract/indemnity
        terms.liability.capUsd             | 5                           | contract/liability
        terms.liability.timesFees          | 0.05                        | contract/liability
        terms.liability.timesFees          | 101                         | contract/liability
        terms.liability.timesFees          | -                           | contract/liability
        terms.liability.carveOuts          | ["weather"]                 | contract/liability
        terms.liability                    | {}                          | ok
        terms.liability                    | {"capEur": 5}               | contract/currencies-mixed
        terms.liability                    | {"capUsd": 5}               | ok
        terms.disputes.law                 | "XX"                        | contract/disputes
        terms.disputes.forum               | "duel"                      | contract/disputes
        terms.termination.notice           | "P30M"                      | contract/termination
        terms.termination.notice           | -                           | ok
        terms.termination.cure             | "P2Y"                       | contract/termination
        license.forbiddenUses              | ["model-weight-distribution"] | ok
        license.forbiddenUses              | ["sublicensing"]            | contract/use-contradiction
        license.forbiddenUses              | ["derivative-commercialization"] | contract/use-contradiction
        license.permittedUses              | ["model-training", "inference", "model-weight-distribution"] | contract/derivatives
        license.permittedUses              | ["embedding"]               | contract/charge-tier
        replaces                           | {"contract": "cnf-1", "hash": "00", "as": "renewal"} | contract/replaces
        replaces.contract                  | "a b"                       | json/not-an-object
        replaces                           | {"contract": "cnf-1", "hash": "5ca4f3850ccc331aaf8a257d6086e526a3b42a63e18cb11d020847985b31d188", "as": "renewal"} | ok
        replaces                           | {"contract": "cnf-1", "hash": "5ca4f3850ccc331aaf8a257d6086e526a3b42a63e18cb11d020847985b31d188", "as": "whim"} | contract/replaces
        replaces                           | {"contract": "", "hash": "5ca4f3850ccc331aaf8a257d6086e526a3b42a63e18cb11d020847985b31d188", "as": "renewal"} | contract/replaces
        text                               | {"library": "l-1", "markdown": "00", "html": "00"} | contract/text
        text                               | {"library": "", "markdown": "5ca4f3850ccc331aaf8a257d6086e526a3b42a63e18cb11d020847985b31d188", "html": "5ca4f3850ccc331aaf8a257d6086e526a3b42a63e18cb11d020847985b31d188"} | contract/text
        """)
    void eachTermIsJudged(String path, String value, String expected) {
        Json.Obj start = path.startsWith("replaces.") ? FULL.with("replaces", Json.of(1)) : FULL;
        if (path.startsWith("replaces.")) {
            ContractFormTest.assertReason(() -> ContractDocument.parse(start), expected);
            return;
        }
        Json.Obj changed = Changed.at(start, path, value.replace("\\\\", "\\"));
        if (expected.equals("ok")) {
            ContractDocument contract = ContractDocument.parse(changed);
            assertThat(ContractDraft.of(contract).document().terms()).isEqualTo(contract.terms());
        } else {
            ContractFormTest.assertReason(() -> ContractDocument.parse(changed), expected);
        }
    }

    @Test
    void everyKindOfTermStandsInTheFullContractAndIsReadAndWrittenBack() {
        ContractDocument contract = ContractDocument.parse(FULL);
        Set<Class<?>> kinds = new HashSet<>();
        contract.terms().all().forEach(term -> kinds.add(term.getClass()));
        assertThat(kinds).containsExactlyInAnyOrderElementsOf(ContractTerms.KINDS);
        ContractDocument again = ContractDraft.of(contract).document();
        assertThat(again.terms()).isEqualTo(contract.terms());
        assertThat(ContractDraft.of(again).json())
                .isEqualTo(ContractDraft.of(contract).json());
        assertThat(again.hash()).isEqualTo(contract.hash());
    }

    @Test
    void everySealedKindIsInTheOrder() {
        Set<Class<?>> sealed = new HashSet<>();
        for (Class<?> group : Term.class.getPermittedSubclasses()) {
            sealed.addAll(Set.of(group.getPermittedSubclasses()));
        }
        assertThat(sealed).containsExactlyInAnyOrderElementsOf(ContractTerms.KINDS);
        assertThat(TermForm.ALL).extracting(TermForm::kind).doesNotHaveDuplicates();
        assertThat(TermForm.ALL).extracting(TermForm::member).doesNotHaveDuplicates();
    }

    @Test
    void theSampleWrittenBackSaysTheSame() {
        ContractDocument sample = ContractDocument.parse(ContractSampleTest.SAMPLE.getBytes(StandardCharsets.UTF_8));
        assertThat(sample.terms().all())
                .containsExactly(
                        new UseTerm.Grant("restricted-training", Set.of(Use.MODEL_TRAINING, Use.EVALUATION), Set.of()),
                        new UseTerm.Forbidden(
                                List.of("derivative-commercialization-without-royalty", "model-weight-distribution")),
                        new UseTerm.Duration(Period.ofYears(1)),
                        new UseTerm.Regions(List.of("EU")),
                        new PayTerm.Price(Compensation.of(sample.pricing())),
                        new PayTerm.Splits(sample.payout().splits()),
                        new PayTerm.Payout(ContractPayout.Schedule.MONTHLY, Optional.empty()),
                        new PayTerm.Escrow("cloudflare-escrow-v1"));
        ContractDocument again = ContractDraft.of(sample).document();
        assertThat(again.terms()).isEqualTo(sample.terms());
        assertThat(again.pricing()).isEqualTo(sample.pricing());
        assertThat(again.json().get("terms")).isEmpty();
    }

    @Test
    void equalPeriodsAndListsInAnotherOrderAreEqualTerms() {
        Json.Obj spelled = Changed.at(FULL, "license.duration", "\"P24M\"");
        spelled = Changed.at(spelled, "terms.exclusivity.places", "[\"FR\", \"DE\"]");
        spelled = Changed.at(spelled, "terms.audit.lookback", "\"P24M\"");
        spelled = Changed.at(spelled, "license.permittedUses", "[\"inference\", \"training\", \"embedding\"]");
        ContractDocument contract = ContractDocument.parse(spelled);
        assertThat(contract.terms()).isEqualTo(ContractDocument.parse(FULL).terms());
        assertThat(contract.hash()).isNotEqualTo(ContractDocument.parse(FULL).hash());
        assertThat(ContractDraft.of(contract).document().hash())
                .isEqualTo(ContractDraft.of(ContractDocument.parse(FULL))
                        .document()
                        .hash());
    }

    @Test
    void anExclusiveWindowBeginsOnItsDayOrAtAcceptance() {
        Instant accepted = Instant.parse("2026-01-10T12:00:00Z");
        UseTerm.Exclusivity dated = ContractDocument.parse(FULL).terms().get(UseTerm.Exclusivity.class);
        assertThat(dated.begins(accepted)).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(dated.ends(accepted)).isEqualTo("2026-09-01T00:00:00Z");
        UseTerm.Exclusivity open =
                new UseTerm.Exclusivity(List.of(), List.of(), Optional.empty(), Period.ofMonths(1), Optional.empty());
        assertThat(open.begins(accepted)).isEqualTo(accepted);
        assertThat(open.ends(accepted)).isEqualTo("2026-02-10T12:00:00Z");
        assertThat(dated.from()).contains(LocalDate.of(2026, 3, 1));
    }

    @Test
    void termsArePutInAndTakenOutAndStayWhole() {
        ContractTerms terms = ContractDocument.parse(FULL).terms();
        assertThat(terms.without(CareTerm.Audit.class).find(CareTerm.Audit.class))
                .isEmpty();
        CareTerm.Audit yearly = new CareTerm.Audit(1, Period.ofDays(30), Period.ofMonths(24), new BigDecimal("0.050"));
        assertThat(terms.with(yearly).get(CareTerm.Audit.class).lookback()).isEqualTo(Period.ofYears(2));
        assertThat(terms.with(yearly).all()).hasSameSizeAs(terms.all());
        assertThat(terms.without(CareTerm.Audit.class).with(terms.get(CareTerm.Audit.class)))
                .isEqualTo(terms);
        ContractFormTest.assertReason(() -> terms.without(UseTerm.Duration.class), "contract/term-missing");
        ContractFormTest.assertReason(() -> terms.without(UseTerm.Exclusivity.class), "contract/exclusive-premium");
        ContractFormTest.assertReason(() -> ContractTerms.of(List.of(yearly, yearly)), "contract/term-duplicate");
    }

    @Test
    void randomTermsAreReadBackAsTheyWereWritten() {
        Seeds.check(1_000, random -> {
            ContractDraft draft = RandomContracts.draft(random);
            ContractDocument document = draft.document();
            assertThat(ContractDraft.of(document)).isEqualTo(draft);
            assertThat(ContractDocument.parse(Jcs.bytes(draft.json()))).isEqualTo(document);
        });
    }

    @Test
    void anyMutationIsAContractOrRefusedWithAReason() {
        Seeds.check(2_000, random -> {
            Json changed = RandomContracts.draft(random).json();
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed = Changed.anywhere(changed, random);
            }
            if (!(changed instanceof Json.Obj object)) {
                return;
            }
            try {
                ContractDocument contract = ContractDocument.parse(object);
                ContractDraft draft = ContractDraft.of(contract);
                assertThat(ContractDraft.of(draft.document())).isEqualTo(draft);
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(contract|json|did-key|time)/[a-z-]+");
            }
        });
    }
}
