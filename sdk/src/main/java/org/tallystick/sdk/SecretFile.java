package org.tallystick.sdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads and writes files with secrets that only their owner may read: mode 0600 from the moment the file exists; the
 * file is complete or absent. On a file system without such modes its own protection applies. Stateless.
 */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int MAX_BYTES = 64 << 10;

    private SecretFile() {}

    /**
     * Writes a secret, in place of an earlier one.
     *
     * @throws IOException if it cannot be written; then the earlier file stands as it was
     */
    public static void write(Path file, String secret) throws IOException {
        Path folder = folderOf(file);
        Files.createDirectories(folder);
        Path draft = hasModes(folder)
                ? Files.createTempFile(folder, ".secret", "", PosixFilePermissions.asFileAttribute(OWNER_ONLY))
                : Files.createTempFile(folder, ".secret", "");
        try {
            Files.writeString(draft, secret);
            try {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /**
     * Reads a secret.
     *
     * @throws IOException if it cannot be read, is not small, or others than its owner could read it too
     */
    public static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is too large to be a secret");
        }
        if (hasModes(folderOf(file))) {
            Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            others.removeAll(OWNER_ONLY);
            if (!others.isEmpty()) {
                throw new IOException(file + " holds a secret but others may use it: chmod 600 " + file);
            }
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static Path folderOf(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " is not a file");
        }
        return parent;
    }

    private static boolean hasModes(Path folder) {
        return Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
    }
}
