package org.tallystick.platform.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Manifests as others read them. The golden files under {@code src/test/resources} are written again with {@code
 * -Dtallystick.vectors=write}.
 */
class ExportTest {
    private static final byte[] CONTENT = Manifests.bytes("a work with a history");

    private static StoredManifest stored(Json.Obj document, String uploader) {
        Manifest manifest = Manifest.parse(document);
        String receipt = UploadReceipt.sign(manifest, CONTENT.length, TestRooms.START, TestRooms.signer("platform"));
        return new StoredManifest(
                manifest,
                Optional.empty(),
                new PartyId(uploader),
                UploadReceipt.read(receipt, List.of()),
                TestRooms.START,
                7);
    }

    private static Json.Obj plain() {
        return Manifests.complete("creator:12345", CONTENT);
    }

    private static Json.Obj full() {
        return plain().with("title", Json.of("A work"))
                .with("attribution", Json.of("By Ada Example"))
                .with("origin_url", Json.of("https://ada.example/works/1"))
                .with("media_type", Json.of("text/plain"))
                .with("path", Json.of("shelf one/../a\u202Ework.txt"))
                .with("provenance_chain", Json.parse("""
                    [{"entity":"https://archive.example/scan/9","activity":"scan","agent":"The Archive",
                      "time":"2024-03-01T09:00:00Z"},
                     {"entity":"sha256:%s","activity":"https://acts.example/ocr","agent":"https://ocr.example"},
                     {"activity":"proof-reading","agent":"Ada"}]\
                    """.formatted(
                                ContentId.of(new byte[0]).hex())));
    }

    private static StoredManifest sample(String name) {
        return switch (name) {
            case "plain" -> stored(plain(), "creator:12345");
            case "full" -> stored(full(), "curator-11");
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "full"})
    void theExportsAreTheGoldenOnes(String name) throws IOException {
        golden("manifest-" + name + ".prov.jsonld", Ingest.provenance(sample(name)));
        golden("manifest-" + name + ".ro-crate-metadata.json", Ingest.roCrate(sample(name)));
    }

    private static void golden(String name, Json.Obj made) throws IOException {
        Path file = Path.of(System.getProperty("tallystick.root", ".."), "platform/src/test/resources/golden", name);
        String text = pretty(made, "") + "\n";
        if ("write".equals(System.getProperty("tallystick.vectors"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    /** Two levels of lines, so that a difference reads well. */
    private static String pretty(Json value, String indent) {
        if (indent.length() > 2 || !(value instanceof Json.Obj || value instanceof Json.Arr)) {
            return Jcs.text(value);
        }
        List<String> lines = new ArrayList<>();
        String deeper = indent + "  ";
        if (value instanceof Json.Obj object) {
            object.members()
                    .forEach((key, member) ->
                            lines.add(deeper + Jcs.text(Json.of(key)) + ": " + pretty(member, deeper)));
            return "{\n" + String.join(",\n", lines) + "\n" + indent + "}";
        }
        ((Json.Arr) value).items().forEach(item -> lines.add(deeper + pretty(item, deeper)));
        return "[\n" + String.join(",\n", lines) + "\n" + indent + "]";
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "full"})
    void everyReferenceWithinAGraphHasItsNode(String name) {
        for (Json.Obj export : List.of(Ingest.provenance(sample(name)), Ingest.roCrate(sample(name)))) {
            Set<String> nodes = new HashSet<>();
            for (Json node : Fields.of(export, "export").array("@graph")) {
                String id = Fields.of(node, "node").text("@id");
                assertThat(nodes.add(id)).as("one node for %s", id).isTrue();
            }
            assertThat(localReferences(export)).as("%s", export).isSubsetOf(nodes);
        }
    }

    private static Set<String> localReferences(Json value) {
        Set<String> found = new HashSet<>();
        switch (value) {
            case Json.Obj object -> {
                if (object.members().size() == 1
                        && object.get("@id").orElse(Json.NULL) instanceof Json.Str(String id)
                        && (id.startsWith("_:") || id.startsWith("#") || id.startsWith("works/"))) {
                    found.add(id);
                }
                object.members().values().forEach(member -> found.addAll(localReferences(member)));
            }
            case Json.Arr array -> array.items().forEach(item -> found.addAll(localReferences(item)));
            default -> {}
        }
        return found;
    }

    @Test
    void anExportIsAFunctionOfTheManifest() {
        assertThat(Ingest.provenance(sample("full"))).isEqualTo(Ingest.provenance(sample("full")));
        assertThat(Ingest.roCrate(sample("full"))).isEqualTo(Ingest.roCrate(sample("full")));
        assertThat(Ingest.roCrate(sample("full"))).isNotEqualTo(Ingest.roCrate(sample("plain")));
    }

    @Test
    void noPathLeadsOutOfACrate() {
        String crate = Jcs.text(Ingest.roCrate(sample("full")));
        assertThat(crate)
                .contains("works/" + ContentId.of(CONTENT).hex())
                .doesNotContain("..")
                .doesNotContain("\u202E");
        Json.Obj nameless =
                Ingest.roCrate(stored(plain().with("path", Json.of("../../etc/\u202Epasswd")), "creator:12345"));
        assertThat(String.valueOf(
                        nodes(nameless).get("works/" + ContentId.of(CONTENT).hex())))
                .contains("\uFFFDpasswd");
    }

    private static Map<String, Json> nodes(Json.Obj export) {
        Map<String, Json> nodes = new java.util.HashMap<>();
        for (Json node : Fields.of(export, "export").array("@graph")) {
            nodes.put(Fields.of(node, "node").text("@id"), node);
        }
        return nodes;
    }

    @Test
    void whatASenderPutsInAStepStaysText() {
        Seeds.check(200, random -> {
            List<Json> steps = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                String[] texts = {
                    "_:upload", "./", "#creator", "urn:x:" + i, "words here", "did:key:z6Mk", "{}", "a b:c"
                };
                Json.Builder step = Json.object().put("entity", texts[random.nextInt(texts.length)]);
                if (random.nextBoolean()) {
                    step.put("agent", texts[random.nextInt(texts.length)]);
                }
                if (random.nextBoolean()) {
                    step.put("activity", texts[random.nextInt(texts.length)]);
                }
                steps.add(step.build());
            }
            StoredManifest stored = stored(plain().with("provenance_chain", Json.array(steps)), "creator:12345");
            Map<String, Json> graph = nodes(Ingest.provenance(stored));
            assertThat(graph).containsKey("_:step-" + steps.size()).containsKey("_:upload");
            assertThat(String.valueOf(graph.get("_:upload"))).contains("prov:Activity");
            Json.parse(Jcs.bytes(Ingest.roCrate(stored)));
        });
    }
}
