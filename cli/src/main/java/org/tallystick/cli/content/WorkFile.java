package org.tallystick.cli.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * One file that may become a work.
 *
 * @param folder the first-level folder it lies in, or empty for a file that lies in none
 * @param path its whole path below the content, with {@code /} between names and bytes that are no text as {@code %XX}
 * @param stamp what is known of its bytes without reading them, such as size and time of the last change; where two
 *     listings have the same path with the same stamp, it has not changed between them
 * @param bytes how it is read; each call opens it anew
 */
public record WorkFile(String folder, String path, String stamp, Opener bytes) {
    public WorkFile {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(stamp);
        Objects.requireNonNull(bytes);
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a work has a path");
        }
    }

    /** Opens the file's bytes. */
    @FunctionalInterface
    public interface Opener {
        InputStream open() throws IOException;
    }
}
