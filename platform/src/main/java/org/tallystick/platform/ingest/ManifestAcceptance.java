package org.tallystick.platform.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * Checks a draft, stores its content and puts its manifest in the log. Content is hashed, signatures are checked and
 * receipts signed on the caller's thread, many at a time; the sequencer only decides whether the manifest is new. Throws
 * {@link RefusedException} and {@link MalformedException} for what is not accepted. Safe from any thread.
 */
final class ManifestAcceptance {
    /** Content up to this length is kept in memory while it is checked, in bytes. */
    private static final int SMALL = 64 * 1024;

    private final Database database;
    private final Sequencer sequencer;
    private final Wording wording;
    private final BlobStore blobs;
    private final Catalog catalog;
    private final Parties parties;
    private final Signer platform;
    private final Verifier verifier;
    private final IngestConfig config;
    private final ChunkLists chunks;
    private final InstantSource clock;

    ManifestAcceptance(
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
        this.sequencer = sequencer;
        this.wording = new Wording(database);
        this.blobs = blobs;
        this.catalog = catalog;
        this.parties = parties;
        this.platform = platform;
        this.verifier = verifier;
        this.config = config;
        this.chunks = ChunkLists.in(config.chunks(), blobs, platform, verifier);
        this.clock = clock;
    }

    /**
     * Checks all that can be checked without the content.
     *
     * @throws RefusedException and {@link MalformedException} with the reason
     */
    void admit(Principal uploader, ManifestDraft draft) {
        Party creator = parties.recent(draft.creator())
                .filter(party -> party.role() == Role.CREATOR)
                .orElseThrow(() -> new RefusedException(IngestProblems.creatorUnknown(draft.creator())));
        permission(uploader, draft).ifPresent(problem -> {
            throw new RefusedException(problem);
        });
        draft.check(now());
        if (draft.bytes().isPresent() && draft.bytes().get() > config.maxBytes()) {
            throw new RefusedException(IngestProblems.tooLarge(config.maxBytes()));
        }
        draft.signature()
                .ifPresent(signature ->
                        signature.verify(draft.document(), creator.key().orElseThrow(), verifier));
    }

    private static Optional<Problem> permission(Principal uploader, ManifestDraft draft) {
        return switch (uploader.role()) {
            case CREATOR ->
                uploader.id().equals(draft.creator())
                        ? Optional.empty()
                        : Optional.of(IngestProblems.notYours(uploader.id(), draft.creator()));
            case CURATOR, OPERATOR ->
                draft.signature().isPresent()
                        ? Optional.empty()
                        : Optional.of(IngestProblems.signatureNeeded(uploader.id(), draft.creator()));
            case BUYER, AUDITOR, EDGE -> Optional.of(IngestProblems.role(uploader.id()));
        };
    }

    /** Stores content and manifest of a draft that was admitted. */
    Outcome<UploadReceipt> store(PartyId uploader, ManifestDraft draft, InputStream content) {
        try {
            byte[] head = content.readNBytes(SMALL + 1);
            Instant now = now();
            if (head.length <= SMALL) {
                Manifest manifest = draft.complete(ContentId.of(head), head.length, now);
                blobs.put(head);
                return record(uploader, draft, manifest, head.length, now);
            }
            ChunkLists.Passing passing =
                    new ChunkLists.Passing(new SequenceInputStream(new ByteArrayInputStream(head), content));
            BlobStore.Stored stored = put(draft.expectedContent(), passing);
            chunks.keep(passing.list(stored.id()));
            return record(uploader, draft, draft.complete(stored.id(), stored.bytes(), now), stored.bytes(), now);
        } catch (IOException e) {
            throw new UncheckedIOException("what was staged cannot be read", e);
        }
    }

    /** The signed chunk hashes of a work; none where that is no work, or not here. */
    Optional<byte[]> chunks(ContentId content) {
        boolean isWork = database.read(tx -> !catalog.claimants(tx, content).isEmpty());
        return isWork && blobs.has(content) ? Optional.of(chunks.document(content)) : Optional.empty();
    }

    private BlobStore.Stored put(Optional<ContentId> expected, InputStream content) {
        try {
            return expected.isPresent() ? blobs.put(expected.get(), content) : blobs.put(content);
        } catch (MalformedException e) {
            throw new MalformedException("manifest/content-id-mismatch", e.detail());
        }
    }

    private Outcome<UploadReceipt> record(
            PartyId uploader, ManifestDraft draft, Manifest manifest, long bytes, Instant now) {
        String fresh = UploadReceipt.sign(manifest, bytes, now, platform);
        boolean timed = draft.uploadTs().isEmpty();
        Words document = ManifestProjection.document(manifest);
        Words path = ManifestProjection.path(manifest);
        Draft entry = Draft.document(
                ManifestProjection.MANIFEST,
                ManifestProjection.body(manifest, document, path, uploader, bytes, fresh, timed));
        Outcome<String> outcome = wording.keeping(
                List.of(document, path),
                () -> sequencer.execute((tx, time) -> ManifestStore.receipt(tx, manifest)
                        .map(found -> Decision.answer(Outcome.repeated(found)))
                        .orElseGet(() -> Decision.append(List.of(entry), position -> Outcome.accepted(fresh)))));
        List<PartyId> others = database.read(tx -> claimants(tx, manifest));
        return outcome.map(receipt -> UploadReceipt.read(receipt, others));
    }

    private List<PartyId> claimants(Handle tx, Manifest manifest) {
        return catalog.claimants(tx, manifest.content()).stream()
                .filter(creator -> !creator.equals(manifest.form().creator()))
                .toList();
    }

    /** A manifest of the log, with the receipt given for it and who else claims the content as of now. */
    Optional<StoredManifest> manifest(Handle tx, String manifestId) {
        return ManifestStore.find(tx, manifestId).map(found -> found.claimedBy(claimants(tx, found.manifest())));
    }

    long maxBytes() {
        return config.maxBytes();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
