package org.tallystick.platform.kernel;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Folders only their owner may enter: works, log, unfinished uploads and backups are nobody else's to read. Where the file
 * system has no such modes, its own protection applies. Stateless.
 */
public final class PrivateFolder {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /** Makes the folder, and what is missing above it, for its owner alone; one that is there stays as it is. */
    public static Path make(Path folder) throws IOException {
        return Files.isDirectory(folder)
                ? folder
                : hasModes()
                        ? Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER))
                        : Files.createDirectories(folder);
    }

    /** Makes a folder that is ours alone, and closes one to others that an earlier version left open. */
    public static Path own(Path folder) throws IOException {
        make(folder);
        if (hasModes() && !Files.getPosixFilePermissions(folder).equals(OWNER)) {
            Files.setPosixFilePermissions(folder, OWNER);
        }
        return folder;
    }

    private static boolean hasModes() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
