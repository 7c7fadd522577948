package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.RandomContracts;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;

/** A model may what all its contracts permit, and must not what one of them forbids. */
class ModelTermsTest {
    private static ContractTerms terms(String permitted, String forbidden, String purposes) {
        Json.Builder license = Json.object()
                .put("type", "restricted-training")
                .put("permittedUses", Json.strings(words(permitted)))
                .put("forbiddenUses", Json.strings(words(forbidden)))
                .put("duration", "P1Y");
        Json.Obj shape = Json.parseObject("""
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"cnf-1","datasetId":"ds-1",
                 "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":0.005},
                 "payout":{"type":"monthly-reconciliation","split":[{"recipientId":"creators","share":1}]}}
                """.getBytes(StandardCharsets.UTF_8));
        Json.Obj document = shape.with("license", license.build());
        return ContractDocument.parse(
                        words(purposes).isEmpty()
                                ? document
                                : document.with(
                                        "terms",
                                        Json.object()
                                                .put("purposes", Json.strings(words(purposes)))
                                                .build()))
                .terms();
    }

    private static List<String> words(String spaced) {
        return Stream.of(spaced.strip().split(" "))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            model-training evaluation |            |          | model-training           |          |                  | model-training            |          |
            model-training evaluation | resale     |          | model-training inference | gambling |                  | model-training            | gambling resale |
            model-training            |            |          | evaluation               |          |                  |                           |          |
            model-training inference  |            |          | model-training           | inference |                 | model-training            | inference |
            model-training            |            | research | model-training           |          |                  | model-training            |          | research
            model-training            |            | research education | model-training |          | research internal-tools | model-training           |          | research
            """)
    void twoContractsTogether(
            String permitted,
            String forbidden,
            String purposes,
            String otherPermitted,
            String otherForbidden,
            String otherPurposes,
            String uses,
            String banned,
            String left) {
        ModelTerms both = ModelTerms.of(List.of(
                terms(text(permitted), text(forbidden), text(purposes)),
                terms(text(otherPermitted), text(otherForbidden), text(otherPurposes))));
        assertThat(both.uses()).extracting(Use::word).containsExactlyInAnyOrderElementsOf(words(text(uses)));
        assertThat(both.forbidden()).containsExactlyElementsOf(words(text(banned)));
        assertThat(both.purposes().stream().flatMap(some -> some.stream().map(UseTerm.Purpose::word)))
                .containsExactlyInAnyOrderElementsOf(words(text(left)));
    }

    private static String text(String cell) {
        return cell == null ? "" : cell;
    }

    @Test
    void contractsThatShareNoPurposeLeaveNone() {
        ModelTerms none = ModelTerms.of(
                List.of(terms("model-training", "", "research"), terms("model-training", "", "education")));
        assertThat(none.purposes()).hasValueSatisfying(left -> assertThat(left).isEmpty());
        assertThat(ModelTerms.of(List.of(terms("model-training", "", ""))).purposes())
                .as("nobody has said what for")
                .isEmpty();
        assertThatThrownBy(() -> ModelTerms.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneMoreContractNeverAllowsMoreWhateverTheOrder() {
        Seeds.check(300, random -> {
            List<ContractTerms> all = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(4); i++) {
                all.add(RandomContracts.draft(random).document().terms());
            }
            ModelTerms whole = ModelTerms.of(all);
            ModelTerms fewer = ModelTerms.of(all.subList(0, all.size() - 1));
            assertThat(fewer.uses()).containsAll(whole.uses());
            assertThat(whole.forbidden()).containsAll(fewer.forbidden());
            assertThat(whole.uses()).noneMatch(use -> whole.forbidden().contains(use.word()));
            Collections.shuffle(all, new Random(random.nextLong()));
            assertThat(ModelTerms.of(all)).isEqualTo(whole);
        });
    }
}
