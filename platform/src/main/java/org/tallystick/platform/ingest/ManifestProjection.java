package org.tallystick.platform.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Erasure;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;

/** Makes the table of manifests from entries {@code manifest}. */
final class ManifestProjection implements Projection {
    static final String MANIFEST = "manifest";
    private static final String DOCUMENT = "document";
    private static final String PATH = "path";
    private static final String PLATFORM = "platform";

    /** The members of a manifest that name nobody: ids, numbers, times, types, places of licences. The log holds these alone. */
    private static final Set<String> OPEN = Set.of(
            "bytes",
            "content_id",
            "creator_id",
            "free_ranges",
            "free_ranges_large",
            "license_uri",
            "media_type",
            "upload_ts");

    /** The whole manifest, which the entry commits to under the member {@code document}. */
    static Words document(Manifest manifest) {
        return Words.of(manifest.form().creator(), Jcs.text(manifest.document()));
    }

    /** The work's path, to which dataset versions commit; no words where it has none. */
    static Words path(Manifest manifest) {
        return Words.of(
                manifest.form().creator(), manifest.form().description().path().orElse(""));
    }

    /** The entry's body; {@code upload_ts_by} tells a time the platform set from one the uploader did. */
    static Json.Obj body(
            Manifest manifest,
            Words document,
            Words path,
            PartyId uploader,
            long bytes,
            String receipt,
            boolean timed) {
        Json.Builder body = Json.object();
        if (manifest.form().description().path().isPresent()) {
            body.put(PATH, path.json());
        }
        return body.put("manifest", open(manifest.document()))
                .put(DOCUMENT, document.json())
                .put("manifest_id", manifest.id())
                .put("bytes", bytes)
                .put("uploader", uploader.value())
                .put("receipt", receipt)
                .putIfPresent("upload_ts_by", timed ? Optional.of(PLATFORM) : Optional.empty())
                .build();
    }

    private static Json.Obj open(Json.Obj document) {
        Json.Obj open = document;
        for (String member : document.members().keySet()) {
            open = OPEN.contains(member) ? open : open.without(member);
        }
        return open;
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        switch (document.type()) {
            case MANIFEST -> manifest(tx, position, document);
            case Erasure.TYPE -> erased(tx, position, Erasure.read(document.body()));
            default -> {
                return; // another room's
            }
        }
    }

    private static void manifest(Handle tx, long position, LogEntry.DocumentEntry document) {
        Fields body = Fields.of(document.body(), MANIFEST);
        Json.Obj manifest = body.fields("manifest").object();
        boolean timed = body.optionalText("upload_ts_by").isPresent();
        ManifestStore.insert(
                tx,
                body.text("manifest_id"),
                request(tx, position, body, manifest, timed),
                Jcs.bytes(manifest),
                new PartyId(body.fields("manifest").text("creator_id")),
                new PartyId(body.text("uploader")),
                body.integer("bytes", 0, Long.MAX_VALUE),
                body.text("receipt"),
                document.time(),
                position);
    }

    /** By what a repetition of the upload is recognised; gone with the words it is the hash of. */
    private static Optional<Hash> request(Handle tx, long position, Fields body, Json.Obj manifest, boolean timed) {
        if (Words.commitment(body.object(), DOCUMENT).isEmpty()) {
            return timed ? Optional.of(Manifest.requestHash(manifest, true)) : Optional.empty();
        }
        return Wording.at(tx, position, DOCUMENT)
                .map(words -> Json.parseObject(words.salted().text().getBytes(StandardCharsets.UTF_8)))
                .filter(document -> document.get("signature").isEmpty())
                .map(document -> Manifest.requestHash(document, timed));
    }

    /** A manifest's words are gone, and so is what recognises them. */
    private static void erased(Handle tx, long position, Erasure erasure) {
        switch (erasure) {
            case Erasure.OfParty of -> ManifestStore.forget(tx, of.party(), position);
            case Erasure.OfWords of -> ManifestStore.forget(tx, of.position());
        }
    }

    @Override
    public void reset(Handle tx) {
        ManifestStore.empty(tx);
    }
}
