package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import biweekly.Biweekly;
import biweekly.ICalVersion;
import biweekly.ICalendar;
import biweekly.util.DateTimeComponents;
import com.apicatalog.jsonld.JsonLd;
import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.JsonLdErrorCode;
import com.apicatalog.jsonld.document.Document;
import com.apicatalog.jsonld.document.JsonDocument;
import com.apicatalog.jsonld.loader.DocumentLoader;
import com.apicatalog.rdf.api.RdfQuadConsumer;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tallystick.drafting.DatedDuty;
import org.tallystick.drafting.Duties;
import org.tallystick.drafting.DutyCalendar;
import org.tallystick.drafting.Odrl;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.Mandate;
import org.tallystick.protocol.terms.RandomContracts;

/**
 * What we publish, read by programs of others: contracts and policies by a JSON-LD processor, duties by a calendar library.
 * Nothing is fetched; ODRL's context stands here with the terms we use, by the names of its vocabulary.
 */
final class OutsideJudgesTest {
    private static final String TALLY = "https://tallystick.org/contract/v1#";
    private static final String ODRL = "http://www.w3.org/ns/odrl/2/";
    private static final String XSD = "http://www.w3.org/2001/XMLSchema#";
    private static final String TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

    /** Members whose meaning is a word of others. */
    private static final Map<String, String> FOREIGN = Map.of("regionRestrictions", ODRL + "spatial");

    private static final Map<String, Document> CONTEXTS = Map.of(
            "https://schema.org/",
            document("{\"@context\": {\"@vocab\": \"http://schema.org/\"}}"),
            ContractDraft.CONTEXT,
            document(resource(ContractDocument.class, "contract.context.jsonld")),
            "http://www.w3.org/ns/odrl.jsonld",
            document(resource(OutsideJudgesTest.class, "odrl-terms.jsonld")));

    private static final DocumentLoader LOADER = (url, options) -> Optional.ofNullable(CONTEXTS.get(url.toString()))
            .orElseThrow(() -> new JsonLdError(JsonLdErrorCode.LOADING_DOCUMENT_FAILED, "nothing is fetched: " + url));

