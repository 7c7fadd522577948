package org.tallystick.platform.ingest;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.ContentId;

/**
 * A manifest as a W3C PROV-O graph in JSON-LD 1.1: the work, who it is attributed to, the steps it came about by, and the
 * upload that made the manifest. Contents are named by {@code ni:} URIs (RFC 6920), so that graphs about the same bytes
 * join. A pure function.
 */
final class ProvenanceExport {
    private static final String NAMES = "https://tallystick.org/id/";
    private static final String UPLOAD = "_:upload";

    private final StoredManifest stored;
    private final Manifest manifest;
    private final List<Json> graph = new ArrayList<>();

    private ProvenanceExport(StoredManifest stored) {
        this.stored = stored;
        this.manifest = stored.manifest();
    }

    static Json.Obj of(StoredManifest stored) {
        ProvenanceExport export = new ProvenanceExport(stored);
        export.work();
        export.parties();
        export.upload();
        export.steps();
        return Json.object()
                .put(
                        "@context",
                        Json.object()
                                .put("prov", "http://www.w3.org/ns/prov#")
                                .put("dcterms", "http://purl.org/dc/terms/")
                                .put("rdfs", "http://www.w3.org/2000/01/rdf-schema#")
                                .put("xsd", "http://www.w3.org/2001/XMLSchema#")
                                .build())
                .put("@graph", Json.array(export.graph))
                .build();
    }

    private void work() {
        Description description = manifest.form().description();
        Json.Builder work = node(name(manifest.content()), "prov:Entity")
                .put("dcterms:identifier", manifest.content().toString())
                .putIfPresent("dcterms:title", description.title())
                .putIfPresent("dcterms:format", description.mediaType())
                .put("dcterms:license", reference(manifest.form().licenseUri()))
                .put("prov:wasAttributedTo", reference(name(manifest.form().creator())));
        description.originUrl().ifPresent(url -> work.put("prov:hadPrimarySource", reference(url)));
        List<ProvenanceStep> steps = description.provenance();
        List<Json> sources = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).entity().isPresent()) {
                sources.add(reference(entityName(steps.get(i).entity().get(), i)));
            }
        }
        if (!steps.isEmpty()) {
            work.put("prov:wasGeneratedBy", reference("_:step-" + steps.size()));
        }
        if (!sources.isEmpty()) {
            work.put("prov:wasDerivedFrom", Json.array(sources));
        }
        graph.add(work.build());
    }

    private void parties() {
        graph.add(node(name(manifest.form().creator()), "prov:Agent")
                .put("dcterms:identifier", manifest.form().creator().value())
                .putIfPresent("rdfs:label", manifest.form().description().attribution())
                .build());
        if (!stored.uploader().equals(manifest.form().creator())) {
            graph.add(node(name(stored.uploader()), "prov:Agent")
                    .put("dcterms:identifier", stored.uploader().value())
                    .build());
        }
        graph.add(node(stored.receipt().signer().toString(), "prov:SoftwareAgent")
                .put("rdfs:label", "Tallystick platform")
                .build());
    }

    private void upload() {
        graph.add(node(NAMES + "manifest/" + manifest.id(), "prov:Entity")
                .put("dcterms:identifier", manifest.id())
                .put("dcterms:subject", reference(name(manifest.content())))
                .put("prov:wasGeneratedBy", reference(UPLOAD))
                .build());
        graph.add(node(UPLOAD, "prov:Activity")
                .put("rdfs:label", "upload")
                .put("prov:used", reference(name(manifest.content())))
                .put(
                        "prov:wasAssociatedWith",
                        Json.array(List.of(
                                reference(name(stored.uploader())),
                                reference(stored.receipt().signer().toString()))))
                .put("prov:endedAtTime", time(manifest.uploaded()))
                .build());
    }

    private void steps() {
        List<ProvenanceStep> steps = manifest.form().description().provenance();
        for (int i = 0; i < steps.size(); i++) {
            ProvenanceStep step = steps.get(i);
            Json.Builder activity = node("_:step-" + (i + 1), "prov:Activity")
                    .put("rdfs:label", step.activity().orElse("derivation"));
            if (i > 0) {
                activity.put("prov:wasInformedBy", reference("_:step-" + i));
            }
            step.time().ifPresent(t -> activity.put("prov:endedAtTime", time(t)));
            int number = i;
            step.entity().ifPresent(text -> {
                activity.put("prov:used", reference(entityName(text, number)));
                labelled(entityName(text, number), "prov:Entity", text);
            });
            step.agent().ifPresent(text -> {
                activity.put("prov:wasAssociatedWith", reference(agentName(text, number)));
                labelled(agentName(text, number), "prov:Agent", text);
            });
            graph.add(activity.build());
        }
    }

    /** A node for what a step names, unless an earlier one is about the same thing. */
    private void labelled(String id, String type, String label) {
        Json.Obj node = node(id, type).put("rdfs:label", label).build();
        if (!graph.contains(node)) {
            graph.add(node);
        }
    }

    private static String entityName(String text, int step) {
        try {
            return name(ContentId.parse(text));
        } catch (MalformedException e) {
            return isAbsoluteUri(text) ? text : "_:entity-" + (step + 1);
        }
    }

    private static String agentName(String text, int step) {
        return isAbsoluteUri(text) ? text : "_:agent-" + (step + 1);
    }

    private static boolean isAbsoluteUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false; // words, then
        }
    }

    private static String name(ContentId content) {
        return "ni:///sha-256;" + Base64Url.encode(content.hash().toBytes());
    }

    private static String name(PartyId party) {
        return NAMES + "party/" + party;
    }

    private static Json.Builder node(String id, String type) {
        return Json.object().put("@id", id).put("@type", type);
    }

    private static Json.Obj reference(String id) {
        return Json.object().put("@id", id).build();
    }

    private static Json.Obj time(Instant time) {
        return Json.object()
                .put("@type", "xsd:dateTime")
                .put("@value", Times.text(time))
                .build();
    }
}
