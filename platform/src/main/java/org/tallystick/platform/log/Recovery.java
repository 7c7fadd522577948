package org.tallystick.platform.log;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.protocol.log.LogEntry;

/**
 * Brings the database to where the log is: after a crash from where it stopped, on a rebuild from nothing. Both do what
 * the sequencer did when the entries came in. Used by one thread at a time.
 */
final class Recovery {
    private static final int CHUNK = 512;

    private final Database database;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final List<Projection> projections;

    Recovery(Database database, TransparencyLog log, BlobStore blobs, List<Projection> projections) {
        this.database = database;
        this.log = log;
        this.blobs = blobs;
        this.projections = projections;
    }

    /**
     * Applies the entries the database has not taken in; each chunk in a transaction of its own.
     *
     * @return the position reached, which is the size of the log
     * @throws LogDamagedException if the log is not a continuation of the one the database knows
     */
    long recover() {
        checkHistory(database.read(tx -> AppliedStore.read(tx)));
        long position;
        do {
            position = database.write(tx -> {
                AppliedStore.Applied applied = AppliedStore.lock(tx);
                AppliedStore.Applied next = replay(tx, applied, Math.min(applied.position() + CHUNK, log.size()));
                if (!next.equals(applied)) {
                    AppliedStore.save(tx, next);
                }
                return next.position();
            });
        } while (position < log.size());
        return position;
    }

    private void checkHistory(AppliedStore.Applied applied) {
        if (applied.position() > log.size()) {
            throw new LogDamagedException("the log has " + log.size() + " entries, the database has taken in "
                    + applied.position() + ": entries are lost");
        }
        if (!log.rootAt(applied.position()).equals(applied.root())) {
            throw new LogDamagedException(
                    "the log's first " + applied.position() + " entries are not those the database has taken in");
        }
    }

    /**
     * Empties all projections and applies the whole log, in one transaction, so that readers see the old tables until
     * the new ones are complete.
     *
     * @return how many entries were applied
     */
    long rebuild() {
        return database.write(tx -> {
            AppliedStore.lock(tx);
            projections.reversed().forEach(projection -> projection.reset(tx));
            AppliedStore.Applied applied = AppliedStore.Applied.NOTHING;
            long size = log.size();
            while (applied.position() < size) {
                applied = replay(tx, applied, Math.min(applied.position() + CHUNK, size));
            }
            AppliedStore.save(tx, applied);
            return applied.position();
        });
    }

    private AppliedStore.Applied replay(Handle tx, AppliedStore.Applied applied, long to) {
        long position = applied.position();
        Instant time = applied.time();
        for (byte[] bytes : log.entries(position, to)) {
            LogEntry entry = LogEntry.decode(bytes, blobs::read);
            for (Projection projection : projections) {
                projection.apply(tx, position, entry);
            }
            if (entry instanceof LogEntry.DocumentEntry document
                    && document.time().isAfter(time)) {
                time = document.time();
            }
            position++;
        }
        return new AppliedStore.Applied(to, log.rootAt(to), time);
    }
}
