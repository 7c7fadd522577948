package org.tallystick.platform.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGSimpleDataSource;
import org.tallystick.protocol.codec.Reasons;

/**
 * Transactions on one PostgreSQL. Thread-safe. Reads have a pool of their own, so that a queue of writers cannot starve
 * them, and see one snapshot that no concurrent commit changes under them.
 *
 * <p>A thread has one transaction at a time. A read inside a read would take a second connection while it keeps its first,
 * and as many readers as there are connections would then wait for one another for ever; so it fails at once.
 *
 * <p>While the server cannot be reached every call throws {@link UnavailableException} within seconds, and works again
 * once the server is back; an embedded server that died is restarted by itself.
 */
public final class Database implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
    private static final Duration KEEP_IDLE = Duration.ofSeconds(30);
    private static final int WRITERS = 6;

    /** Two queues of four that the API has for what takes long, and as many connections again for everything else. */
    private static final int READERS = 16;

    private final Optional<EmbeddedServer> server;
    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writers;
    private final Jdbi readers;
    private final InstantSource clock;

    /** Bound while the thread is inside a function given to {@link #read} or {@link #write} of this database. */
    private final ScopedValue<Boolean> busy = ScopedValue.newInstance();

    private Database(DataSource source, Optional<EmbeddedServer> server, int idle, InstantSource clock) {
        this.server = server;
        this.clock = clock;
        this.writerPool = pool("write", source, WRITERS, idle, false);
        this.readerPool = pool("read", source, READERS, idle, true);
        this.writers = Jdbi.create(writerPool);
        this.readers = Jdbi.create(readerPool);
    }

    /**
     * Starts the embedded server if one is asked for and connects; does not migrate. Blocks until the server answers.
     * Close it before the JVM exits: a server that is left behind lives on until the next start stops it.
     *
     * @throws UnavailableException if it does not answer
     * @throws IllegalStateException if the data directory is in use by another process or cannot be used
     */
    public static Database open(DatabaseConfig config, InstantSource clock) {
        return switch (config) {
            case DatabaseConfig.Embedded(var dataDir) ->
                onServer(EmbeddedServer.start(EmbeddedServer.Options.durable(dataDir)), clock);
            case DatabaseConfig.External(var url, var user, var password) -> {
                PGSimpleDataSource source = new PGSimpleDataSource();
                source.setUrl(url);
                source.setUser(user);
                source.setPassword(password);
                tuned(source);
                probe(source);
                yield connected(new Database(source, Optional.empty(), 1, clock));
            }
        };
    }

    /**
     * Opens a database beside the process that uses it, if one does: then its server is neither started nor stopped.
     *
     * @throws UnavailableException if the server does not answer
     */
    public static Database beside(DatabaseConfig config, InstantSource clock) {
        return switch (config) {
            case DatabaseConfig.Embedded(Path dataDir)
            when ServerFiles.isRunning(dataDir) -> open(ServerFiles.running(dataDir), clock);
            default -> open(config, clock);
        };
    }

    /** A database that owns a running server and closes it. */
    static Database onServer(EmbeddedServer server, InstantSource clock) {
        Database database =
                new Database(tuned(server.dataSource(EmbeddedServer.DATABASE)), Optional.of(server), 1, clock);
        server.onRestart(database::evict);
        return connected(database);
    }

    /** A database on a server someone else closes; keeps no connection it does not need. */
    static Database onSource(PGSimpleDataSource source, InstantSource clock) {
        return connected(new Database(tuned(source), Optional.empty(), 0, clock));
    }

    /** One connection without a pool, which would only say that none came in time. */
    private static void probe(PGSimpleDataSource source) {
        try {
            source.getConnection().close();
        } catch (SQLException e) {
            throw translate(new IllegalStateException("the database does not let us in: " + Reasons.of(e), e), false);
        }
    }

    private static Database connected(Database database) {
        try {
            database.read(
                    handle -> handle.select("select 1").mapTo(Integer.class).one());
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static PGSimpleDataSource tuned(PGSimpleDataSource source) {
        source.setApplicationName("tallystick");
        source.setConnectTimeout(Math.toIntExact(CONNECT_WITHIN.toSeconds()));
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        return source;
    }

    private static HikariDataSource pool(String name, DataSource source, int size, int idle, boolean readOnly) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("tallystick-" + name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(idle);
        config.setIdleTimeout(KEEP_IDLE.toMillis());
        config.setAutoCommit(true);
        config.setReadOnly(readOnly);
        config.setTransactionIsolation(readOnly ? "TRANSACTION_REPEATABLE_READ" : "TRANSACTION_READ_COMMITTED");
        config.setConnectionTimeout(CONNECT_WITHIN.toMillis());
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /**
     * Brings every room's schema to the newest migration found on the class path. Idempotent; concurrent callers wait
     * for one another.
     *
     * @return how many migrations ran
     */
    public int migrate() {
        try {
            return Flyway.configure()
                    .dataSource(writerPool)
                    .locations("classpath:db/migration")
                    .defaultSchema("migrations")
                    .createSchemas(true)
                    .outOfOrder(true) // rooms number their migrations independently of one another
                    .failOnMissingLocations(false)
                    .validateMigrationNaming(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (RuntimeException e) {
            throw translate(e, false);
        }
    }

    /**
     * Runs a function on one read-only snapshot.
     *
     * @throws IllegalStateException if the thread is inside another read or write of this database
     * @throws UnavailableException if the server cannot be reached or goes away meanwhile
     */
    public <T> T read(Function<Handle, T> function) {
        return run(readers, function);
    }

    /**
     * Runs a function in one transaction: committed when it returns, rolled back when it throws. The function must have
     * no effect but through the handle, and must not keep it.
     *
     * @throws IllegalStateException if the thread is inside another read or write of this database
     * @throws UnavailableException if the server cannot be reached or goes away meanwhile; see {@link
     *     UnavailableException#mayHaveCommitted()}
     */
    public <T> T write(Function<Handle, T> function) {
        return run(writers, function);
    }

    private <T> T run(Jdbi jdbi, Function<Handle, T> function) {
        if (busy.isBound()) {
            throw new IllegalStateException("this thread holds a transaction already and would wait for a second"
                    + " connection while it keeps the first: pass the transaction on, or load before it begins");
        }
        return ScopedValue.where(busy, true).call(() -> runAlone(jdbi, function));
    }

    private <T> T runAlone(Jdbi jdbi, Function<Handle, T> function) {
        if (server.isPresent() && !server.get().isUp()) {
            throw new UnavailableException(
                    "the embedded server is being restarted", new IllegalStateException(), false);
        }
        boolean committing = false;
        try (Handle handle = jdbi.open()) {
            handle.begin();
            T result = applyOrRollBack(handle, function);
            refuseHiddenFailure(handle);
            committing = true;
            handle.commit();
            return result;
        } catch (RuntimeException e) {
            throw translate(e, committing);
        }
    }

    private static <T> T applyOrRollBack(Handle handle, Function<Handle, T> function) {
        try {
            return function.apply(handle);
        } catch (RuntimeException | Error e) {
            try {
                handle.rollback();
            } catch (RuntimeException lost) {
                e.addSuppressed(lost); // a lost connection has rolled back too
            }
            throw e;
        }
    }

    /** PostgreSQL answers the commit of a failed transaction by rolling back without an error: that must not pass. */
    private static void refuseHiddenFailure(Handle handle) {
        try {
            if (handle.getConnection().unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
                handle.rollback();
                throw new IllegalStateException("a statement failed and its failure was hidden: nothing is committed");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The present time, from the injected clock. */
    public Instant now() {
        return clock.instant();
    }

    /** The embedded server's process id, if there is one and it runs. */
    public Optional<Long> serverPid() {
        return server.flatMap(EmbeddedServer::pid);
    }

    /** Sets the log of an embedded server aside where it has grown large; how many logs that were. */
    public int rotateLog() {
        return server.filter(EmbeddedServer::rotateLog).isPresent() ? 1 : 0;
    }

    /** Closes the pools and stops the embedded server. Idempotent. */
    @Override
    public void close() {
        writerPool.close();
        readerPool.close();
        server.ifPresent(EmbeddedServer::close);
    }

    private void evict() {
        Objects.requireNonNull(writerPool.getHikariPoolMXBean()).softEvictConnections();
        Objects.requireNonNull(readerPool.getHikariPoolMXBean()).softEvictConnections();
    }

    /** Tells a server that cannot answer from one that answered with an error. */
    private static RuntimeException translate(RuntimeException e, boolean committing) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnavailableException unavailable) {
                return unavailable;
            }
            if (cause instanceof SQLException sql && SqlStates.isUnavailable(sql)) {
                return new UnavailableException("the database is unavailable: " + Reasons.of(sql), e, committing);
            }
        }
        return e;
    }
}
