package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;

/**
 * A complete manifest: what a work is, whose, under what terms and how it came about. Immutable, because its id is a
 * hash of it.
 *
 * @param id {@code mf-} and the first 40 hexadecimal digits of SHA-256 over the canonical JSON of the document
 * @param form its members, as read
 * @param content the work
 * @param uploaded when it was uploaded, as the document says
 * @param request where the platform set {@code upload_ts}: the hash of the document without it, by which a repetition of
 *     the same upload is recognised
 */
public record Manifest(String id, ManifestDraft form, ContentId content, Instant uploaded, Optional<Hash> request) {
    private static final int ID_DIGITS = 40;

    public Manifest {
        Objects.requireNonNull(form);
        Objects.requireNonNull(content);
        Objects.requireNonNull(uploaded);
        Objects.requireNonNull(request);
    }

    /**
     * Reads a complete manifest, as {@code GET /manifests/{id}} gives it.
     *
     * @throws MalformedException {@code json/…} or {@code manifest/…}
     */
    public static Manifest parse(Json.Obj document) {
        return of(document, Optional.empty());
    }

    static Manifest of(Json.Obj document, Optional<Hash> request) {
        ManifestDraft form = ManifestDraft.parse(document);
        ContentId content = form.expectedContent()
                .orElseThrow(() -> new MalformedException("json/missing-member", "manifest.content_id is missing"));
        Instant uploaded = form.uploadTs()
                .orElseThrow(() -> new MalformedException("json/missing-member", "manifest.upload_ts is missing"));
        return new Manifest(idOf(document), form, content, uploaded, request);
    }

    static String idOf(Json.Obj document) {
        return "mf-" + Sha256.hash(Jcs.bytes(document)).hex().substring(0, ID_DIGITS);
    }

    static Hash requestHash(Json.Obj documentWithoutTime) {
        return Sha256.hash(Jcs.bytes(documentWithoutTime.without("upload_ts")));
    }

    /** The document, with its signature if it has one. */
    public Json.Obj document() {
        return form.document();
    }
}
