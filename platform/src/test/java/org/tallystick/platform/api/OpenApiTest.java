package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.api.dispatch.Endpoint;
import org.tallystick.platform.api.dispatch.Idempotency;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.platform.api.dispatch.Proof;
import org.tallystick.platform.api.handlers.ApiDocument;

/** The table and the document say the same, row by row; and the document keeps its own promises. */
final class OpenApiTest {
    private static final JsonNode DOCUMENT = OpenApi.DOCUMENT.root();

    /** An operation of the document with what it inherits. */
    private record Operation(String method, String path, JsonNode node) {}

    private static Map<String, Operation> operations() {
        Map<String, Operation> all = new LinkedHashMap<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> all.put(
                                method.getValue().get("operationId").asText(),
                                new Operation(
                                        method.getKey().toUpperCase(java.util.Locale.ROOT),
                                        path.getKey(),
                                        method.getValue()))));
        return all;
    }

    @Test
    void everyRowIsInTheDocumentAndTheOtherWayRound() {
        Map<String, String> documented = new TreeMap<>();
        operations().forEach((id, operation) -> documented.put(id, operation.method() + " " + operation.path()));
        Map<String, String> served = new TreeMap<>();
        Policy.endpoints().forEach((id, endpoint) -> served.put(id, endpoint.method() + " " + endpoint.path()));
        assertThat(served).isEqualTo(documented);
    }

    /** Each file belongs to the room it is named after; and none lies about that is never joined. */
    @Test
    void everyFileOfTheDocumentIsJoinedAndHoldsItsOwnRoom() throws IOException {
        Path folder = Path.of(System.getProperty("tallystick.root", ".."), "platform/src/main/resources/openapi");
        Set<String> named = new TreeSet<>(ApiDocument.ROOMS);
        named.addAll(List.of("head", "shared"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            named.stream().map(name -> name + ".yaml").toList());
        }
        for (String room : ApiDocument.ROOMS) {
            String text = Files.readString(folder.resolve(room + ".yaml"));
            assertThat(Pattern.compile("(?m)^      tags: (.*)$").matcher(text).results())
                    .as(room)
                    .isNotEmpty()
                    .allMatch(found -> found.group(1).equals("[" + room + "]"));
        }
        Set<String> tags = new TreeSet<>();
        DOCUMENT.get("tags").forEach(tag -> tags.add(tag.get("name").asText()));
        assertThat(tags).isEqualTo(new TreeSet<>(ApiDocument.ROOMS));
    }

    /** Leaves the document where the linter looks for it ({@code .ci/lint-openapi}). */
    @Test
    void theJoinedDocumentIsLeftForTheLinter() throws IOException {
        Path file = Path.of(System.getProperty("tallystick.root", ".."), "platform/target/openapi.yaml");
        Files.createDirectories(file.getParent());
        Files.write(file, ApiDocument.joined());
        assertThat(Files.readString(file)).startsWith("openapi: 3.1.0\n").contains("\npaths:\n", "\ncomponents:\n");
    }

    @Test
    void theRolesAreThoseOfTheTable() {
        operations().forEach((id, operation) -> {
            Endpoint endpoint = Objects.requireNonNull(Policy.endpoints().get(id));
            Set<String> roles = new TreeSet<>();
            operation.node().get("x-roles").forEach(role -> roles.add(role.asText()));
            Set<String> allowed = new TreeSet<>();
            endpoint.callers().forEach(caller -> allowed.add(caller.word()));
            assertThat(roles).as(id).isEqualTo(allowed);
            boolean open = operation.node().has("security")
                    && operation.node().get("security").isEmpty();
            assertThat(open).as("security of " + id).isEqualTo(endpoint.isPublic());
            assertThat(operation.node().path("x-proof").asText(Proof.KEY.word()))
                    .as("x-proof of " + id)
                    .isEqualTo(endpoint.proof().word());
            assertThat(operation
                            .node()
                            .path("security")
                            .findParents("signedRequest")
                            .isEmpty())
                    .as("a signed request is named as a way in where it is one: " + id)
                    .isEqualTo(endpoint.proof() == Proof.KEY || endpoint.proof() == Proof.OWN);
        });
    }

    @Test
    void theBodiesAreThoseOfTheTable() {
        operations().forEach((id, operation) -> {
            Endpoint endpoint = Objects.requireNonNull(Policy.endpoints().get(id));
            Set<String> documented = new TreeSet<>();
            operation.node().at("/requestBody/content").fieldNames().forEachRemaining(documented::add);
            assertThat(documented)
                    .as(id)
                    .isEqualTo(new TreeSet<>(endpoint.body().kind().types()));
            Set<String> responses = new TreeSet<>();
            operation.node().get("responses").fieldNames().forEachRemaining(responses::add);
            if (!documented.isEmpty()) {
                assertThat(responses).as(id).contains("413", "415", "400");
            }
            if (!endpoint.isPublic()) {
                assertThat(responses).as(id).contains("401", "403");
            }
        });
    }

    @Test
    void theParametersAreThoseOfTheTable() {
        operations().forEach((id, operation) -> {
            Endpoint endpoint = Objects.requireNonNull(Policy.endpoints().get(id));
            Set<String> query = new TreeSet<>();
            Set<String> path = new TreeSet<>();
            boolean key = false;
            for (JsonNode stated : operation.node().path("parameters")) {
                JsonNode parameter = stated.has("$ref")
                        ? DOCUMENT.at(stated.get("$ref").asText().substring(1))
                        : stated;
                String name = parameter.get("name").asText();
                switch (parameter.get("in").asText()) {
                    case "query" -> query.add(name);
                    case "path" -> path.add("{" + name + "}");
                    default -> key |= name.equals(Idempotency.HEADER);
                }
            }
            assertThat(query).as("query of " + id).isEqualTo(new TreeSet<>(endpoint.parameters()));
            assertThat(path)
                    .as("path of " + id)
                    .allMatch(endpoint.path()::contains)
                    .hasSize(endpoint.path().length()
                            - endpoint.path().replace("{", "").length());
            assertThat(key)
                    .as(Idempotency.HEADER + " of " + id)
                    .isEqualTo(endpoint.repetition() != Endpoint.Repetition.NONE);
        });
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverySchemaIsUsed() {
        List<String> references = new ArrayList<>();
        collect(DOCUMENT, references);
        for (String reference : references) {
            assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
        DOCUMENT.at("/components/schemas")
                .fieldNames()
                .forEachRemaining(name -> assertThat(references).contains("#/components/schemas/" + name));
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.has("$ref")) {
            references.add(node.get("$ref").asText());
        }
        node.forEach(child -> collect(child, references));
    }

    @Test
    void everyExampleIsOne() {
        List<String> wrong = new ArrayList<>();
        examples("", DOCUMENT, wrong);
        assertThat(wrong).isEmpty();
    }

    private static void examples(String at, JsonNode node, List<String> wrong) {
        if (node.isObject() && node.has("example") && node.has("schema") && at.contains("json")) {
            List<String> objections = OpenApi.DOCUMENT.validate(
                    at + "/schema", node.get("example").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            objections.forEach(objection -> wrong.add(at + ": " + objection));
        }
        node.properties()
                .forEach(member -> examples(
                        at + "/" + member.getKey().replace("~", "~0").replace("/", "~1"), member.getValue(), wrong));
    }

    @Test
    void everyCommandAnswersProblemsAsProblemDocuments() {
        DOCUMENT.at("/components/responses")
                .properties()
                .forEach(response -> assertThat(
                                response.getValue().path("content").has("application/problem+json"))
                        .as(response.getKey())
                        .isTrue());
    }

    @Test
    void rowsThatMakeNoSenseAreRefused() {
        for (String row : List.of(
                "a GET /a ockbae- . .",
                "a GET /a kkkkkkk . . .",
                "a GET /a ockbae-/ . . .",
                "a GET /a ockbae-/whoever . . .",
                "a GET /a ockbae- json:9X . .",
                "a GET /a ockbae- tea:1K . .")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Policy.parse(row)))
                    .as(row)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> Policy.parse("a GET /a ockbae- . . .\na GET /b ockbae- . . .")))
                .hasMessageContaining("twice");
    }
}
