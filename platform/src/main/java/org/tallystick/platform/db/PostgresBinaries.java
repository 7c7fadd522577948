package org.tallystick.platform.db;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.tallystick.platform.kernel.FileTree;

/**
 * The PostgreSQL programs from the class path, unpacked once. Unpacked beside the data rather than in a shared temporary
 * directory, where another user could plant programs for us to run.
 *
 * @param home directory that holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path home) {

    /** Hash of the archive on the class path; hashed once, empty before. */
    private static String archiveHash = "";

    /** Unpacks into {@code parent/postgres-<hash of the archive>} unless that is there. A killed unpacking leaves none. */
    static synchronized PostgresBinaries unpack(Path parent) throws IOException {
        if (archiveHash.isEmpty()) {
            archiveHash = hash(archive());
        }
        Path home = parent.resolve("postgres-" + archiveHash);
        if (!Files.isDirectory(home)) {
            // The method keeps out other threads, the lock other processes.
            try (FileChannel channel = FileChannel.open(
                            parent.resolve("unpack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Path fresh = parent.resolve("unpacking");
                FileTree.delete(fresh);
                if (lock.isValid() && !Files.isDirectory(home)) {
                    Files.createDirectory(fresh);
                    unpackTo(archive(), fresh);
                    Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return new PostgresBinaries(home);
    }

    /** The path of a program, for example {@code initdb}. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private static byte[] archive() throws IOException {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "");
        String system = os.startsWith("mac") ? "Darwin" : os.startsWith("linux") ? "Linux" : os;
        String machine = arch.equals("amd64") ? "x86_64" : arch.equals("aarch64") ? "arm64" : arch;
        try (InputStream in = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
            if (in == null) {
                throw new IOException(
                        "no embedded PostgreSQL for " + system + " " + machine + ": name an external database instead");
            }
            return in.readAllBytes();
        } catch (IllegalStateException e) {
            throw new IOException(
                    "no embedded PostgreSQL for " + system + " " + machine + ": name an external database instead", e);
        }
    }

    private static void unpackTo(byte[] archive, Path directory) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("archive entry outside its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(target.resolveSibling("."));
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.resolveSibling("."));
                    Files.copy(tar, target);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
                entry = tar.getNextEntry();
            }
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
