package org.tallystick.platform.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What an embedded data directory holds beside PostgreSQL's own files: the lock of the process that owns it, the
 * superuser's password, the port, the server's log. All of it private to the owner.
 *
 * @param root the data directory
 */
record ServerFiles(Path root) {
    private static final long LOG_KEPT = 4L << 20;

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

    /** Takes the directory for this process until the channel is closed or the process ends, however it ends. */
    FileChannel lock() throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new IllegalStateException("another process is using the database directory " + root);
        }
        return channel;
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
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The log to append to; set aside first when it has grown large. */
    Path rolledLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LOG_KEPT) {
            Files.move(log(), root.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return log();
    }

    /** The end of the server's log, to say why it did not start. */
    String logTail() throws IOException {
        if (!Files.exists(log())) {
            return "";
        }
        String text = Files.readString(log(), java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 2_000));
    }

    /** Replaces a file as a whole; readable by the owner only from the first byte on. */
    static void writePrivately(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
