package org.tallystick.platform.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Sorts SQLSTATE codes, so that a lost server is never mistaken for a refused statement. */
final class SqlStates {
    private SqlStates() {}

    /** Whether the server could not be reached, was shutting down or starting, or had run out of a resource. */
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
                || state.equals("57P05"); // idle session timeout
    }
}
