package org.tallystick.platform.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.tallystick.platform.api.handlers.ApiDocument;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The document the server is held to, read by tools of others: is this answer one it may give? */
final class OpenApi {
    static final OpenApi DOCUMENT = new OpenApi();

    private static final String IRI = "https://tallystick.org/openapi.yaml";

    private final JsonNode root;
    private final SchemaRegistry registry;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<String, Pattern> paths = new TreeMap<>();

    private OpenApi() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(1_000);
        String document = new String(ApiDocument.joined(), StandardCharsets.UTF_8);
        this.root = new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(options)).<Object>load(document));
        String json = root.toString();
        this.registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(IRI, json)));
        root.get("paths").fieldNames().forEachRemaining(path -> {
            String regex = path.replace(".", "\\.")
                    .replace("{tile}", "[^?]+")
                    .replace("{ref}", "[^?]+")
                    .replaceAll("\\{[a-z]+}", "[^/]+");
            paths.put(path, Pattern.compile(regex));
        });
    }

    JsonNode root() {
        return root;
    }

    /** The document's path a request path is an instance of; the most literal one. */
    Optional<String> pathOf(String requestPath) {
        return paths.entrySet().stream()
                .filter(entry -> entry.getValue().matcher(requestPath).matches())
                .map(Map.Entry::getKey)
                .min(java.util.Comparator.comparingInt(
                        path -> path.replaceAll("[^{]", "").length()))
                .map(found -> requestPath.startsWith("/log/tile/entries/") ? "/log/tile/entries/{tile}" : found);
    }

    /** Everything about an answer that the document does not allow; empty where it is right. */
    List<String> objections(String method, String requestPath, int status, String contentType, byte[] body) {
        Optional<String> path = pathOf(requestPath);
        if (path.isEmpty()) {
            return status == 404 || status == 405
                    ? problemObjections(body)
                    : List.of(requestPath + " is not documented");
        }
        JsonNode operation = root.at("/paths/" + escaped(path.get()) + "/" + method.toLowerCase(java.util.Locale.ROOT));
        if (operation.isMissingNode()) {
            return status == 404 || status == 405 ? problemObjections(body) : List.of(method + " is not documented");
        }
        String at = "/paths/" + escaped(path.get()) + "/" + method.toLowerCase(java.util.Locale.ROOT) + "/responses/"
                + status;
        JsonNode response = root.at(at);
        if (response.isMissingNode()) {
            return List.of(method + " " + path.get() + " does not document status " + status + ": "
                    + new String(body, StandardCharsets.UTF_8));
        }
        if (response.has("$ref")) {
            at = response.get("$ref").asText().substring(1);
            response = root.at(at);
        }
        return bodyObjections(at, response, contentType, body);
    }

    private List<String> bodyObjections(String at, JsonNode response, String contentType, byte[] body) {
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            return body.length == 0 ? List.of() : List.of("a body where none is documented");
        }
        String type = contentType.split(";")[0].strip();
        if (body.length == 0 && response.path("headers").has("Upload-Offset")) {
            return List.of();
        }
        if (!content.has(type)) {
            return List.of("content type " + type + " is not documented at " + at);
        }
        if (!type.endsWith("json")) {
            return List.of();
        }
        return validate(at + "/content/" + escaped(type) + "/schema", body);
    }

    private List<String> problemObjections(byte[] body) {
        return validate("/components/schemas/Problem", body);
    }

    /** What is wrong with a JSON text by the schema at a pointer of the document. */
    List<String> validate(String pointer, byte[] json) {
        Schema schema = schemas.computeIfAbsent(
                pointer,
                where -> registry.getSchema(
                        SchemaLocation.of(IRI + "#" + where.replace("{", "%7B").replace("}", "%7D"))));
        List<String> found = new ArrayList<>();
        for (Error error : schema.validate(new String(json, StandardCharsets.UTF_8), InputFormat.JSON)) {
            found.add(error.toString());
        }
        return found;
    }

    private static String escaped(String segment) {
        return segment.replace("~", "~0").replace("/", "~1");
    }
}
