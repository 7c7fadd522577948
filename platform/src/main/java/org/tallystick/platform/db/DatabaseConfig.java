package org.tallystick.platform.db;

import java.nio.file.Path;

/** Which PostgreSQL to use. */
public sealed interface DatabaseConfig {

    /**
     * A server of our own, started and stopped with us.
     *
     * @param dataDir directory for its data, password, log and binaries; created if absent; used by one process at once
     */
    record Embedded(Path dataDir) implements DatabaseConfig {}

    /**
     * A server the operator runs.
     *
     * @param jdbcUrl for example {@code jdbc:postgresql://db.example.org/tallystick?sslmode=verify-full}
     * @param user may create schemas in that database
     * @param password never shown by {@link #toString}
     */
    record External(String jdbcUrl, String user, String password) implements DatabaseConfig {
        /** Checks the kind of URL. */
        public External {
            if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException("the database URL must start with jdbc:postgresql:");
            }
        }

        @Override
        public String toString() {
            return "External[user=" + user + "]";
        }
    }
}
