package org.tallystick.bench;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.SqlArrays;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;

/**
 * The catalogue's projection, except that manifests enter its table thousands at a time. One at a time, a million works
 * would take longer to prepare than all measurements together.
 */
record CloseManifests(Projection catalog) implements Projection {
    private static final String TYPE = "manifest";
    private static final String LICENSE = "https://bench.example/license";
    private static final int BYTES = 20_000;

    @Override
    public String name() {
        return catalog.name();
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document
                && document.type().equals(TYPE))) {
            catalog.apply(tx, position, entry);
        }
    }

    @Override
    public void reset(Handle tx) {
        catalog.reset(tx);
    }

    /** Appends a manifest for each work and enters them into the catalogue. */
    static void append(Database database, Sequencer sequencer, List<ContentAndCreator> works) {
        List<Draft> drafts = works.stream().map(CloseManifests::draft).toList();
        long first = sequencer.execute((tx, now) -> Decision.append(drafts, position -> position));
        database.write(tx -> insert(tx, first, works));
    }

    private static int insert(Handle tx, long first, List<ContentAndCreator> works) {
        List<String> ids = new ArrayList<>(works.size());
        List<String> creators = new ArrayList<>(works.size());
        byte[][] contents = new byte[works.size()][];
        for (ContentAndCreator work : works) {
            contents[ids.size()] = work.content().hash().toBytes();
            ids.add(id(work.content()));
            creators.add(work.creator().value());
        }
        return tx.createUpdate("insert into catalog.work"
                        + " (manifest_id, content_id, creator, bytes, media_type, license_uri, path, position)"
                        + " select q.id, q.content, q.creator, :bytes, 'application/octet-stream', :license,"
                        + " encode(q.content, 'hex'), :first + q.n - 1"
                        + " from unnest(:ids, :contents, :creators) with ordinality q (id, content, creator, n)")
                .bind("bytes", BYTES)
                .bind("license", LICENSE)
                .bind("first", first)
                .bind("ids", SqlArrays.text(ids))
                .bind("contents", SqlArrays.bytea(contents))
                .bind("creators", SqlArrays.text(creators))
                .execute();
    }

    private static String id(ContentId content) {
        return "mf-" + content.hex().substring(0, 40);
    }

    /** The entry that makes a work known. */
    static Draft draft(ContentAndCreator work) {
        return Draft.document(
                TYPE,
                Json.object()
                        .put(
                                "manifest",
                                Json.object()
                                        .put("content_id", work.content().toString())
                                        .put("creator_id", work.creator().value())
                                        .put("license_uri", LICENSE)
                                        .build())
                        .put("manifest_id", id(work.content()))
                        .put("bytes", BYTES)
                        .put("uploader", work.creator().value())
                        .put("receipt", "")
                        .build());
    }
}
