package org.tallystick.platform.catalog;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Projection;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;

/** Makes the catalogue from entries {@code manifest} (of the ingest room) and {@code dataset-version}. */
final class CatalogProjection implements Projection {
    static final String MANIFEST = "manifest";
    static final String DATASET_VERSION = "dataset-version";

    /** What a work is taken for whose manifest does not say. */
    private static final String ANY_BYTES = "application/octet-stream";

    static Json.Obj versionBody(PublishVersion version, Hash root, List<Member> members) {
        return Json.object()
                .put("dataset_id", version.dataset().value())
                .put("curator_id", version.curator().value())
                .put("title", version.title())
                .put("description", version.description())
                .put("root", root.hex())
                .put(
                        "manifests",
                        Json.strings(members.stream().map(Member::manifestId).toList()))
                .build();
    }

    @Override
    public String name() {
        return "catalog";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        if (document.type().equals(MANIFEST)) {
            CatalogStore.insertWork(tx, work(Fields.of(document.body(), MANIFEST)), position);
        } else if (document.type().equals(DATASET_VERSION)) {
            version(tx, Fields.of(document.body(), DATASET_VERSION), document.time(), position);
        }
    }

    private static CatalogStore.Work work(Fields body) {
        Fields manifest = body.fields("manifest");
        ContentId content = ContentId.parse(manifest.text("content_id"));
        return new CatalogStore.Work(
                body.text("manifest_id"),
                content,
                new PartyId(manifest.text("creator_id")),
                body.integer("bytes", 0, Long.MAX_VALUE),
                manifest.optionalText("media_type").orElse(ANY_BYTES),
                manifest.text("license_uri"),
                manifest.optionalText("path").orElse(content.hex()),
                FreeRanges.read(manifest, "free_ranges"));
    }

    private static void version(Handle tx, Fields body, Instant time, long position) {
        CatalogStore.Head head = new CatalogStore.Head(
                new DatasetId(body.text("dataset_id")),
                new PartyId(body.text("curator_id")),
                body.text("title"),
                body.text("description"),
                Hash.ofHex(body.text("root")),
                time,
                position);
        CatalogStore.insertVersion(tx, head, body.strings("manifests"));
    }

    @Override
    public void reset(Handle tx) {
        CatalogStore.empty(tx);
    }
}
