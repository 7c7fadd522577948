package org.tallystick.platform.ingest;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;

/** Makes the table of manifests from entries {@code manifest}. */
final class ManifestProjection implements Projection {
    static final String MANIFEST = "manifest";
    private static final String PLATFORM = "platform";

    /** The entry's body; {@code upload_ts_by} tells a time the platform set from one the uploader did. */
    static Json.Obj body(Manifest manifest, PartyId uploader, long bytes, String receipt) {
        return Json.object()
                .put("manifest", manifest.document())
                .put("manifest_id", manifest.id())
                .put("bytes", bytes)
                .put("uploader", uploader.value())
                .put("receipt", receipt)
                .putIfPresent("upload_ts_by", manifest.request().map(hash -> PLATFORM))
                .build();
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)
                || !document.type().equals(MANIFEST)) {
            return;
        }
        Fields body = Fields.of(document.body(), MANIFEST);
        Json.Obj manifest = body.fields("manifest").object();
        Optional<Hash> request = body.optionalText("upload_ts_by").map(by -> Manifest.requestHash(manifest));
        ManifestStore.insert(
                tx,
                body.text("manifest_id"),
                request,
                Jcs.bytes(manifest),
                new PartyId(body.text("uploader")),
                body.integer("bytes", 0, Long.MAX_VALUE),
                body.text("receipt"),
                document.time(),
                position);
    }

    @Override
    public void reset(Handle tx) {
        ManifestStore.empty(tx);
    }
}
