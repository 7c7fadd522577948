package org.tallystick.platform.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Sorts SQLSTATE codes, so that a lost server is never mistaken for a refused statement. */
final class SqlStates {
    private SqlStates() {}

    /** Whether repeating later is the answer: not reached, stopping or starting, out of a resource, or lost a race. */
    static boolean isUnavailable(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return true; // no connection became free in time
        }
        String state = e.getSQLState();
        if (state == null) {
            return false;
        }
        return state.startsWith("08") // connection exception
                || state.startsWith("53") // insufficient resources: disk, memory, connections
                || state.equals("57P01") // admin shutdown
                || state.equals("57P02") // crash shutdown
                || state.equals("57P03") // cannot connect now: starting, recovering or stopping
                || state.equals("57P05") // idle session timeout
                || state.equals("25P03") // idle in transaction too long: we were suspended
                || state.equals("40P01") // chosen to end a deadlock: repeating is the answer here too
                || state.equals("40001"); // serialization failure
    }
}
