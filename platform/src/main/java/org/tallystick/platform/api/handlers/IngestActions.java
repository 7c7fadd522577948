package org.tallystick.platform.api.handlers;

import java.io.IOException;
import java.io.InputStream;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.HttpRefusedException;
import org.tallystick.platform.api.dispatch.Multipart;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.ingest.StoredManifest;
import org.tallystick.platform.ingest.UploadReceipt;
import org.tallystick.platform.ingest.UploadStatus;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;

/** Handlers that take in works, whole or in pieces, and show their manifests. */
public final class IngestActions {
    private static final String MANIFEST = "Tallystick-Manifest";
    private static final String OFFSET = "Upload-Offset";
    private static final String COMPLETE = "Upload-Complete";
    private static final String LENGTH = "Upload-Length";
    private static final String LD_JSON = "application/ld+json";

    private final Ingest ingest;
    private final Database database;
    private final Ownership ownership;

    public IngestActions(Ingest ingest, Database database, Ownership ownership) {
        this.ingest = ingest;
        this.database = database;
        this.ownership = ownership;
    }

    public void bind(Routes routes) {
        routes.bind("upload", this::upload)
                .bind("uploadOffset", this::offset)
                .bind("appendUpload", this::append)
                .bind("manifest", this::manifest)
                .bind("chunks", this::chunks);
    }

    private Answer chunks(Call call) {
        ContentId content = call.contentInPath();
        return Answer.bytes(
                200,
                Answer.JSON,
                ingest.chunks(content)
                        .orElseThrow(() -> Refusals.unknown("work", content).asException()));
    }

    private Answer upload(Call call) throws IOException {
        if (call.isMultipart()) {
            return form(call);
        }
        ManifestDraft draft = ManifestDraft.parse(manifestHeader(call));
        return isLast(call, true) ? stored(ingest.upload(call.principal(), draft, call.stream())) : begin(call, draft);
    }

    private Answer form(Call call) throws IOException {
        if (!isLast(call, true) || call.header(MANIFEST).isPresent()) {
            throw HttpRefusedException.malformed(Refusals.malformed(
                    "upload/form",
                    "a form holds the manifest and the whole work: no " + MANIFEST + ", no " + COMPLETE));
        }
        try (Multipart form = call.multipart();
                InputStream content = form.content()) {
            return stored(ingest.upload(call.principal(), ManifestDraft.parse(form.manifest()), content));
        }
    }

    private static byte[] manifestHeader(Call call) {
        String header = call.header(MANIFEST)
                .orElseThrow(() -> HttpRefusedException.malformed(Refusals.malformed(
                        "upload/manifest-missing",
                        "the header " + MANIFEST + " is missing: base64url of the manifest")));
        try {
            return Base64Url.decode(header, "upload/manifest-malformed");
        } catch (MalformedException e) {
            throw HttpRefusedException.malformed(Refusals.malformed(e.reason(), e.detail()));
        }
    }

    private Answer begin(Call call, ManifestDraft draft) throws IOException {
        UploadStatus status = ingest.begin(
                        call.principal(), draft, call.header(LENGTH).map(text -> number(LENGTH, text)))
                .orThrow();
        String location = "/ingest/uploads/" + status.id();
        InputStream first = call.stream();
        Outcome<UploadStatus> appended = ingest.append(call.principal(), status.id(), 0, first, false);
        return Answer.empty(201)
                .header("Location", location)
                .header(OFFSET, Long.toString(appended.orThrow().offset()))
                .header(COMPLETE, "?0");
    }

    private Answer offset(Call call) {
        UploadStatus status =
                ingest.status(call.principal(), call.path("upload")).orThrow();
        return Answer.empty(204)
                .header(OFFSET, Long.toString(status.offset()))
                .header(COMPLETE, status.isComplete() ? "?1" : "?0")
                .header("Cache-Control", "no-store");
    }

    private Answer append(Call call) throws IOException {
        long offset = number(
                OFFSET,
                call.header(OFFSET)
                        .orElseThrow(() -> HttpRefusedException.malformed(
                                Refusals.malformed("upload/offset-missing", "the header " + OFFSET + " is missing"))));
        Outcome<UploadStatus> outcome =
                ingest.append(call.principal(), call.path("upload"), offset, call.stream(), isLast(call, false));
        UploadStatus status = outcome.orThrow();
        if (status.receipt().isPresent()) {
            return stored(outcome.map(done -> done.receipt().orElseThrow())).header(COMPLETE, "?1");
        }
        return Answer.empty(204).header(OFFSET, Long.toString(status.offset())).header(COMPLETE, "?0");
    }

    private static Answer stored(Outcome<UploadReceipt> outcome) {
        return Shapes.created(outcome, receipt -> "/manifests/" + receipt.manifestId(), Shapes::receipt);
    }

    private Answer manifest(Call call) {
        String id = call.path("manifest");
        String format = call.query("format").orElse("manifest");
        StoredManifest found = database.read(tx ->
                        ingest.manifest(tx, id).filter(manifest -> ownership.manifest(tx, call.principal(), manifest)))
                .orElseThrow(
                        () -> Refusals.unknown("manifest", Fields.shown(id)).asException());
        return switch (format) {
            case "manifest" -> Answer.ok(plain(found));
            case "prov" -> linked(Ingest.provenance(found));
            case "ro-crate" -> linked(Ingest.roCrate(found));
            default ->
                throw HttpRefusedException.malformed(Refusals.malformed(
                        "http/unknown-format", Fields.shown(format) + " is not one of manifest, prov, ro-crate"));
        };
    }

    private static Json.Obj plain(StoredManifest found) {
        Json.Builder body = Json.object()
                .put("manifest_id", found.manifest().id())
                .put("manifest", found.manifest().document())
                .put("receipt", Shapes.receipt(found.receipt()));
        found.salt()
                .ifPresent(salt -> body.put(
                        "proof",
                        Json.object()
                                .put("position", found.position())
                                .put("salt", salt)
                                .build()));
        return body.build();
    }

    private static Answer linked(Json.Obj document) {
        return Answer.bytes(200, LD_JSON, org.tallystick.protocol.codec.Jcs.bytes(document));
    }

    private static boolean isLast(Call call, boolean otherwise) {
        return switch (call.header(COMPLETE).orElse(otherwise ? "?1" : "")) {
            case "?1" -> true;
            case "?0" -> false;
            default ->
                throw HttpRefusedException.malformed(
                        Refusals.malformed("upload/complete", "the header " + COMPLETE + " is ?0 or ?1"));
        };
    }

    private static long number(String header, String text) {
        if (!text.matches("0|[1-9][0-9]{0,17}")) {
            throw HttpRefusedException.malformed(Refusals.malformed(
                    "upload/number", "the header " + header + " is a number, not " + Fields.shown(text)));
        }
        return Long.parseLong(text);
    }
}
