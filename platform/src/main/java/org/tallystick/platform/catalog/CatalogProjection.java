package org.tallystick.platform.catalog;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.Erasure;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;

/** Makes the catalogue from entries {@code manifest} (of the ingest room), {@code dataset-version} and {@code work-read}. */
final class CatalogProjection implements Projection {
    static final String MANIFEST = "manifest";
    static final String DATASET_VERSION = "dataset-version";
    static final String WORK_READ = "work-read";

    /** The member of an entry {@code manifest} that commits to the work's path. */
    static final String PATH = "path";

    /** What a work is taken for whose manifest does not say. */
    private static final String ANY_BYTES = "application/octet-stream";

    static Json.Obj versionBody(
            PublishVersion version, Words title, Words description, Hash root, List<Member> members) {
        return Json.object()
                .put("dataset_id", version.dataset().value())
                .put("curator_id", version.curator().value())
                .put("title", title.json())
                .put("description", description.json())
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
        } else if (document.type().equals(WORK_READ)) {
            WorkReadStore.insert(tx, read(Fields.of(document.body(), WORK_READ), document.time(), position));
        } else if (document.type().equals(Erasure.TYPE)) {
            erased(tx, Erasure.read(document.body()));
        }
    }

    private static WorkRead read(Fields body, Instant time, long position) {
        return new WorkRead(
                ContentId.parse(body.text("content_id")),
                new PartyId(body.text("by")),
                body.integer("from", 0, Long.MAX_VALUE),
                body.integer("bytes", 0, Long.MAX_VALUE),
                position,
                time);
    }

    /** What was erased is no longer found by its words. */
    private static void erased(Handle tx, Erasure erasure) {
        switch (erasure) {
            case Erasure.OfParty of -> MarketStore.indexAgain(tx, of.party());
            case Erasure.OfWords of -> MarketStore.indexAgain(tx, of.position());
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
                Words.commitment(body.object(), PATH).map(Words.Commitment::hash),
                FreeRanges.read(manifest, "free_ranges"));
    }

    private static void version(Handle tx, Fields body, Instant time, long position) {
        CatalogStore.Head head = new CatalogStore.Head(
                new DatasetId(body.text("dataset_id")),
                new PartyId(body.text("curator_id")),
                Words.clear(body, "title"),
                Words.clear(body, "description"),
                Hash.ofHex(body.text("root")),
                time,
                position);
        CatalogStore.insertVersion(tx, head, body.strings("manifests"));
    }

    @Override
    public void reset(Handle tx) {
        WorkReadStore.empty(tx);
        CatalogStore.empty(tx);
    }
}
