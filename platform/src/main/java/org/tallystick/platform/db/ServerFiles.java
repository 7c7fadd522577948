package org.tallystick.platform.db;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.tallystick.platform.kernel.LogRotation;

/**
 * What an embedded data directory holds beside PostgreSQL's own files: the lock of the process that owns it, the
 * superuser's password, the port, the server's log. All of it private to the owner.
 *
 * @param root the data directory
 */
record ServerFiles(Path root) {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int PORT_LINE = 3;
    private static final long LOG_KEPT = 4L << 20;
    private static final Duration LOCK_WITHIN = Duration.ofSeconds(1);
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    static ServerFiles in(Path root) throws IOException {
        Path real = Files.createDirectories(root.toAbsolutePath()).toRealPath();
        return new ServerFiles(real);
    }

    Path pgdata() {
        return root.resolve("pgdata");
    }

    Path log() {
        return root.resolve("postgres.log");
    }

    /**
     * Takes the directory for this process until closed or the process ends, however it ends. Waits a moment, because a
     * killed process gives up its locks a little after it is reported dead.
     *
     * @throws IllegalStateException if another server of this or another process has it
     */
    Closeable lock() throws IOException {
        // Asked first: closing any channel to the file would give up the lock the whole process has on it.
        if (!TAKEN.add(root)) {
            throw inUse();
        }
        try {
            FileChannel channel =
                    FileChannel.open(root.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long deadline = System.nanoTime() + LOCK_WITHIN.toNanos();
            while (channel.tryLock() == null) {
                if (System.nanoTime() - deadline > 0) {
                    channel.close();
                    throw inUse();
                }
                LockSupport.parkNanos(LOCK_WITHIN.toNanos() / 50);
            }
            return () -> {
                if (channel.isOpen()) {
                    channel.close();
                    TAKEN.remove(root);
                }
            };
        } catch (IOException | RuntimeException e) {
            TAKEN.remove(root);
            throw e;
        }
    }

    private IllegalStateException inUse() {
        return new IllegalStateException("another process is using the database directory " + root);
    }

    /** The superuser's password; made up and stored when the directory is new. */
    String password() throws IOException {
        Path file = root.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            writePrivately(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return Files.readString(file).strip();
    }

    /** The port used last if it is free, else a free one, remembered. */
    int port() throws IOException {
        Path file = root.resolve("port");
        if (Files.exists(file)) {
            try {
                int port = Integer.parseInt(Files.readString(file).strip());
                if (port > 0 && port < 65_536 && isFree(port)) {
                    return port;
                }
            } catch (NumberFormatException e) {
                Files.delete(file); // a torn or edited file is no reason not to start
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            writePrivately(file, Integer.toString(socket.getLocalPort()));
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a server runs on a directory: PostgreSQL keeps this file for as long as it does, and a crash leaves it. */
    static boolean isRunning(Path root) {
        try {
            String pid = Files.readAllLines(new ServerFiles(root).pidFile()).getFirst();
            return ProcessHandle.of(Long.parseLong(pid.strip())).isPresent();
        } catch (IOException | NoSuchElementException | NumberFormatException e) {
            return false; // there is none, or it is being written by a server that begins to start
        }
    }

    private Path pidFile() {
        return pgdata().resolve("postmaster.pid");
    }

    /** How another process gets to the server that runs on a directory. */
    static DatabaseConfig.External running(Path root) {
        ServerFiles files = new ServerFiles(root);
        try {
            String port = Files.readAllLines(files.pidFile()).get(PORT_LINE).strip();
            return new DatabaseConfig.External(
                    "jdbc:postgresql://127.0.0.1:" + port + "/" + EmbeddedServer.DATABASE,
                    EmbeddedServer.USER,
                    files.password());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalStateException("the database server in " + root + " is just starting; ask again", e);
        }
    }

    /** Empties the log beside a server that runs, where it has grown large; whether it had. */
    boolean rotateLog() throws IOException {
        return LogRotation.rotate(log(), LOG_KEPT);
    }

    /** The log to append to, private because errors quote values; set aside first when it has grown large. */
    Path rolledLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LOG_KEPT) {
            Files.move(log(), root.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log())) {
            Files.createFile(log(), PRIVATE);
        }
        return log();
    }

    /** The end of the server's log, to say why it did not start. */
    String logTail() throws IOException {
        if (!Files.exists(log())) {
            return "";
        }
        String text = Files.readString(log(), StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 2_000));
    }

    /** Replaces a file as a whole; readable by the owner only from the first byte on. */
    static void writePrivately(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PRIVATE);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
