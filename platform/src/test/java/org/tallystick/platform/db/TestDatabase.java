package org.tallystick.platform.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A new, migrated database for every test class, in well under a second: one real server per test process (kept under
 * {@code target} between runs), one template with all migrations, one copy of it per caller.
 *
 * <pre>{@code
 * static final Database DB = TestDatabase.fresh();
 * }</pre>
 *
 * Closing what {@link #fresh} returns gives back its connections; not closing it is no fault either. The server runs
 * without syncing: tests of durability start their own.
 */
public final class TestDatabase {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final List<String> FAST = List.of(
            "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB", "max_connections=200");
    private static @Nullable EmbeddedServer server;
    private static String template = "";

    private TestDatabase() {}

    /** A migrated database of the caller's own, on the system's clock. */
    public static Database fresh() {
        return fresh(InstantSource.system());
    }

    /** A migrated database of the caller's own. */
    public static Database fresh(InstantSource clock) {
        EmbeddedServer running = server();
        String name = "test_" + NEXT.incrementAndGet();
        execute(running, "create database " + name + " template " + template + " strategy file_copy");
        return Database.onSource(running.dataSource(name), clock);
    }

    /** The directory shared by all test servers to unpack the programs once. */
    static Path binaries() {
        return directory("postgres-binaries");
    }

    private static synchronized EmbeddedServer server() {
        EmbeddedServer running = server;
        if (running == null) {
            running = start();
            server = running;
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            prepare(running);
        }
        return running;
    }

    /** The first directory no other test process uses. */
    private static EmbeddedServer start() {
        for (int i = 1; ; i++) {
            try {
                return EmbeddedServer.start(new EmbeddedServer.Options(directory("postgres-" + i), binaries(), FAST));
            } catch (IllegalStateException e) {
                if (i == 8) {
                    throw e;
                }
            }
        }
    }

    private static void prepare(EmbeddedServer running) {
        template = "template_" + migrationsHash();
        List<String> stale = new ArrayList<>();
        boolean ready = false;
        try (Connection connection = running.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery(
                        "select datname from pg_database where datname like 'test\\_%' or datname like 'template\\_%'")) {
            while (names.next()) {
                String name = names.getString(1);
                if (name.equals(template)) {
                    ready = true;
                } else {
                    stale.add(name);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        for (String name : stale) {
            execute(running, "drop database " + name + " with (force)");
        }
        if (!ready) {
            execute(running, "drop database if exists migrating with (force)");
            execute(running, "create database migrating");
            try (Database database = Database.onSource(running.dataSource("migrating"), InstantSource.system())) {
                database.migrate();
            }
            execute(running, "alter database migrating rename to " + template);
        }
    }

    /** A template is good for one set of migrations only. */
    private static String migrationsHash() {
        Path root = Path.of(System.getProperty("tallystick.root", ".."), "platform/src/main/resources/db/migration");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            if (Files.isDirectory(root)) {
                try (Stream<Path> files = Files.list(root)) {
                    for (Path file : files.sorted().toList()) {
                        digest.update(file.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                        digest.update(Files.readAllBytes(file));
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path directory(String name) {
        return Path.of(System.getProperty("tallystick.root", ".."), "platform/target/test-databases", name)
                .toAbsolutePath()
                .normalize();
    }

    private static void execute(EmbeddedServer running, String sql) {
        try (Connection connection = running.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
