package org.tallystick.platform.kernel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a log that a process writes from growing without end: what is in it beyond a size is copied aside, in place of what was
 * copied before, and the file is emptied. The process goes on writing to the same file, which it has open for appending; what
 * it writes between the copy and the emptying is lost, a few lines in 16 MiB at most.
 */
public final class LogRotation {
    /** A log of more bytes than that is rotated. */
    public static final long MOST = 16L << 20;

    private LogRotation() {}

    /** Rotates a log if it is too long; whether it was. */
    public static boolean rotate(Path log, long most) throws IOException {
        try {
            if (Files.size(log) <= most) {
                return false;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        Path before = log.resolveSibling(log.getFileName() + ".1");
        Files.copy(log, before, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                .close();
        return true;
    }
}
