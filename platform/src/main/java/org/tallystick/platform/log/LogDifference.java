package org.tallystick.platform.log;

import java.util.Objects;

/**
 * One thing in the files of log or blobs that is not as it should be.
 *
 * @param file relative to the directory checked
 * @param reason stable slug, like {@code blob/changed}
 * @param detail for a person
 */
public record LogDifference(String file, String reason, String detail) {
    public LogDifference {
        Objects.requireNonNull(file);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(detail);
    }
}
