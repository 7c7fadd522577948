package org.tallystick.platform.db;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.kernel.FileTree;
import org.tallystick.protocol.codec.Reasons;

/**
 * A PostgreSQL server as a child process, so that nothing has to be installed to run a platform that keeps money. The
 * cases that matter are the unplanned ones:
 *
 * <ul>
 *   <li>we are killed: the server lives on as an orphan; the next start stops it, see {@link Orphans};
 *   <li>the server is killed: {@link #supervise} starts it again and PostgreSQL replays its WAL;
 *   <li>both are killed: what is left is a stale {@code postmaster.pid}, whose number may meanwhile belong to a stranger;
 *   <li>a second process of ours starts on the same directory: refused by a file lock;
 *   <li>we are killed while the directory is being made: it is made under another name and moved when whole.
 * </ul>
 *
 * Thread-safe.
 */
final class EmbeddedServer implements AutoCloseable {
    /** The application's database. */
    static final String DATABASE = "tallystick";

    static final String USER = "tallystick";
    private static final String HOST = "127.0.0.1";
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration READY_WITHIN = Duration.ofMinutes(5); // a long WAL to replay
    private static final int ATTEMPTS = 4;

    /**
     * How to run a server.
     *
     * @param root its directory
     * @param binaries directory to unpack the programs in
     * @param settings settings that override both the defaults and what is written in the data directory
     */
    record Options(Path root, Path binaries, List<String> settings) {
        /** What a server that keeps money runs with: nothing is reported done before it is on disk. */
        static Options durable(Path root) {
            return new Options(
                    root,
                    root,
                    List.of("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_wal_size=1GB"));
        }
    }

    private final ServerFiles files;
    private final Closeable lock;
    private final Options options;
    private final PostgresBinaries binaries;
    private final Launcher launcher;
    private final String password;
    private final int port;
    private final List<Runnable> restartListeners = new CopyOnWriteArrayList<>();
    private final Object lifecycle = new Object();
    private final Thread supervisor;
    private volatile boolean closing;
    private volatile boolean up;
    private volatile Process process;

    private EmbeddedServer(Options options, ServerFiles files, Closeable lock) throws IOException {
        this.options = options;
        this.files = files;
        this.lock = lock;
        this.launcher = Launcher.forThisSystem();
        this.binaries = PostgresBinaries.unpack(
                Files.createDirectories(options.binaries()).toRealPath());
        this.password = files.password();
        initialise();
        orphans().clear();
        this.port = files.port();
        this.process = launchWithRetry();
        try {
            createDatabase();
        } catch (IOException | RuntimeException e) {
            orphans().stop(process.pid());
            throw e;
        }
        this.up = true;
        this.supervisor =
                Thread.ofPlatform().daemon().name("postgres-supervisor").unstarted(this::supervise);
    }

