package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.RandomContracts;

/** Contracts as ODRL policies and back; equivalent spellings are equal. */
class OdrlTest {
    private static final ContractDocument FULL = ContractDocument.parse(FullContract.json());

    @ParameterizedTest
    @MethodSource("org.tallystick.drafting.TemplatesTest#templates")
    void everyTemplateGoesThereAndBackWithoutLoss(Template template) {
        ContractDocument document =
                template.draft(TemplatesTest.least(template)).document();
        Json.Obj policy = Odrl.write(document);
        ContractDocument back = Odrl.read(policy).document();
        assertThat(back).isEqualTo(document);
        assertThat(back.hash()).isEqualTo(document.hash());
        assertThat(Odrl.write(back)).isEqualTo(policy);
        assertThat(PrintedContract.findings(back)).isEmpty();
    }

    @Test
    void everyContractGoesThereAndBackWithoutLoss() {
        assertThat(Odrl.read(Odrl.write(FULL))).isEqualTo(ContractDraft.of(FULL));
        Seeds.check(1_000, random -> {
            ContractDraft draft = RandomContracts.draft(random);
            Json.Obj policy = Odrl.write(draft.document());
            assertThat(Odrl.read(policy)).isEqualTo(draft);
            assertThat(Odrl.read(Json.parseObject(policy.toString().getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(draft);
        });
    }

    @Test
    void odrlsOwnWordsAreUsedWhereItHasThem() {
        Json.Obj policy = Odrl.write(FULL);
        assertThat(policy.toString())
                .contains(
                        "\"action\":\"compensate\"",
                        "\"action\":\"attribute\"",
                        "\"action\":\"delete\"",
                        "\"leftOperand\":\"spatial\"",
                        "\"leftOperand\":\"elapsedTime\"",
                        "\"leftOperand\":\"purpose\"",
                        "\"@type\":\"Offer\"");
    }

    private static final String PLAIN = """
            {"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Set", "uid": "urn:x:1", "target": "urn:y:1",
             "assigner": "urn:z:1",
             "permission": [
               {"action": "tally:model-training", "constraint": [
                 {"leftOperand": "spatial", "operator": "isAnyOf", "rightOperand": ["DE", "FR"]},
                 {"leftOperand": "elapsedTime", "operator": "lteq", "rightOperand": "P1Y"}]},
               {"action": "tally:evaluation", "constraint": [
                 {"leftOperand": "spatial", "operator": "isAnyOf", "rightOperand": ["DE", "FR"]},
                 {"leftOperand": "elapsedTime", "operator": "lteq", "rightOperand": "P1Y"}]}],
             "prohibition": [{"action": "sell"}],
             "obligation": [{"action": "delete"}]}
            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        two actions in one rule, constraints in another order | {"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Set", "uid": "urn:x:1", "target": "urn:y:1", "assigner": "urn:z:1", "permission": {"action": ["tally:evaluation", "tally:model-training"], "constraint": [{"leftOperand": "elapsedTime", "operator": "lteq", "rightOperand": "P1Y"}, {"leftOperand": "spatial", "operator": "isAnyOf", "rightOperand": ["FR", "DE"]}]}, "prohibition": {"action": "sell"}, "obligation": {"action": "delete"}}
        target and party in the rules, the duty in a permission | {"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Policy", "@id": "urn:x:1", "permission": [{"target": "urn:y:1", "assigner": "urn:z:1", "action": ["tally:evaluation", "tally:model-training"], "duty": [{"action": "delete"}], "constraint": [{"leftOperand": "elapsedTime", "operator": "lteq", "rightOperand": "P12M"}, {"leftOperand": "spatial", "operator": "isAnyOf", "rightOperand": ["FR", "DE"]}]}], "prohibition": [{"target": {"@id": "urn:y:1"}, "action": "sell"}]}
        prefixes, IRIs, objects, typed values | {"@type": "odrl:Agreement", "odrl:uid": "urn:x:1", "odrl:target": {"@id": "urn:y:1"}, "odrl:assigner": {"uid": "urn:z:1"}, "odrl:permission": [{"odrl:action": [{"@id": "https://tallystick.org/contract/v1#evaluation"}, {"rdf:value": {"@id": "tally:model-training"}}], "odrl:constraint": [{"odrl:leftOperand": {"@id": "odrl:elapsedTime"}, "odrl:operator": {"@id": "http://www.w3.org/ns/odrl/2/lteq"}, "odrl:rightOperand": {"@value": "P12M", "@type": "xsd:duration"}}, {"odrl:leftOperand": "odrl:spatial", "odrl:operator": "odrl:isAnyOf", "odrl:rightOperand": {"@list": ["DE", "FR"]}}]}], "odrl:prohibition": [{"odrl:action": "odrl:sell"}], "odrl:obligation": [{"odrl:action": "http://www.w3.org/ns/odrl/2/delete"}]}
        alternatives, nested ands, refinements | {"@type": "Offer", "uid": "urn:x:1", "target": "urn:y:1", "assigner": "urn:z:1", "permission": [{"action": ["tally:evaluation", "tally:model-training"], "constraint": {"and": {"@list": [{"leftOperand": "elapsedTime", "operator": "lteq", "rightOperand": "P1Y"}, {"or": [{"leftOperand": "spatial", "operator": "eq", "rightOperand": "DE"}, {"leftOperand": "spatial", "operator": "eq", "rightOperand": "FR"}]}]}}}], "prohibition": [{"action": "sell"}, {"action": "sell"}], "obligation": [{"action": "delete"}]}
        """)
    void equivalentSpellingsAreEqual(String name, String policy) {
        assertThat(Odrl.same(object(PLAIN), object(policy))).as(name).isTrue();
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        uid                                          | "urn:x:2"
        target                                       | "urn:y:2"
        permission[0].action                         | "tally:fine-tuning"
        permission[0].constraint[0].rightOperand     | ["DE"]
        permission[0].constraint[0].operator         | "isNoneOf"
        permission[0].constraint[1].rightOperand     | "P2Y"
        prohibition                                  | []
        prohibition[0].action                        | "distribute"
        obligation                                   | []
        """)
    void whatMeansSomethingElseIsNotEqual(String path, String value) {
        assertThat(Odrl.same(object(PLAIN), Changed.at(object(PLAIN), path, value)))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        uid                                          | -                   | odrl/uid
        @type                                        | "Ticket"            | odrl/type
        target                                       | -                   | odrl/target
        inheritFrom                                  | "urn:x:0"           | odrl/inherits
        conflict                                     | "perm"              | odrl/conflict
        surprise                                     | 1                   | odrl/member-unknown
        permission[0].surprise                       | 1                   | odrl/member-unknown
        permission[0].action                         | -                   | odrl/action-missing
        permission[0].action                         | []                  | odrl/action-missing
        permission[0].action                         | 7                   | odrl/reference
        permission[0].action                         | "use"               | odrl/constraints-differ-or-word
        permission[0].constraint[0].operator         | "near"              | odrl/constraint
        permission[0].constraint[0].leftOperand      | -                   | odrl/constraint
        permission[0].constraint[1].rightOperand     | ["P1Y", "P2Y"]      | odrl/constraint
        permission[0].constraint[0].unit             | "x"                 | odrl/member-unknown
        permission[0].constraint[0]                  | {"or": []}          | odrl/alternatives
        permission[0].constraint[0]                  | {"or": [{"leftOperand": "spatial", "operator": "eq", "rightOperand": "DE"}, {"leftOperand": "purpose", "operator": "eq", "rightOperand": "x"}]} | odrl/alternatives
        permission[0].constraint                     | []                  | odrl/constraints-differ
        permission[1].target                         | "urn:y:2"           | odrl/several
        prohibition[0].constraint                    | [{"leftOperand": "spatial", "operator": "eq", "rightOperand": "DE"}] | odrl/constraint
        obligation[0].constraint                     | [{"leftOperand": "tally:within", "operator": "gt", "rightOperand": "P1M"}] | odrl/constraint
        obligation                                   | [{"action": "delete"}, {"action": "delete", "constraint": {"leftOperand": "tally:within", "operator": "eq", "rightOperand": "P1M"}}] | odrl/duty-twice
        obligation                                   | [{"action": "compensate"}] | odrl/compensation
        obligation                                   | [{"action": "ensureExclusivity"}] | odrl/word-unknown
        obligation                                   | []                  | contract/price-missing
        """)
    void whatIsNotUnderstoodIsRefused(String path, String value, String reason) {
        Json.Obj changed = Changed.at(object(PLAIN), path, value);
        assertThatThrownBy(() -> Odrl.read(changed)).isInstanceOfSatisfying(MalformedException.class, e -> {
            if (reason.equals("odrl/constraints-differ-or-word")) {
                assertThat(e.reason()).isEqualTo("odrl/word-unknown");
            } else {
                assertThat(e.reason()).as(e.detail()).isEqualTo(reason);
            }
        });
    }

    @Test
    void bansInOdrlsWordsBecomeOurs() {
        Json.Obj policy = Changed.at(
                Odrl.write(FULL), "prohibition", "[{\"action\":\"sell\"},{\"action\":\"odrl:commercialize\"}]");
        assertThat(Odrl.read(policy).json().toString()).contains("\"forbiddenUses\":[\"commercialize\",\"resale\"]");
    }

    @Test
    void anyMutationIsAContractOrRefusedWithAReason() {
        Seeds.check(2_000, random -> {
            Json changed = Odrl.write(FULL);
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed = Changed.anywhere(changed, random);
            }
            if (changed instanceof Json.Obj policy) {
                try {
                    ContractDraft draft = Odrl.read(policy);
                    assertThat(Odrl.read(Odrl.write(draft.document()))).isEqualTo(draft);
                } catch (MalformedException e) {
                    assertThat(e.reason()).matches("(odrl|contract|json|did-key|time)/[a-z-]+");
                }
            }
        });
    }

    private static Json.Obj object(String text) {
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }
}
