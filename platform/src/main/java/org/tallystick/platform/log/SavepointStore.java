package org.tallystick.platform.log;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** The savepoint that keeps each command of a group apart from the others. Stateless. */
final class SavepointStore {
    private SavepointStore() {}

    /** Begins a command; its constraints wait until {@link #checkConstraints}. */
    static void begin(Handle tx) {
        tx.execute("savepoint command; set constraints all deferred");
    }

    /** Undoes what was written since {@link #begin}. */
    static void undo(Handle tx) {
        tx.execute("rollback to savepoint command");
    }

    /** What would fail at commit fails here, before the append. */
    static void checkConstraints(Handle tx) {
        tx.execute("set constraints all immediate");
    }

    static void end(Handle tx) {
        tx.execute("release savepoint command");
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
