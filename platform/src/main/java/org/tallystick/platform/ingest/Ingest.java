package org.tallystick.platform.ingest;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * Takes works in, in one piece or in several, and shows the manifests they came with. Safe from any thread.
 *
 * <p>An upload in several pieces has the shape of the IETF's resumable uploads: begin, append at the offset reached, say
 * which piece is the last. What has been acknowledged survives a restart; what nobody touches for {@link
 * IngestConfig#lifetime} is given up. A complete upload goes on answering with its receipt for as long, so that an answer
 * that was lost can be asked for again. Of two requests for one upload the newer ends the older and goes on where
 * that stood; while the older is completing the upload, the newer is refused.
 *
 * <p>What fails for want of disk or database throws what log and database throw; repeating is safe.
 */
public final class Ingest {
    private final Database database;
    private final ManifestAcceptance acceptance;
    private final ResumableUploads uploads;

    /**
     * Takes up the unfinished uploads an earlier process left. One process uses a staging directory at a time.
     *
     * @param platform signs the receipts
     * @throws java.io.UncheckedIOException if the staging directory cannot be used
     */
    public Ingest(
            Database database,
            Sequencer sequencer,
            BlobStore blobs,
            Catalog catalog,
            Parties parties,
            Signer platform,
            Verifier verifier,
            IngestConfig config,
            InstantSource clock) {
        this.database = database;
        this.acceptance =
                new ManifestAcceptance(database, sequencer, blobs, catalog, parties, platform, verifier, config, clock);
        this.uploads = ResumableUploads.open(acceptance, database, config, clock);
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new ManifestProjection();
    }

    /**
     * Takes in a work in one piece. The stream is read to its end and not closed; where the upload is refused before or
     * while it is read, the rest of it is left unread.
     *
     * @return the receipt; the same manifest again is a repeat with the same receipt. Refused {@code manifest/…} for what
     *     is wrong with the manifest or does not fit the content, {@code upload/…} for the rest
     */
    public Outcome<UploadReceipt> upload(Principal uploader, ManifestDraft draft, InputStream content) {
        return IngestProblems.refusing(() -> {
            acceptance.admit(uploader, draft);
            long limit = acceptance.maxBytes();
            ClientStream stream = new ClientStream(content, limit, () -> IngestProblems.tooLarge(limit));
            return acceptance.store(uploader.id(), draft, stream);
        });
    }

    /**
     * Begins an upload. What can be found wrong without the content is refused now.
     *
     * @param length of the whole content in bytes, where it is known
     * @return where it stands; refused {@code manifest/…}, {@code upload/…}
     */
    public Outcome<UploadStatus> begin(Principal uploader, ManifestDraft draft, Optional<Long> length) {
        return uploads.begin(uploader, draft, length);
    }

    /**
     * Adds a piece to an upload. Where the connection breaks off, what had come is kept.
     *
     * @param offset where the piece belongs; must be where the upload stands
     * @param last whether the content ends with it; then the answer has the receipt
     * @return refused {@code upload/offset} with {@code upload_offset}, where it stands; {@code upload/unknown}, {@code
     *     upload/busy}, {@code upload/superseded} where a newer request took over, {@code upload/complete}; and, with the last piece, as {@link #upload}: then the upload is over,
     *     unless the refusal is {@code upload/shorter-than-declared}
     */
    public Outcome<UploadStatus> append(
            Principal uploader, String uploadId, long offset, InputStream content, boolean last) {
        return uploads.append(uploader, uploadId, offset, content, last);
    }

    /** Completes an upload all of whose bytes are there; as {@link #append} of a last piece without bytes. */
    public Outcome<UploadStatus> complete(Principal uploader, String uploadId) {
        return status(uploader, uploadId)
                .flatMap(at -> append(uploader, uploadId, at.offset(), InputStream.nullInputStream(), true));
    }

    /** Where an upload stands; refused {@code upload/unknown}, also where it is another party's. */
    public Outcome<UploadStatus> status(Principal uploader, String uploadId) {
        return uploads.status(uploader, uploadId);
    }

    /**
     * Gives an upload up. One that is complete is only forgotten; its work stays. Refused {@code upload/unknown}, {@code
     * upload/busy}.
     */
    public Outcome<UploadStatus> cancel(Principal uploader, String uploadId) {
        return uploads.cancel(uploader, uploadId);
    }

    /**
     * Gives up the uploads nobody has touched for too long; to be called now and then.
     *
     * @return how many
     */
    public int expire() {
        return uploads.expire();
    }

    /**
     * The chunk hashes of a work, signed, so that an edge can check it while it arrives; made now where they are not kept,
     * which reads the whole work. Nothing where there is no such work.
     */
    public Optional<byte[]> chunks(ContentId content) {
        return acceptance.chunks(content);
    }

    /** A manifest of the log, with the receipt given for it and who else claims the content as of now. */
    public Optional<StoredManifest> manifest(Handle tx, String manifestId) {
        return acceptance.manifest(tx, manifestId);
    }

    /** A manifest like {@link #manifest(Handle, String)}, as last committed. */
    public Optional<StoredManifest> manifest(String manifestId) {
        return database.read(tx -> acceptance.manifest(tx, manifestId));
    }

    /** A manifest's history as W3C PROV-O in JSON-LD. */
    public static Json.Obj provenance(StoredManifest manifest) {
        return ProvenanceExport.of(manifest);
    }

    /** The metadata file of a research object that holds this one work (RO-Crate 1.1). */
    public static Json.Obj roCrate(StoredManifest manifest) {
        return CrateExport.of(manifest);
    }
}
