package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.UseTerm;

/** Every template makes a contract that is sound, reads well, and that the linter has nothing to say against. */
class TemplatesTest {
    private static final Map<String, String> LIKELY = Map.ofEntries(
            Map.entry("dataset", "hn-98765"),
            Map.entry("buyer", "buyer-7"),
            Map.entry("curator", "curator-11"),
            Map.entry("minimum", "5000"),
            Map.entry("price", "5000"),
            Map.entry("upfront", "2000"),
            Map.entry("cap", "500000"),
            Map.entry("pack", "1000"),
            Map.entry("coop", "coop-1"));

    static Stream<Template> templates() {
        return Templates.all().stream();
    }

    /** Only what must be answered. */
    static Map<String, String> least(Template template) {
        Map<String, String> answers = new HashMap<>();
        for (Question question : template.questions()) {
            if (question.standard().isEmpty()) {
                answers.put(question.name(), LIKELY.get(question.name()));
            }
        }
        return answers;
    }

    @Test
    void theKindsOfDealsAreThere() {
        assertThat(Templates.all())
                .extracting(Template::name)
                .containsExactly(
                        "non-exclusive",
                        "exclusive-window",
                        "subscription",
                        "per-use-royalty",
                        "hybrid",
                        "buyout",
                        "revenue-pool",
                        "credits",
                        "embedding-only",
                        "evaluation",
                        "co-op");
        assertThat(Templates.find("hybrid")).isPresent();
        assertThat(Templates.find("hybird")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itMakesASoundContractFromTheLeastItMustKnow(Template template) {
        ContractDocument document = template.draft(least(template)).document();
        assertThat(Linter.lint(document.terms())).isEmpty();
        assertThat(PrintedContract.findings(document)).isEmpty();
        assertThat(document.text()).isPresent();
        assertThat(document.buyer()).contains("buyer-7");
        assertThat(document.id()).matches("cnf-[0-9a-f]{32}");
        assertThat(ContractDraft.of(document).document()).isEqualTo(document);
        assertThat(ContractDocument.parse(document.json()).hash()).isEqualTo(document.hash());
    }

    @ParameterizedTest
    @MethodSource("templates")
    void theSameAnswersMakeTheSameContractAndOthersAnother(Template template) {
        Map<String, String> answers = least(template);
        ContractDocument one = template.draft(answers).document();
        assertThat(template.draft(answers).document().hash()).isEqualTo(one.hash());
        answers.put("duration", "P7M");
        ContractDocument other = template.draft(answers).document();
        assertThat(other.id()).isNotEqualTo(one.id());
        answers.put("id", "cnf-mine");
        assertThat(template.draft(answers).document().id()).isEqualTo("cnf-mine");
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyMissingAnswerIsNamedAtOnce(Template template) {
        List<String> needed = template.questions().stream()
                .filter(question -> question.standard().isEmpty())
                .map(Question::name)
                .toList();
        assertThatThrownBy(() -> template.draft(Map.of())).isInstanceOfSatisfying(MalformedException.class, e -> {
            assertThat(e.reason()).isEqualTo("template/answer-missing");
            assertThat(e.detail()).contains(needed);
        });
    }

    @ParameterizedTest
    @MethodSource("templates")
    void noAnswerBreaksIt(Template template) {
        List<String> strange = List.of(
                "",
                " ",
                "0",
                "-1",
                "1e9",
                "P0D",
                "P1Y",
                "x".repeat(5_000),
                "EU,EU",
                "a=b",
                "日本",
                "creators=1",
                "creators=0.5,creators=0.5",
                "0.0000000000001",
                "999999999999",
                "\u0000",
                "DE",
                "2026-02-30");
        Seeds.check(200, random -> {
            Map<String, String> answers = least(template);
            Question question =
                    template.questions().get(random.nextInt(template.questions().size()));
            answers.put(question.name(), strange.get(random.nextInt(strange.size())));
            try {
                ContractDocument document = template.draft(answers).document();
                assertThat(PrintedContract.findings(document)).isEmpty();
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(template|contract|json)/[a-z-]+");
            }
        });
    }

    @ParameterizedTest(name = "{0} --{1}={2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        non-exclusive    | price      | cheap               | template/answer
        non-exclusive    | price      | 0.0000000000001     | template/answer
        non-exclusive    | currency   | usd                 | contract/price-currency
        non-exclusive    | duration   | 1 year              | template/answer
        non-exclusive    | duration   | P101Y               | contract/duration
        non-exclusive    | regions    | EU,XX               | contract/region
        non-exclusive    | splits     | creators            | template/answer
        non-exclusive    | splits     | creators=0.5,curator=0.4 | contract/split-not-whole
        non-exclusive    | colour     | red                 | template/answer-unknown
        non-exclusive    | dataset-version | abc            | template/answer
        non-exclusive    | buyer      | a b                 | contract/party
        non-exclusive    | law        | XX                  | contract/disputes
        non-exclusive    | forbidden  | Face Recognition    | contract/uses
        exclusive-window | window     | P2Y                 | contract/exclusivity
        exclusive-window | from       | soon                | template/answer
        exclusive-window | premium    | 0.5                 | contract/exclusive-premium
        buyout           | first      | 1.5                 | contract/price-negative
        hybrid           | share      | 2                   | contract/revenue-share
        hybrid           | cap        | 0                   | contract/bounds
        co-op            | coop-share | 1                   | contract/share-range
        credits          | credits    | 1.5                 | template/answer
        credits          | credits    | 0                   | contract/credits
        """)
    void anAnswerThatMakesNoSenseIsNamed(String name, String question, String answer, String reason) {
        Template template = Templates.find(name).orElseThrow();
        Map<String, String> answers = least(template);
        answers.put(question, answer);
        assertThatThrownBy(() -> template.draft(answers))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).as(e.detail()).isEqualTo(reason));
    }

    @Test
    void theModelsAreWhatTheirNamesSay() {
        assertThat(charges("subscription")).containsExactly(Charge.Subscription.class);
        assertThat(charges("per-use-royalty")).containsExactlyInAnyOrder(Charge.Inferences.class, Charge.Tokens.class);
        assertThat(charges("hybrid")).containsExactlyInAnyOrder(Charge.Upfront.class, Charge.RevenueShare.class);
        assertThat(charges("buyout")).containsExactly(Charge.Bulk.class);
        assertThat(charges("revenue-pool")).containsExactly(Charge.Pool.class);
        assertThat(charges("credits")).containsExactly(Charge.Credits.class);
        ContractDocument exclusive = make("exclusive-window");
        assertThat(exclusive.terms().find(UseTerm.Exclusivity.class)).isPresent();
        assertThat(exclusive.compensation().bound(Compensation.MinimumGuarantee.class))
                .isPresent();
        assertThat(make("non-exclusive").compensation().simple()).isPresent();
        assertThat(make("buyout").terms().find(PayTerm.Escrow.class)).isPresent();
        assertThat(make("co-op").payout().splits())
                .extracting(ContractPayout.Split::recipient)
                .containsExactly("creators", "coop-1");
        assertThat(StandardTerms.meters(make("evaluation").terms().get(UseTerm.Grant.class)))
                .isFalse();
    }

    private static Set<Class<?>> charges(String name) {
        Set<Class<?>> kinds = new HashSet<>();
        make(name).compensation().charges().forEach(charge -> kinds.add(charge.getClass()));
        return kinds;
    }

    static ContractDocument make(String name) {
        Template template = Templates.find(name).orElseThrow();
        return template.draft(least(template)).document();
    }
}
