package org.tallystick.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.tallystick.platform.kernel.FileTree;

/** The embedded server with its durable settings, and each way it can be interrupted. */
class EmbeddedServerTest {
    @TempDir
    static Path shared;

    @TempDir
    Path temporary;

    private Path dataDir = Path.of("");

    /** Gives each test a data directory made once by initdb. */
    @BeforeEach
    void dataDirectory() throws IOException {
        Path made = shared.resolve("made");
        if (!Files.exists(made)) {
            start(made).close();
        }
        dataDir = temporary.resolve("data");
        copy(made, dataDir);
    }

    @AfterEach
    void nothingIsLeftRunning() {
        assertThat(serversOf(dataDir)).isEmpty();
    }

    private static EmbeddedServer start(Path dataDir) {
        return EmbeddedServer.start(new EmbeddedServer.Options(
                dataDir,
                TestDatabase.binaries(),
                EmbeddedServer.Options.durable(dataDir).settings()));
    }

    private Database open() {
        return Database.onServer(start(dataDir), InstantSource.system());
    }

    private static void copy(Path from, Path to) throws IOException {
        try {
            int code = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static List<Long> serversOf(Path dataDir) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc", pid.toString(), "cwd"))
                                .startsWith(dataDir.toAbsolutePath());
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    private static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        eventually(() -> !Orphans.isAlive(pid));
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<String> words(Database database) {
        return database.read(h ->
                h.select("select what from t order by n").mapTo(String.class).list());
    }

    private static void createTable(Database database) {
        database.write(h -> h.execute("create table t (n serial primary key, what text)"));
    }

    private static void insert(Database database, String what) {
        database.write(h -> h.execute("insert into t (what) values (?)", what));
    }

    private static String setting(Database database, String name) {
        return database.read(h ->
                h.select("select current_setting(?)", name).mapTo(String.class).one());
    }

    private static String systemIdentifier(Database database) {
        return database.read(h -> h.select("select system_identifier::text from pg_control_system()")
                .mapTo(String.class)
                .one());
    }

    @Test
    void aRestartKeepsDataPortAndCluster() throws IOException {
        String cluster;
        String port;
        try (Database database = open()) {
            createTable(database);
            insert(database, "kept");
            cluster = systemIdentifier(database);
            port = setting(database, "port");
        }
        try (Database database = open()) {
            assertThat(words(database)).containsExactly("kept");
            assertThat(systemIdentifier(database)).isEqualTo(cluster);
            assertThat(setting(database, "port")).isEqualTo(port);
        }
        assertThat(Files.readString(dataDir.resolve("port"))).isEqualTo(port);
    }

    @Test
    void whatIsReportedDoneIsOnDiskWhateverTheDirectorySays() throws IOException {
        Files.writeString(
                dataDir.resolve("pgdata/postgresql.auto.conf"),
                "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nlisten_addresses = '*'\n");
        try (Database database = open()) {
            assertThat(setting(database, "fsync")).isEqualTo("on");
            assertThat(setting(database, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(database, "full_page_writes")).isEqualTo("on");
            assertThat(setting(database, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(setting(database, "unix_socket_directories")).isEmpty();
            assertThat(setting(database, "data_checksums")).isEqualTo("on");
        }
    }

    @Test
    void noOneGetsInWithoutThePassword() throws IOException, SQLException {
        Files.writeString(dataDir.resolve("pgdata/pg_hba.conf"), "host all all 0.0.0.0/0 trust\n");
        try (EmbeddedServer server = start(dataDir)) {
            PGSimpleDataSource source = server.dataSource("tallystick");
            source.getConnection().close();
            for (String password : List.of("wrong", "postgres", "tallystick")) {
                source.setPassword(password);
                assertThatThrownBy(source::getConnection)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            }
            source.setPassword(null);
            assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
            assertThat(Files.readString(dataDir.resolve("pgdata/pg_hba.conf")))
                    .doesNotContain("trust")
                    .isEqualTo("host all all 127.0.0.1/32 scram-sha-256\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve("password"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve("pgdata"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aServerKilledInATransactionComesBackWithWhatWasCommitted() throws Exception {
        try (Database database = open()) {
            createTable(database);
            insert(database, "committed");
            long pid = database.serverPid().orElseThrow();
            assertThatThrownBy(() -> database.write(h -> {
                        h.execute("insert into t (what) values ('uncommitted')");
                        kill(pid);
                        return h.execute("insert into t (what) values ('never')");
                    }))
                    .isInstanceOf(UnavailableException.class);
            eventually(() -> works(database));
            assertThat(words(database)).containsExactly("committed");
            assertThat(database.serverPid().orElseThrow()).isNotEqualTo(pid);
            insert(database, "after");
            assertThat(words(database)).containsExactly("committed", "after");
        }
    }

    /** While the server is away only {@link UnavailableException} may come out. */
    private static boolean works(Database database) {
        try {
            return database.read(h -> h.select("select 1").mapTo(Integer.class).one()) == 1;
        } catch (UnavailableException e) {
            return false;
        }
    }

    @Test
    void callsWhileTheServerIsAwayAreUnavailableAndLoseNothingAcknowledged() throws Exception {
        try (Database database = open()) {
            createTable(database);
            AtomicReference<Throwable> surprise = new AtomicReference<>();
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            CountDownLatch stop = new CountDownLatch(1);
            List<Thread> writers = IntStream.range(0, 4)
                    .mapToObj(writer -> Thread.ofPlatform().start(() -> {
                        for (int i = 0; stop.getCount() > 0; i++) {
                            String word = writer + "-" + i;
                            try {
                                insert(database, word);
                                acknowledged.add(word);
                            } catch (UnavailableException away) {
                                Thread.onSpinWait();
                            } catch (RuntimeException e) {
                                surprise.set(e);
                                return;
                            }
                        }
                    }))
                    .toList();
            for (int round = 0; round < 2; round++) {
                int before = acknowledged.size();
                eventually(() -> acknowledged.size() > before + 20 || surprise.get() != null);
                database.serverPid().ifPresent(EmbeddedServerTest::kill);
            }
            int before = acknowledged.size();
            eventually(() -> acknowledged.size() > before + 20 || surprise.get() != null);
            stop.countDown();
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(surprise.get()).isNull();
            assertThat(words(database)).containsAll(acknowledged).doesNotHaveDuplicates();
        }
    }

    @Test
    void aKilledBackendTakesNoneOfTheDataWithIt() throws Exception {
        try (Database database = open()) {
            createTable(database);
            insert(database, "committed");
            long backend = database.read(
                    h -> h.select("select pg_backend_pid()").mapTo(Long.class).one());
            kill(backend);
            eventually(() -> works(database));
            assertThat(words(database)).containsExactly("committed");
        }
    }

    @Test
    void theOrphanOfAKilledOwnerIsStopped() throws Exception {
        OwnerProcess.Started owner = OwnerProcess.start(dataDir);
        long orphan = owner.serverPid();
        kill(owner.process().pid());
        assertThat(Orphans.isAlive(orphan)).isTrue();
        try (Database database = open()) {
            assertThat(Orphans.isAlive(orphan)).isFalse();
            assertThat(database.serverPid().orElseThrow()).isNotEqualTo(orphan);
            assertThat(words(database)).containsExactly("committed");
        }
    }

    @Test
    void everythingKilledAtOnceStartsAgain() throws Exception {
        OwnerProcess.Started owner = OwnerProcess.start(dataDir);
        long orphan = owner.serverPid();
        kill(owner.process().pid());
        kill(orphan);
        assertThat(dataDir.resolve("pgdata/postmaster.pid")).exists();
        try (Database database = open()) {
            assertThat(words(database)).containsExactly("committed");
        }
    }

    @Test
    void aStalePidFileThatNamesAStrangerHarmsNeither() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(
                    dataDir.resolve("pgdata/postmaster.pid"), stranger.pid() + "\n" + dataDir + "/pgdata\n0\n1\n");
            try (Database database = open()) {
                assertThat(setting(database, "fsync")).isEqualTo("on");
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void aTornPidFileIsNoReasonNotToStart() throws IOException {
        Files.writeString(dataDir.resolve("pgdata/postmaster.pid"), "12x");
        Files.writeString(dataDir.resolve("port"), "not a port");
        try (Database database = open()) {
            assertThat(works(database)).isTrue();
        }
    }

    @Test
    void aDirectoryHasOneOwner() throws Exception {
        try (Database database = open()) {
            assertThatThrownBy(() -> start(dataDir))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process is using");
            OwnerProcess.Started second = OwnerProcess.start(dataDir);
            assertThat(second.line()).startsWith("refused another process is using");
            assertThat(second.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(works(database)).isTrue();
        }
    }

    @Test
    void aTakenPortIsGivenUpForAFreeOne() throws IOException {
        int remembered = Integer.parseInt(Files.readString(dataDir.resolve("port")));
        try (ServerSocket taken = new ServerSocket(remembered, 1, InetAddress.getLoopbackAddress());
                Database database = open()) {
            assertThat(setting(database, "port")).isNotEqualTo(Integer.toString(taken.getLocalPort()));
            assertThat(Files.readString(dataDir.resolve("port"))).isEqualTo(setting(database, "port"));
        }
    }

    @Test
    void aHalfMadeDirectoryIsMadeAgain() throws IOException {
        FileTree.delete(dataDir.resolve("pgdata"));
        Files.createDirectories(dataDir.resolve("pgdata.new/base"));
        Files.writeString(dataDir.resolve("pgdata.new/PG_VERSION"), "18\n");
        try (Database database = open()) {
            assertThat(works(database)).isTrue();
            assertThat(dataDir.resolve("pgdata.new")).doesNotExist();
        }
    }

    @Test
    void aForeignDirectoryIsLeftAlone() throws IOException {
        FileTree.delete(dataDir.resolve("pgdata"));
        Files.createDirectories(dataDir.resolve("pgdata"));
        Files.writeString(dataDir.resolve("pgdata/letter.txt"), "mine");
        assertThatThrownBy(() -> start(dataDir)).hasMessageContaining("is not a PostgreSQL data directory");
        assertThat(dataDir.resolve("pgdata/letter.txt")).hasContent("mine");
    }

    @Test
    void aServerThatCannotStartSaysWhy() throws IOException {
        Files.writeString(dataDir.resolve("pgdata/global/pg_control"), "spoilt");
        assertThatThrownBy(() -> start(dataDir))
                .hasMessageContaining("the embedded database cannot start")
                .hasMessageContaining("pg_control");
    }

    @Test
    void aDirectoryMovedElsewhereStillServes() throws IOException {
        try (Database database = open()) {
            createTable(database);
            insert(database, "kept");
        }
        Path elsewhere = temporary.resolve("else where");
        Files.move(dataDir, elsewhere);
        dataDir = elsewhere;
        try (Database database = open()) {
            assertThat(words(database)).containsExactly("kept");
        }
    }

    @Test
    void aServerThatCannotComeBackIsTriedUntilItCan() throws IOException {
        try (Database database = open()) {
            createTable(database);
            insert(database, "kept");
            Path control = dataDir.resolve("pgdata/global/pg_control");
            Path aside = dataDir.resolve("pg_control.aside");
            Files.move(control, aside);
            kill(database.serverPid().orElseThrow());
            eventually(() -> !works(database) && database.serverPid().isEmpty());
            assertThatThrownBy(() -> insert(database, "lost")).isInstanceOf(UnavailableException.class);
            Files.move(aside, control);
            eventually(() -> works(database));
            assertThat(words(database)).containsExactly("kept");
        }
    }

    @Test
    void closingWhileTheServerCannotComeBackEnds() throws IOException {
        Database database = open();
        Files.delete(dataDir.resolve("pgdata/global/pg_control"));
        kill(database.serverPid().orElseThrow());
        eventually(() -> database.serverPid().isEmpty());
        database.close();
        assertThatThrownBy(() -> database.read(h -> 1)).isInstanceOf(UnavailableException.class);
    }
}
