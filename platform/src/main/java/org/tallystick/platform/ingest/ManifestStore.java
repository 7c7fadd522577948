package org.tallystick.platform.ingest;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;

/** Manifests in the database. */
final class ManifestStore {
    private ManifestStore() {}

    /** The receipt given for a manifest, or for the upload whose time the platform set. */
    static Optional<String> receipt(Handle tx, Manifest manifest) {
        if (manifest.request().isEmpty()) {
            return tx.select("select receipt from ingest.manifest where id = ?", manifest.id())
                    .mapTo(String.class)
                    .findOne();
        }
        return tx.select(
                        "select receipt from ingest.manifest where id in (?, ?) or request = ? order by position limit"
                                + " 1",
                        manifest.id(),
                        manifest.unsaltedId(),
                        manifest.request().get().toBytes())
                .mapTo(String.class)
                .findOne();
    }

    static void insert(
            Handle tx,
            String id,
            Optional<Hash> request,
            byte[] document,
            PartyId creator,
            PartyId uploader,
            long bytes,
            String receipt,
            Instant takenIn,
            long position) {
        tx.createUpdate("insert into ingest.manifest (id, request, document, creator, uploader, bytes, receipt,"
                        + " taken_in, position) values (:id, :request, :document, :creator, :uploader, :bytes,"
                        + " :receipt, :taken_in, :position)")
                .bind("id", id)
                .bind("request", request.map(Hash::toBytes).orElse(null))
                .bind("document", document)
                .bind("creator", creator.value())
                .bind("uploader", uploader.value())
                .bind("bytes", bytes)
                .bind("receipt", receipt)
                .bind("taken_in", takenIn.atOffset(ZoneOffset.UTC))
                .bind("position", position)
                .execute();
    }

    static Optional<StoredManifest> find(Handle tx, String id) {
        return tx.select(
                        "select m.id, m.document, w.words, w.salt, m.uploader, m.receipt, m.taken_in, m.position"
                                + " from ingest.manifest m left join log.personal_words w"
                                + " on w.position = m.position and w.member = 'document' where m.id = ?",
                        id)
                .map((row, context) -> manifest(row))
                .findOne();
    }

    /** A creator's manifests before a place of the log are no longer recognised by what was sent. */
    static void forget(Handle tx, PartyId creator, long before) {
        tx.execute(
                "update ingest.manifest set request = null where creator = ? and position < ?",
                creator.value(),
                before);
    }

    /** The same of one manifest, by the place of its entry. */
    static void forget(Handle tx, long position) {
        tx.execute("update ingest.manifest set request = null where position = ?", position);
    }

    static void empty(Handle tx) {
        tx.execute("delete from ingest.manifest");
    }

    private static StoredManifest manifest(ResultSet row) throws SQLException {
        @Nullable String words = row.getString("words");
        byte[] document = words == null ? row.getBytes("document") : words.getBytes(StandardCharsets.UTF_8);
        return new StoredManifest(
                Manifest.recorded(row.getString("id"), Json.parseObject(document)),
                Optional.ofNullable(row.getString("salt")),
                new PartyId(row.getString("uploader")),
                UploadReceipt.read(row.getString("receipt"), List.of()),
                row.getObject("taken_in", OffsetDateTime.class).toInstant(),
                row.getLong("position"));
    }
}
