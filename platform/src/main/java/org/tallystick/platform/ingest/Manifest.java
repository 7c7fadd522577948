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
 * @param request where it is not signed: the hash of the document without what the platform has added, by which a repetition
 *     of the same upload is recognised
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

    /**
     * A manifest as the log has it: with its words, or without them where they are erased.
     *
     * @param id as recorded; of the words that are erased, too
     */
    static Manifest recorded(String id, Json.Obj document) {
        Manifest read = of(document, Optional.empty());
        return new Manifest(id, read.form(), read.content(), read.uploaded(), Optional.empty());
    }

    static String idOf(Json.Obj document) {
        return "mf-" + Sha256.hash(Jcs.bytes(document)).hex().substring(0, ID_DIGITS);
    }

    /** @param timed whether the platform has set the time of the upload */
    static Hash requestHash(Json.Obj document, boolean timed) {
        Json.Obj asSent = document.without(ManifestDraft.SALT);
        return Sha256.hash(Jcs.bytes(timed ? asSent.without("upload_ts") : asSent));
    }

    /** The id that the first release, which added no salt, has given the same manifest. */
    String unsaltedId() {
        return idOf(document().without(ManifestDraft.SALT));
    }

    /** The document, with its signature if it has one. */
    public Json.Obj document() {
        return form.document();
    }
}
