package org.tallystick.platform.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Principal;

/**
 * Uploads in several pieces: who may touch them, where they stand, how they end. Safe from any thread; only one request
 * works on one upload at a time: the newest, which ends the one before, unless that one has all its bytes already.
 */
final class ResumableUploads {
    private static final Logger LOG = LoggerFactory.getLogger(ResumableUploads.class);

    private final ManifestAcceptance acceptance;
    private final Database database;
    private final Staging staging;
    private final IngestConfig config;
    private final ConcurrentMap<String, UploadTurn> turns = new ConcurrentHashMap<>();

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
        return alone(uploader, id, (upload, turn) -> {
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
            StagedUpload reached = staging.append(upload, piece, turn);
            return last ? finish(uploader, reached, turn) : Outcome.accepted(status(reached));
        });
    }

    private Outcome<UploadStatus> finish(Principal uploader, StagedUpload upload, UploadTurn turn) throws IOException {
        turn.keep();
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
        Outcome<UploadStatus> settled = alone(uploader, id, (upload, turn) -> shown(upload));
        boolean completing =
                settled instanceof Outcome.Refused<UploadStatus>(Problem problem) && IngestProblems.isBusy(problem);
        return completing ? staged(() -> shown(uploader, id)) : settled;
    }

    private Outcome<UploadStatus> shown(Principal uploader, String id) {
        return mine(uploader, id).map(this::shown).orElseGet(() -> Outcome.refused(IngestProblems.uploadUnknown(id)));
    }

    private Outcome<UploadStatus> shown(StagedUpload upload) {
        return upload.isComplete() ? receipt(upload).map(r -> complete(upload, r)) : Outcome.accepted(status(upload));
    }

    Outcome<UploadStatus> cancel(Principal uploader, String id) {
        return alone(uploader, id, (upload, turn) -> {
            turn.keep();
            staging.remove(upload);
            return Outcome.accepted(status(upload));
        });
    }

    int expire() {
        int expired = 0;
        for (StagedUpload upload : staging.abandoned(config.lifetime())) {
            UploadTurn turn = new UploadTurn();
            if (turns.putIfAbsent(upload.id(), turn) == null) {
                try {
                    turn.keep();
                    staging.remove(upload);
                    expired++;
                } catch (IOException | RefusedException e) {
                    LOG.warn("the abandoned upload {} cannot be removed", upload.id(), e);
                } finally {
                    turns.remove(upload.id(), turn);
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
        Outcome<UploadStatus> on(StagedUpload upload, UploadTurn turn) throws IOException;
    }

    /** Work that may fail for want of disk. */
    private interface Staged {
        Outcome<UploadStatus> run() throws IOException;
    }

    private Outcome<UploadStatus> alone(Principal uploader, String id, Step step) {
        if (mine(uploader, id).isEmpty()) {
            return Outcome.refused(IngestProblems.uploadUnknown(id));
        }
        UploadTurn turn = new UploadTurn();
        boolean[] takenOver = new boolean[1];
        UploadTurn holder = turns.compute(id, (key, before) -> {
            takenOver[0] = before != null;
            return before == null || before.end() ? turn : before;
        });
        if (holder != turn) {
            return Outcome.refused(IngestProblems.uploadBusy());
        }
        try {
            return staged(() -> {
                Optional<StagedUpload> upload = turn.step(() -> asLeft(uploader, id, takenOver[0]));
                return upload.isPresent()
                        ? step.on(upload.get(), turn)
                        : Outcome.refused(IngestProblems.uploadUnknown(id));
            });
        } finally {
            turns.remove(id, turn);
        }
    }

    /** The upload as the request before left it, with what that had written where its turn was taken. */
    private Optional<StagedUpload> asLeft(Principal uploader, String id, boolean takenOver) throws IOException {
        Optional<StagedUpload> upload = mine(uploader, id);
        return takenOver && upload.isPresent() ? Optional.of(staging.settle(upload.get())) : upload;
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
