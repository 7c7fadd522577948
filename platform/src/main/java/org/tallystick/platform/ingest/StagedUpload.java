package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/**
 * The state of an upload in several pieces, as it stands on disk.
 *
 * @param manifest the draft it was begun with; empty once it is complete
 * @param length declared in advance
 * @param offset bytes that are durable
 * @param touched when the state last changed
 * @param manifestId set once it is complete
 */
record StagedUpload(
        String id,
        PartyId uploader,
        Json.Obj manifest,
        Optional<Long> length,
        long offset,
        Instant touched,
        Optional<String> manifestId) {

    StagedUpload reached(long newOffset, Instant now) {
        return new StagedUpload(id, uploader, manifest, length, newOffset, now, manifestId);
    }

    StagedUpload completed(String as, Instant now) {
        return new StagedUpload(id, uploader, Json.object().build(), length, offset, now, Optional.of(as));
    }

    boolean isComplete() {
        return manifestId.isPresent();
    }

    Json.Obj document() {
        Json.Builder document = Json.object()
                .put("id", id)
                .put("uploader", uploader.value())
                .put("manifest", manifest)
                .put("offset", offset)
                .put("touched", touched)
                .putIfPresent("manifest_id", manifestId);
        length.ifPresent(l -> document.put("length", l));
        return document.build();
    }

    static StagedUpload parse(byte[] json) {
        Fields fields = Fields.of(Json.parse(json), "upload");
        return new StagedUpload(
                fields.text("id"),
                new PartyId(fields.text("uploader")),
                fields.fields("manifest").object(),
                fields.optionalInteger("length", 0, Long.MAX_VALUE),
                fields.integer("offset", 0, Long.MAX_VALUE),
                fields.instant("touched"),
                fields.optionalText("manifest_id"));
    }
}