    /**
     * Starts a server on a directory and waits until it answers.
     *
     * @throws IllegalStateException if another process uses the directory
     * @throws UncheckedIOException if it cannot be started
     */
    static EmbeddedServer start(Options options) {
        try {
            ServerFiles files = ServerFiles.in(options.root());
            Closeable lock = files.lock();
            try {
                EmbeddedServer server = new EmbeddedServer(options, files, lock);
                server.supervisor.start();
                return server;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded database cannot start: " + Reasons.of(e), e);
        }
    }

    /** Whether it answers as far as we know. */
    boolean isUp() {
        return up;
    }

    /** The postmaster's process id while it runs. */
    Optional<Long> pid() {
        return up ? Optional.of(process.pid()) : Optional.empty();
    }

    /** Runs after every unplanned restart, once the server answers again. */
    void onRestart(Runnable listener) {
        restartListeners.add(listener);
    }

    /** Connections to one of its databases, with the password. */
    PGSimpleDataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {HOST});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(USER);
        source.setPassword(password);
        return source;
    }

    /** Sets the server's log aside where it has grown large; whether it had. */
    boolean rotateLog() {
        try {
            return files.rotateLog();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server in order and gives the directory free. Idempotent. */
    @Override
    public void close() {
        closing = true;
        synchronized (lifecycle) {
            up = false;
            try {
                if (process.isAlive()) {
                    orphans().stop(process.pid());
                }
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded database did not stop: " + Reasons.of(e), e);
            }
        }
    }

    private Orphans orphans() {
        return new Orphans(files.pgdata(), binaries, launcher);
    }

    /** Makes the data directory unless there is one; a half-made one is thrown away. */
    private void initialise() throws IOException {
        Path pgdata = files.pgdata();
        if (Files.exists(pgdata.resolve("PG_VERSION"))) {
            return;
        }
        if (Files.exists(pgdata)) {
            throw new IOException(pgdata + " exists but is not a PostgreSQL data directory");
        }
        Path fresh = files.root().resolve("pgdata.new");
        FileTree.delete(fresh);
        launcher.run(
                List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + fresh,
                        "--username=" + USER,
                        "--pwfile=" + files.root().resolve("password"),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C", // the same order of text on every machine
                        "--data-checksums",
                        "--no-instructions"),
                files.root());
        Files.move(fresh, pgdata, StandardCopyOption.ATOMIC_MOVE);
    }

    private Process launchWithRetry() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch();
            } catch (IOException e) {
                if (attempt == ATTEMPTS || closing) {
                    throw e;
                }
                LOG.warn("attempt {} to start the database server failed: {}", attempt, Reasons.of(e));
                pause(Duration.ofMillis(250L * attempt));
            }
        }
    }

    private Process launch() throws IOException {
        // Written at every start: whoever edited it, no one gets in without the password.
        ServerFiles.writePrivately(files.pgdata().resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        List<String> command = new ArrayList<>(
                List.of(binaries.program("postgres"), "-D", files.pgdata().toString()));
        for (String setting : settings()) {
            command.add("-c");
            command.add(setting);
        }
        Process started = launcher.start(command, files.pgdata(), files.rolledLog());
        try {
            awaitReady(started);
            return started;
        } catch (IOException | RuntimeException e) {
            if (started.isAlive()) {
                orphans().stop(started.pid());
            }
            throw e;
        }
    }

    private List<String> settings() {
        List<String> all = new ArrayList<>(List.of(
                "port=" + port,
                "listen_addresses=" + HOST,
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                "max_connections=64",
                "shared_buffers=128MB",
                "wal_buffers=16MB",
                "work_mem=16MB",
                "maintenance_work_mem=64MB",
                "effective_cache_size=1GB",
                "random_page_cost=1.1", // nothing we run on has a disk head to move
                "jit=off",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_line_prefix=%m [%p] ",
                "checkpoint_timeout=15min",
                "idle_in_transaction_session_timeout=10min"));
        if (Files.isDirectory(Path.of("/proc"))) {
            all.add("recovery_init_sync_method=syncfs"); // a thousand files one by one take seconds after a crash
        }
        all.addAll(options.settings());
        return all;
    }

    private void awaitReady(Process started) throws IOException {
        PGSimpleDataSource source = dataSource("postgres");
        source.setConnectTimeout(5);
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            if (!started.isAlive()) {
                throw new IOException("the database server ended with " + started.exitValue() + ": " + files.logTail());
            }
            try (Connection connection = source.getConnection()) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (!SqlStates.isUnavailable(e)) {
                    throw new IOException("the database server does not let us in: " + Reasons.of(e), e);
                }
                if (System.nanoTime() - deadline > 0
                        || closing
                        || Thread.currentThread().isInterrupted()) {
                    throw new IOException("the database server does not answer: " + Reasons.of(e), e);
                }
            }
            pause(Duration.ofMillis(15));
        }
    }

    private void createDatabase() throws IOException {
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.execute("create database " + DATABASE);
            }
        } catch (SQLException e) {
            throw new IOException("cannot create the database: " + Reasons.of(e), e);
        }
    }

    /** Waits for the server to end and, unless we wanted that, starts it again for as long as it takes. */
    private void supervise() {
        Duration delay = Duration.ofMillis(50);
        while (!closing) {
            try {
                int code = process.waitFor();
                if (closing) {
                    return;
                }
                up = false;
                LOG.error("the database server ended with {}: starting it again", code);
                synchronized (lifecycle) {
                    if (closing) {
                        return;
                    }
                    orphans().clear();
                    process = launch();
                    up = true;
                }
                delay = Duration.ofMillis(50);
                LOG.info("the database server is back as process {}", process.pid());
                restartListeners.forEach(Runnable::run);
            } catch (IOException | RuntimeException e) {
                LOG.error("the database server does not start again: {}", Reasons.of(e));
                pause(delay);
                delay = delay.multipliedBy(2).compareTo(Duration.ofSeconds(2)) > 0
                        ? Duration.ofSeconds(2)
                        : delay.multipliedBy(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