    private static Document document(String json) {
        try {
            return JsonDocument.of(new StringReader(json));
        } catch (JsonLdError e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ContractDocument full() {
        Json.Obj json = FullContract.json()
                .with("@context", Json.strings(List.of("https://schema.org/", ContractDraft.CONTEXT)));
        Mandate mandate = Mandate.sign(
                "m-1",
                "creator-42",
                "coop-1",
                new Mandate.Reach(Set.of("hn-98765"), Set.of(), Set.of(), Set.of()),
                ContractFixture.START,
                ContractFixture.START.plusSeconds(60),
                ContractFixture.signer("creator-42"));
        return ContractDocument.parse(json)
                .signDetached("buyer-7", ContractFixture.signer("buyer-7"), Optional.empty(), ContractFixture.START)
                .signUnder(mandate, ContractFixture.signer("coop-1"), ContractFixture.START);
    }

    private static JsonArray expanded(Json.Obj json) {
        try {
            return JsonLd.expand(document(json.toString())).loader(LOADER).get();
        } catch (JsonLdError e) {
            throw new AssertionError(json.toString(), e);
        }
    }

    /**
     * One statement as RDF has it.
     *
     * @param datatype of a literal; empty for what has a name
     */
    private record Triple(String subject, String predicate, String object, String datatype) {
        boolean isNamed() {
            return datatype.isEmpty();
        }
    }

    private record Collecting(List<Triple> triples) implements RdfQuadConsumer {
        @Override
        public Collecting quad(
                String subject,
                String predicate,
                String object,
                @Nullable String datatype,
                @Nullable String language,
                @Nullable String direction,
                @Nullable String graph) {
            triples.add(new Triple(
                    subject, predicate, object, Optional.ofNullable(datatype).orElse("")));
            return this;
        }
    }

    private static List<Triple> triples(Json.Obj json) throws JsonLdError {
        List<Triple> triples = new ArrayList<>();
        JsonLd.toRdf(document(json.toString())).loader(LOADER).provide(new Collecting(triples));
        return triples;
    }

    /** Every member's IRI, read off the document by the one rule there is. */
    private static Set<String> meant(Json json) {
        Set<String> names = new TreeSet<>();
        if (json instanceof Json.Obj object) {
            object.members().forEach((name, value) -> {
                boolean empty = value instanceof Json.Arr array && array.items().isEmpty();
                if (!name.startsWith("@")) {
                    names.add(FOREIGN.getOrDefault(name, TALLY + name));
                }
                if (!name.equals("@context") && !empty) {
                    names.addAll(meant(value));
                }
            });
        } else if (json instanceof Json.Arr array) {
            array.items().forEach(item -> names.addAll(meant(item)));
        }
        return names;
    }

    private static Set<String> found(JsonValue value) {
        Set<String> names = new TreeSet<>();
        if (value instanceof JsonObject object) {
            object.forEach((name, inner) -> {
                if (!name.startsWith("@")) {
                    names.add(name);
                }
                names.addAll(found(inner));
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> names.addAll(found(item)));
        }
        return names;
    }

    @Test
    void everyMemberOfAContractExpandsToTheWordItMeans() {
        ContractDocument full = full();
        assertThat(found(expanded(full.json()))).isEqualTo(meant(full.json()));
        JsonObject root = expanded(full.json()).getFirst().asJsonObject();
        assertThat(root.getJsonArray("@type").getString(0)).isEqualTo(TALLY + "DataContract");
        Seeds.check(200, random -> {
            Json.Obj contract = RandomContracts.draft(random).json();
            assertThat(found(expanded(contract))).as(contract.toString()).isEqualTo(meant(contract));
        });
    }

    @Test
    void periodsAndTimesOfAContractAreTyped() throws Exception {
        List<Triple> triples = triples(full().json());
        assertThat(of(triples, TALLY + "duration")).extracting(Triple::datatype).containsOnly(XSD + "duration");
        assertThat(of(triples, TALLY + "timestamp"))
                .hasSize(2)
                .extracting(Triple::datatype)
                .containsOnly(XSD + "dateTime");
        assertThat(of(triples, TALLY + "begins")).extracting(Triple::datatype).containsOnly(XSD + "dateTime");
        assertThat(of(triples, TYPE))
                .extracting(Triple::object)
                .contains(TALLY + "DataContract", TALLY + "SigningMandate");
    }

    private static List<Triple> of(List<Triple> triples, String predicate) {
        List<Triple> found = triples.stream()
                .filter(triple -> triple.predicate().equals(predicate))
                .toList();
        assertThat(found).as(predicate).isNotEmpty();
        return found;
    }

    /** Subject, predicate and object of a policy, the nodes in between going by the path that leads to them. */
    @Test
    void aPolicySaysInOdrlWhatTheContractSays() throws Exception {
        ContractDocument full = full();
        List<Triple> triples = triples(Odrl.write(full));
        String policy = "urn:tallystick:contract:" + full.id();
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put(TYPE, ODRL + "Agreement");
        expected.put(ODRL + "target", "urn:tallystick:dataset:" + full.dataset());
        expected.put(ODRL + "assigner", "urn:tallystick:party:" + full.curator().orElseThrow());
        expected.put(ODRL + "assignee", "urn:tallystick:party:" + full.buyer().orElseThrow());
        expected.put(ODRL + "profile", Odrl.PROFILE);
        expected.put(ODRL + "conflict", ODRL + "prohibit");
        expected.forEach((predicate, object) ->
                assertThat(triples).as(predicate).contains(new Triple(policy, predicate, object, "")));
        Set<String> permitted = new TreeSet<>();
        full.license().permitted().forEach(use -> permitted.add(TALLY + use.word()));
        assertThat(actions(triples, policy, "permission")).isEqualTo(permitted);
        Set<String> forbidden = new TreeSet<>();
        full.license().forbidden().forEach(act -> forbidden.add(TALLY + act));
        assertThat(actions(triples, policy, "prohibition")).isEqualTo(forbidden);
        assertThat(actions(triples, policy, "obligation"))
                .contains(ODRL + "compensate", ODRL + "attribute", ODRL + "delete", TALLY + "audit");
        assertThat(of(triples, ODRL + "leftOperand"))
                .allMatch(Triple::isNamed)
                .extracting(Triple::object)
                .contains(ODRL + "elapsedTime", ODRL + "spatial")
                .allMatch(operand -> operand.startsWith(ODRL) || operand.startsWith(TALLY));
        assertThat(of(triples, ODRL + "operator"))
                .allMatch(operator -> operator.isNamed() && operator.object().startsWith(ODRL));
    }

    private static Set<String> actions(List<Triple> triples, String policy, String kind) {
        Set<String> rules = new TreeSet<>();
        triples.stream()
                .filter(triple ->
                        triple.subject().equals(policy) && triple.predicate().equals(ODRL + kind))
                .forEach(triple -> rules.add(triple.object()));
        Set<String> actions = new TreeSet<>();
        triples.stream()
                .filter(triple ->
                        rules.contains(triple.subject()) && triple.predicate().equals(ODRL + "action"))
                .forEach(triple -> actions.add(triple.object()));
        return actions;
    }

    @Test
    void everyPolicyIsReadWithoutLosingARule() {
        Seeds.check(100, random -> {
            Json.Obj policy = Odrl.write(RandomContracts.draft(random).document());
            JsonObject root = expanded(policy).getFirst().asJsonObject();
            for (String kind : List.of("permission", "prohibition", "obligation")) {
                int written = policy.get(kind)
                        .map(rules -> ((Json.Arr) rules).items().size())
                        .orElse(0);
                int read = root.containsKey(ODRL + kind)
                        ? root.getJsonArray(ODRL + kind).size()
                        : 0;
                assertThat(read).as(kind + " of " + policy).isEqualTo(written);
            }
        });
    }

    @Test
    void theDutiesAreAValidCalendar() throws Exception {
        Instant accepted = Instant.parse("2026-02-28T23:59:59Z");
        List<DatedDuty> duties = Duties.of("cnf-ünï; 1", full().terms(), accepted, accepted.plusSeconds(86_400L * 365));
        String text = DutyCalendar.of("Duties, of \\ cnf; 1\nand more", duties, accepted);
        ICalendar calendar = Biweekly.parse(text).first();
        assertThat(calendar.validate(ICalVersion.V2_0)).isEmpty();
        List<LocalDate> days =
                duties.stream().flatMap(duty -> duty.day().stream()).toList();
        assertThat(days).isNotEmpty();
        assertThat(calendar.getEvents())
                .extracting(event -> {
                    DateTimeComponents day = event.getDateStart().getValue().getRawComponents();
                    return LocalDate.of(day.getYear(), day.getMonth(), day.getDate());
                })
                .containsExactlyElementsOf(days);
        assertThat(calendar.getEvents())
                .extracting(event -> event.getUid().getValue())
                .doesNotHaveDuplicates();
        assertThat(calendar.getEvents())
                .extracting(event -> event.getDescription().getValue())
                .containsExactlyElementsOf(duties.stream()
                        .filter(duty -> duty.day().isPresent())
                        .map(duty -> duty.duty().sentence())
                        .toList());
        assertThat(text.lines()).allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= 75);
    }
}
