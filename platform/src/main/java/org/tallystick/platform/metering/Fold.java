package org.tallystick.platform.metering;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.platform.metering.fold.Bucket;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.Folder;
import org.tallystick.protocol.log.LogEntry;

/**
 * One folder in memory together with the position it stands at. Each step is one transaction that saves what changed and
 * moves the saved position; whatever goes wrong in it, the object is thrown away and the next one begins at what was
 * saved. Used by one thread at a time.
 */
final class Fold {
    private static final int POSITIONS_AT_ONCE = 8_192;
    private static final int LEAVES_AT_ONCE = 4_000_000;

    private final Database database;
    private final StoredFoldInputs world;
    private final Folder folder;
    private long position;
    private long lastEnding = -1;

    private Fold(Database database, StoredFoldInputs world, long position) {
        this.database = database;
        this.world = world;
        this.folder = new Folder(world);
        this.position = position;
    }

    /** Begins at what was saved. */
    static Fold resume(Database database, StoredFoldInputs.Rooms rooms, BatchReader reader, KnownVersions versions) {
        return database.read(tx -> new Fold(
                database,
                new StoredFoldInputs(rooms, reader, StoredFoldInputs.Memory.SAVED, tx, versions),
                MeteringStore.position(tx)));
    }

    /** Log entries folded and saved. */
    long position() {
        return position;
    }

    /** Folds up to a position, or some way there. */
    void step(long to) {
        position = database.write(tx -> {
            begin(tx);
            long reached = foldSome(to);
            save(tx);
            MeteringStore.advance(tx, position, reached);
            return reached;
        });
        folder.saved();
    }

    /** Goes on in a transaction, which may see tokens, jobs or epochs ended since the one before. */
    private void begin(Handle tx) {
        long ending = world.in(tx).lastEnding();
        if (ending != lastEnding) {
            folder.forgetGrants();
            lastEnding = ending;
        }
    }

    private long foldSome(long to) {
        long at = position;
        int leaves = 0;
        while (at < to && at < position + POSITIONS_AT_ONCE && leaves < LEAVES_AT_ONCE) {
            Optional<LogEntry.BatchEntry> entry = world.reader().entry(at);
            if (entry.isPresent()) {
                folder.fold(at, world.reader().inBundle(entry.get()));
                leaves += entry.get().signed().header().count();
            }
            at++;
        }
        return at;
    }

    /** Cuts all buckets at a moment, in milliseconds. */
    void cut(long moment) {
        if (world.boundaries().contains(moment) || moment % FoldedSet.DAY == 0) {
            return;
        }
        database.write(tx -> {
            begin(tx);
            MeteringStore.advance(tx, position, position);
            MeteringStore.insertBoundary(tx, moment);
            world.boundaries().add(moment);
            folder.cut(moment);
            save(tx);
            return moment;
        });
        folder.saved();
    }

    private void save(Handle tx) {
        MeteringStore.save(tx, folder.sets());
        MeteringStore.saveEpochs(tx, folder.epochs());
        MeteringStore.saveAnomalies(tx, folder.anomalies());
    }

    /** Bytes of memory its sets take, about. */
    long footprint() {
        return folder.sets().stream()
                .flatMap(set -> set.buckets().stream())
                .mapToLong(Bucket::footprint)
                .sum();
    }
}
