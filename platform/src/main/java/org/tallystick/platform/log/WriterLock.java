package org.tallystick.platform.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One writer per directory: a lock file the operating system frees when the process dies. Two writers of one log would
 * sign two histories.
 */
final class WriterLock implements AutoCloseable {
    private static final String NAME = ".lock";

    private final FileChannel channel;

    private WriterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IllegalStateException if another writer has it, in this process or another */
    static WriterLock take(Path directory) throws IOException {
        Files.createDirectories(directory.toAbsolutePath());
        FileChannel channel =
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            taken = lock != null;
        } catch (OverlappingFileLockException e) {
            throw new IllegalStateException(directory + " is being written by this process already", e);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new IllegalStateException(directory + " is being written by another process");
        }
        return new WriterLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
