package org.tallystick.edge.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Every change the edge makes to its disk, and nothing else: the seam at which tests make each step fail before it
 * happened, after it happened, or half way. Reading goes straight to the file system. Safe from any thread.
 */
public interface Disk {
    /** Opens a file for writing, creating it, durably in its directory, where it is absent. */
    DiskFile open(Path file) throws IOException;

    /**
     * Puts content in the place of a file so that after a crash either the old or the new stands there whole.
     *
     * @param secret whether only the owner may read it
     */
    void replace(Path file, byte[] content, boolean secret) throws IOException;

    /** Renames a finished file into place, not durably: what is lost is fetched again. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file that may be absent. */
    void delete(Path file) throws IOException;

    /** A file open for writing. Used by one thread at a time. */
    interface DiskFile extends Closeable {
        /** Writes all that remains in the buffer at a position. */
        void write(ByteBuffer data, long position) throws IOException;

        /** Returns once all data written so far survives a power cut. */
        void sync() throws IOException;

        /** Cuts the file to a length. */
        void truncate(long length) throws IOException;
    }
}
