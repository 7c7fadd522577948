package org.tallystick.platform.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.protocol.codec.Json;

/**
 * A manifest as {@code ro-crate-metadata.json} of RO-Crate 1.1: a crate whose one file is the work, under {@code
 * works/<sha256>}, so that no path somebody chose can lead out of the crate. A pure function.
 */
final class CrateExport {
    private static final String ROOT = "./";
    private static final String DESCRIPTOR = "ro-crate-metadata.json";
    private static final int NAME = 200;

    private CrateExport() {}

    static Json.Obj of(StoredManifest stored) {
        List<Json> actions = actions(stored);
        List<Json> graph = new ArrayList<>();
        graph.add(node(DESCRIPTOR, "CreativeWork")
                .put("conformsTo", reference("https://w3id.org/ro/crate/1.1"))
                .put("about", reference(ROOT))
                .build());
        graph.add(root(stored, actions));
        graph.add(file(stored));
        graph.add(node("#creator", "Person")
                .put("identifier", stored.manifest().form().creator().value())
                .put("name", creatorName(stored.manifest()))
                .build());
        graph.add(node(stored.manifest().form().licenseUri(), "CreativeWork")
                .put("name", "Licence")
                .put("url", stored.manifest().form().licenseUri())
                .build());
        graph.addAll(actions);
        return Json.object()
                .put("@context", "https://w3id.org/ro/crate/1.1/context")
                .put("@graph", Json.array(graph))
                .build();
    }

    private static Json.Obj root(StoredManifest stored, List<Json> actions) {
        Manifest manifest = stored.manifest();
        List<Json> mentions = new ArrayList<>();
        for (Json action : actions) {
            mentions.add(Json.object()
                    .put("@id", ((Json.Obj) action).get("@id").orElseThrow())
                    .build());
        }
        return node(ROOT, "Dataset")
                .put("name", workName(manifest))
                .put("description", "One work, described by manifest " + manifest.id() + ".")
                .put("identifier", manifest.id())
                .put("datePublished", manifest.uploaded())
                .put("license", reference(manifest.form().licenseUri()))
                .put("author", reference("#creator"))
                .put("hasPart", Json.array(List.of(reference(fileName(manifest)))))
                .put("mentions", Json.array(mentions))
                .build();
    }

    private static Json.Obj file(StoredManifest stored) {
        Manifest manifest = stored.manifest();
        Description description = manifest.form().description();
        Json.Builder file = node(fileName(manifest), "File")
                .put("name", workName(manifest))
                .put("identifier", manifest.content().toString())
                .put("contentSize", Long.toString(stored.receipt().bytes()))
                .put("encodingFormat", description.mediaType().orElse("application/octet-stream"))
                .put("license", reference(manifest.form().licenseUri()))
                .put("author", reference("#creator"));
        description.originUrl().ifPresent(url -> file.put("isBasedOn", reference(url)));
        return file.build();
    }

    private static List<Json> actions(StoredManifest stored) {
        List<Json> actions = new ArrayList<>();
        Manifest manifest = stored.manifest();
        for (ProvenanceStep step : manifest.form().description().provenance()) {
            Json.Builder action = node("#step-" + (actions.size() + 1), "CreateAction")
                    .put("name", step.activity().orElse("derivation"))
                    .put("result", reference(fileName(manifest)))
                    .putIfPresent("object", step.entity())
                    .putIfPresent("agent", step.agent());
            step.time().ifPresent(time -> action.put("endTime", time));
            actions.add(action.build());
        }
        actions.add(node("#upload", "CreateAction")
                .put("name", "upload")
                .put("result", reference(fileName(manifest)))
                .put("agent", stored.uploader().value())
                .put("endTime", manifest.uploaded())
                .build());
        return actions;
    }

    private static String workName(Manifest manifest) {
        Description description = manifest.form().description();
        return DisplayText.of(
                description
                        .title()
                        .or(description::path)
                        .orElse(manifest.content().toString()),
                NAME);
    }

    private static String creatorName(Manifest manifest) {
        Optional<String> line = manifest.form().description().attribution();
        return DisplayText.of(line.orElse(manifest.form().creator().value()), NAME);
    }

    private static String fileName(Manifest manifest) {
        return "works/" + manifest.content().hex();
    }

    private static Json.Builder node(String id, String type) {
        return Json.object().put("@id", id).put("@type", type);
    }

    private static Json.Obj reference(String id) {
        return Json.object().put("@id", id).build();
    }
}
