package org.tallystick.platform.log;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** The savepoint that keeps each command of a group apart from the others. Stateless. */
final class SavepointStore {
    private SavepointStore() {}

    /** Begins the first command; its constraints wait until {@link #next}. */
    static void begin(Handle tx) {
        tx.execute("savepoint command; set constraints all deferred");
    }

    /** Undoes what was written since {@link #begin}. */
    static void undo(Handle tx) {
        tx.execute("rollback to savepoint command");
    }

    /**
     * Ends a command and begins the next in one journey to the server. What would fail at commit fails here, before the
     * append, and leaves the command to be undone.
     */
    static void next(Handle tx) {
        tx.execute("set constraints all immediate; release savepoint command;"
                + " savepoint command; set constraints all deferred");
    }

    /** Whether the connection is gone. */
    static boolean isLost(Handle tx) {
        try {
            return !tx.getConnection().isValid(1);
        } catch (SQLException e) {
            return true;
        }
    }
}
