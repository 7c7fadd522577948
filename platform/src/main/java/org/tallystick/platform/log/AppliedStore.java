package org.tallystick.platform.log;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.tree.MerkleTree;

/** The one row that says how far the database has taken in the log. Stateless. */
final class AppliedStore {
    private AppliedStore() {}

    /**
     * How far the database is.
     *
     * @param position entries taken in
     * @param root of the tree over them
     * @param time of the last one that has a time
     */
    record Applied(long position, Hash root, Instant time) {
        static final Applied NOTHING = new Applied(0, MerkleTree.emptyRoot(), Instant.EPOCH);
    }

    /** Reads the row. */
    static Applied read(Handle tx) {
        return query(tx, "select position, root, time from log.applied");
    }

    /** Reads the row and keeps others from changing it until the transaction ends. */
    static Applied lock(Handle tx) {
        return query(tx, "select position, root, time from log.applied for update");
    }

    private static Applied query(Handle tx, String sql) {
        return tx.createQuery(sql)
                .map((row, context) -> new Applied(
                        row.getLong("position"),
                        Hash.of(row.getBytes("root")),
                        row.getObject("time", OffsetDateTime.class).toInstant()))
                .one();
    }

    static void save(Handle tx, Applied applied) {
        int rows = tx.createUpdate("update log.applied set position = :position, root = :root, time = :time")
                .bind("position", applied.position())
                .bind("root", applied.root().toBytes())
                .bind("time", applied.time().atOffset(ZoneOffset.UTC))
                .execute();
        if (rows != 1) {
            throw new IllegalStateException("log.applied has " + rows + " rows");
        }
    }
}
