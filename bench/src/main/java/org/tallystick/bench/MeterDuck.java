package org.tallystick.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The yardstick: the same deliveries as rows in DuckDB, in memory and in the narrowest column types, counted by an
 * ordinary SQL query.
 */
final class MeterDuck implements AutoCloseable {
    private static final String QUESTION =
            "select creator, count(distinct use) as uses from delivery group by creator order by creator";

    private final MeterScale scale;
    private final Connection connection;

    MeterDuck(MeterScale scale) throws SQLException {
        this.scale = scale;
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table delivery (creator integer, use bigint)");
        }
        try (DuckDBAppender rows = connection.unwrap(DuckDBConnection.class).createAppender("main", "delivery")) {
            for (long delivery = 0; delivery < scale.deliveries(); delivery++) {
                long use = scale.useOf(delivery);
                int work = scale.workOf(use);
                rows.beginRow();
                rows.append(scale.creatorOf(work));
                rows.append((long) scale.jobOf(use) << 32 | work);
                rows.endRow();
            }
        }
    }

    /** Uses of each creator, by number. */
    long[] ask() throws SQLException {
        long[] uses = new long[scale.creators()];
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUESTION)) {
            while (rows.next()) {
                uses[rows.getInt(1)] = rows.getLong(2);
            }
        }
        return uses;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
