package org.tallystick.platform.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Principal;

/**
 * Uploads in several pieces: who may touch them, where they stand, how they end. Safe from any thread; only one
 * request works on one upload at a time.
 */
final class ResumableUploads {
    private static final Logger LOG = LoggerFactory.getLogger(ResumableUploads.class);

    private final ManifestAcceptance acceptance;
    private final Database database;
    private final Staging staging;
    private final IngestConfig config;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    private ResumableUploads(ManifestAcceptance acceptance, Database database, Staging staging, IngestConfig config) {
        this.acceptance = acceptance;
        this.database = database;
        this.staging = staging;
        this.config = config;
    }

    static ResumableUploads open(
            ManifestAcceptance acceptance, Database database, IngestConfig config, InstantSource clock) {
        try {
            return new ResumableUploads(acceptance, database, Staging.open(config.staging(), clock), config);
        } catch (IOException e) {
            throw new UncheckedIOException("the directory for uploads cannot be used: " + config.staging(), e);
        }
    }

    Outcome<UploadStatus> begin(Principal uploader, ManifestDraft draft, Optional<Long> length) {
        expire();
        return staged(() -> {
            acceptance.admit(uploader, draft);
            if (length.isPresent() && length.get() > config.maxBytes()) {
                return Outcome.refused(IngestProblems.tooLarge(config.maxBytes()));
            }
            if (staging.open(uploader.id()) >= config.openUploads()) {
                return Outcome.refused(IngestProblems.tooManyUploads(config.openUploads()));
            }
            return Outcome.accepted(status(staging.begin(uploader.id(), draft.document(), length)));
        });
    }

    Outcome<UploadStatus> append(Principal uploader, String id, long offset, InputStream content, boolean last) {
        return alone(uploader, id, upload -> {
            if (upload.isComplete()) {
                return last && offset == upload.offset()
                        ? receipt(upload).map(r -> complete(upload, r))
                        : Outcome.refused(IngestProblems.uploadComplete());
            }
            if (offset != upload.offset()) {
                return Outcome.refused(IngestProblems.offsetMismatch(upload.offset(), offset));
            }
            long limit = upload.length().orElse(config.maxBytes());
            ClientStream piece = new ClientStream(
                    content,
                    limit - offset,
                    () -> upload.length()
                            .map(IngestProblems::longerThanDeclared)
                            .orElseGet(() -> IngestProblems.tooLarge(limit)));
            StagedUpload reached = staging.append(upload, piece);
            return last ? finish(uploader, reached) : Outcome.accepted(status(reached));
        });
    }

    private Outcome<UploadStatus> finish(Principal uploader, StagedUpload upload) throws IOException {
        if (upload.length().isPresent() && upload.length().get() != upload.offset()) {
            return Outcome.refused(
                    IngestProblems.shorterThanDeclared(upload.length().get(), upload.offset()));
        }
        Outcome<UploadReceipt> outcome;
        try (InputStream content = staging.read(upload)) {
            outcome = IngestProblems.refusing(() -> {
                ManifestDraft draft = ManifestDraft.parse(upload.manifest());
                acceptance.admit(uploader, draft);
                return acceptance.store(uploader.id(), draft, content);
            });
        }
        if (outcome instanceof Outcome.Accepted<UploadReceipt>(UploadReceipt receipt, boolean repeated)) {
            staging.complete(upload, receipt.manifestId());
        } else {
            staging.remove(upload);
        }
        return outcome.map(receipt -> complete(upload, receipt));
    }

    Outcome<UploadStatus> status(Principal uploader, String id) {
        return staged(() -> {
            Optional<StagedUpload> found = mine(uploader, id);
            if (found.isEmpty()) {
                return Outcome.refused(IngestProblems.uploadUnknown(id));
            }
            StagedUpload upload = found.get();
            return upload.isComplete()
                    ? receipt(upload).map(r -> complete(upload, r))
                    : Outcome.accepted(status(upload));
        });
    }

    Outcome<UploadStatus> cancel(Principal uploader, String id) {
        return alone(uploader, id, upload -> {
            staging.remove(upload);
            return Outcome.accepted(status(upload));
        });
    }

    int expire() {
        int expired = 0;
        for (StagedUpload upload : staging.abandoned(config.lifetime())) {
            if (busy.add(upload.id())) {
                try {
                    staging.remove(upload);
                    expired++;
                } catch (IOException e) {
                    LOG.warn("the abandoned upload {} cannot be removed", upload.id(), e);
                } finally {
                    busy.remove(upload.id());
                }
            }
        }
        return expired;
    }

    private Optional<StagedUpload> mine(Principal uploader, String id) {
        return staging.find(id).filter(upload -> upload.uploader().equals(uploader.id()));
    }

    private Outcome<UploadReceipt> receipt(StagedUpload upload) {
        String manifestId = upload.manifestId().orElseThrow();
        return database.read(tx -> acceptance.manifest(tx, manifestId))
                .map(StoredManifest::receipt)
                .map(Outcome::repeated)
                .orElseGet(() -> Outcome.refused(IngestProblems.manifestUnknown(manifestId)));
    }

    private UploadStatus status(StagedUpload upload) {
        return new UploadStatus(
                upload.id(), upload.offset(), upload.touched().plus(config.lifetime()), Optional.empty());
    }

    private UploadStatus complete(StagedUpload upload, UploadReceipt receipt) {
        return new UploadStatus(
                upload.id(), upload.offset(), upload.touched().plus(config.lifetime()), Optional.of(receipt));
    }

    /** Work on one upload that nobody else may work on meanwhile. */
    private interface Step {
        Outcome<UploadStatus> on(StagedUpload upload) throws IOException;
    }

    /** Work that may fail for want of disk. */
    private interface Staged {
        Outcome<UploadStatus> run() throws IOException;
    }

    private Outcome<UploadStatus> alone(Principal uploader, String id, Step step) {
        if (mine(uploader, id).isEmpty()) {
            return Outcome.refused(IngestProblems.uploadUnknown(id));
        }
        if (!busy.add(id)) {
            return Outcome.refused(IngestProblems.uploadBusy());
        }
        try {
            return staged(() -> {
                Optional<StagedUpload> upload = mine(uploader, id); // as the one before left it
                return upload.isPresent() ? step.on(upload.get()) : Outcome.refused(IngestProblems.uploadUnknown(id));
            });
        } finally {
            busy.remove(id);
        }
    }

    private static Outcome<UploadStatus> staged(Staged work) {
        return IngestProblems.refusing(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                LOG.warn("an upload cannot be staged", e);
                throw new RefusedException(IngestProblems.stagingUnavailable());
            }
        });
    }
}
