package org.tallystick.platform.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The few file operations durability hangs on, one method each, so that tests and the simulator can make
 * every single one fail. A crash may come between any two calls, and any call may have done all, part or none of its work when it throws.
 */
public interface Disk {
    /** All bytes of a file; throws {@link java.nio.file.NoSuchFileException} where there is none. */
    byte[] read(Path file) throws IOException;

    /** A new file for writing; one that is there is emptied. */
    Sink create(Path file) throws IOException;

    /** Gives a file another name at once, replacing what had it. */
    void rename(Path from, Path to) throws IOException;

    /** Makes one directory; one that is there is left. */
    void createDirectory(Path directory) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Removes a file or an empty directory, if it is there. */
    void delete(Path path) throws IOException;

    /** The paths in a directory, sorted; none where there is no directory. */
    List<Path> list(Path directory) throws IOException;

    /** A file being written. */
    interface Sink extends Closeable {
        void write(byte[] buffer, int offset, int length) throws IOException;

        /** Makes what was written durable. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
