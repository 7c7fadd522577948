package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.RandomContracts;

/** What a policy says is what its contract says: nothing read is left out, and what travels there and back keeps its bytes. */
class OdrlMeaningTest {
    private static final ContractDocument FULL = ContractDocument.parse(FullContract.json());
    private static final String SPATIAL = "{\"leftOperand\":\"spatial\",\"operator\":\"eq\",\"rightOperand\":\"DE\"}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a constraint beside and            | permission[0].constraint[1] | {"and": [SPATIAL], "leftOperand": "purpose", "operator": "eq", "rightOperand": "research"} | odrl/constraint-beside
        a constraint beside or             | permission[0].constraint[1] | {"or": [SPATIAL], "leftOperand": "purpose", "operator": "eq", "rightOperand": "research"} | odrl/constraint-beside
        a constraint beside xone           | permission[0].constraint[1] | {"xone": [SPATIAL], "rightOperand": "US"} | odrl/constraint-beside
        or beside and                      | permission[0].constraint[1] | {"and": [SPATIAL], "or": [SPATIAL]} | odrl/constraint-beside
        exactly one of several             | permission[0].constraint[1] | {"xone": [SPATIAL]} | odrl/logic
        one after the other                | permission[0].constraint[1] | {"andSequence": [SPATIAL]} | odrl/logic
        an and inside an or                | permission[0].constraint[1] | {"or": [{"and": [SPATIAL, {"leftOperand": "spatial", "operator": "eq", "rightOperand": "FR"}]}]} | odrl/alternatives
        a refinement of an action          | permission[0].action | {"rdf:value": {"@id": "tally:embedding"}, "refinement": [SPATIAL]} | odrl/refinement
        a refinement of a rule             | permission[0].refinement | [SPATIAL] | odrl/refinement
        a refinement of the target         | target | {"@type": "AssetCollection", "@id": "urn:x:1", "refinement": [SPATIAL]} | odrl/refinement
        a collection the target is part of | target | {"@id": "urn:x:1", "partOf": "urn:x:2"} | odrl/member-unknown
        a second constraint, place         | permission[0].constraint[0] | SPATIAL | odrl/constraint-twice
        two operators for one operand      | permission[0].constraint[1] | {"and": [SPATIAL, {"leftOperand": "spatial", "operator": "neq", "rightOperand": "FR"}]} | odrl/constraint-twice
        two values for one operand, duty   | obligation[1].constraint | [{"leftOperand": "tally:within", "operator": "eq", "rightOperand": "P1M"}, {"leftOperand": "tally:within", "operator": "eq", "rightOperand": "P2M"}] | odrl/constraint-twice
        more than the price                | obligation[0].constraint | [{"leftOperand": "tally:pricing", "operator": "eq", "rightOperand": "x"}, {"leftOperand": "tally:more", "operator": "eq", "rightOperand": "y"}] | odrl/compensation
        a ban on use beside a permission   | prohibition | [{"action": "use"}] | odrl/ban
        a ban on use, as an IRI            | prohibition | [{"action": "http://www.w3.org/ns/odrl/2/use"}] | odrl/ban
        a ban on deriving                  | prohibition | [{"action": "derive"}] | odrl/ban
        a foreign profile                  | profile | "https://example.org/profile" | odrl/profile
        a foreign profile beside ours      | profile | ["https://tallystick.org/contract/v1/odrl", "https://example.org/profile"] | odrl/profile
        a context that renames             | @context | ["http://www.w3.org/ns/odrl.jsonld", {"permission": "odrl:prohibition"}] | odrl/context
        a context with another tally       | @context | {"tally": "https://example.org/"} | odrl/context
        a permission typed prohibition     | permission[0].@type | "Prohibition" | odrl/type
        a duty under a condition           | obligation[1].duty | [{"action": "delete"}] | odrl/member-unknown
        a remedy                           | prohibition[0].remedy | [{"action": "delete"}] | odrl/member-unknown
        a consequence                      | obligation[1].consequence | [{"action": "delete"}] | odrl/member-unknown
        a value that stands elsewhere      | permission[0].constraint[1] | {"leftOperand": "spatial", "operator": "eq", "rightOperandReference": "urn:z:1"} | odrl/reference-value
        a value in another type            | permission[0].constraint[1] | {"leftOperand": "spatial", "operator": "eq", "rightOperand": {"@value": "DE", "@type": "xsd:date"}} | odrl/value-type
        a value in a language              | permission[0].constraint[1] | {"leftOperand": "spatial", "operator": "eq", "rightOperand": {"@value": "DE", "@language": "de"}} | odrl/member-unknown
        exactly so long                    | permission[0].constraint[0].operator | "eq" | odrl/constraint
        all of several places              | permission[0].constraint[1].operator | "isAllOf" | odrl/constraint
        a member in two spellings          | odrl:permission | [] | odrl/member-twice
        the target of another ban          | prohibition[0].target | "urn:y:9" | odrl/several
        the party of another duty          | obligation[1].assigner | "urn:p:9" | odrl/several
        """)
    void whatWouldWidenAContractIsRefusedByName(String name, String path, String value, String reason) {
        Json.Obj changed = Changed.at(Odrl.write(FULL), path, value.replace("SPATIAL", SPATIAL));
        assertThatThrownBy(() -> Odrl.read(changed))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).as(name + ": " + e.detail()).isEqualTo(reason));
    }

    @Test
    void wordsDurationsAndTheOrderOfRegionsKeepTheirBytes() {
        Json.Obj json = FullContract.json();
        json = Changed.at(json, "@context", "\"https://schema.org/\"");
        json = Changed.at(json, "license.permittedUses", "[\"inference\",\"training\",\"embedding\"]");
        json = Changed.at(json, "license.forbiddenUses", "[\"resale\",\"face-recognition\",\"archive-2\"]");
        json = Changed.at(json, "license.duration", "\"P104W\"");
        json = Changed.at(json, "license.regionRestrictions", "[\"US\",\"EU\",\"BR\"]");
        json = Changed.at(json, "terms.purposes", "[\"commercial-products\",\"research\"]");
        json = Changed.at(json, "terms.attribution.line", "\"odrl:P12M by P12M\"");
        json = Changed.at(json, "terms.deletion.within", "\"P12M\"");
        ContractDocument document = ContractDocument.parse(json);
        assertThat(Odrl.document(throughText(Odrl.write(document))).signingBytes())
                .isEqualTo(document.signingBytes());
    }

    @Test
    void membersThatHoldNothingKeepTheirBytes() {
        Json.Obj json = Json.parseObject(FullContract.TEXT
                .replaceFirst("\"forbiddenUses\": \\[[^]]*]", "\"forbiddenUses\": []")
                .replaceFirst("\"regionRestrictions\": \\[[^]]*]", "\"regionRestrictions\": []")
                .getBytes(StandardCharsets.UTF_8));
        for (String terms : List.of("{}", "{\"purposes\":[]}", "{\"liability\":{}}")) {
            ContractDocument document = ContractDocument.parse(
                    Changed.at(Changed.at(json, "terms", terms), "pricing.exclusivePremium", "-"));
            assertThat(Odrl.document(throughText(Odrl.write(document))).signingBytes())
                    .isEqualTo(document.signingBytes());
        }
    }

    @Test
    void everyContractKeepsItsSignedBytes() {
        Seeds.check(1_000, random -> {
            Json.Obj json = RandomContracts.draft(random).json();
            for (String list : List.of("permittedUses", "forbiddenUses", "regionRestrictions")) {
                json = shuffled(json, list, random);
            }
            ContractDocument document = ContractDocument.parse(json);
            assertThat(Odrl.document(throughText(Odrl.write(document))).signingBytes())
                    .isEqualTo(document.signingBytes());
        });
    }

    private static Json.Obj shuffled(Json.Obj contract, String list, SplittableRandom random) {
        Json.Obj license = (Json.Obj) contract.get("license").orElseThrow();
        if (!(license.get(list).orElse(Json.NULL) instanceof Json.Arr array)) {
            return contract;
        }
        List<Json> items = new ArrayList<>(array.items());
        Collections.shuffle(items, new Random(random.nextLong()));
        return contract.with("license", license.with(list, Json.array(items)));
    }

    @Test
    void importNeverWidens() {
        int[] understood = {0};
        Seeds.check(3_000, random -> {
            RandomPolicy policy = new RandomPolicy(random);
            ContractDocument contract;
            try {
                contract = Odrl.document(policy.json());
            } catch (MalformedException refused) {
                assertThat(refused.reason()).matches("(odrl|contract)/[a-z-]+");
                return;
            }
            understood[0]++;
            for (RandomPolicy.Request request : RandomPolicy.requests()) {
                if (RandomPolicy.permits(contract, request)) {
                    assertThat(policy.permits(request))
                            .as("%s under %s", request, policy.json())
                            .isTrue();
                }
            }
        });
        assertThat(understood[0]).as("policies that became contracts").isGreaterThan(100);
    }

    private static Json.Obj throughText(Json.Obj policy) {
        return Json.parseObject(policy.toString().getBytes(StandardCharsets.UTF_8));
    }
}
