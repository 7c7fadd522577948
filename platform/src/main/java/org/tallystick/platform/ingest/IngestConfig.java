package org.tallystick.platform.ingest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Limits of uploading.
 *
 * @param staging directory of unfinished uploads; on the same disk as the blobs for speed, not for safety
 * @param chunks directory of the chunk hashes of large works, which can be made again
 * @param maxBytes longest content accepted
 * @param lifetime how long an unfinished upload is kept after its last byte
 * @param openUploads most unfinished uploads of one party
 */
public record IngestConfig(Path staging, Path chunks, long maxBytes, Duration lifetime, int openUploads) {
    public IngestConfig {
        Objects.requireNonNull(staging);
        Objects.requireNonNull(chunks);
        if (maxBytes < 1 || openUploads < 1 || lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("limits of uploading are positive");
        }
    }

    /** Up to 64 GiB, kept for a day, 64 at a time. */
    public static IngestConfig in(Path staging) {
        return new IngestConfig(staging, staging.resolveSibling("chunks"), 64L << 30, Duration.ofDays(1), 64);
    }

    /** The same with another limit. */
    public IngestConfig withMaxBytes(long most) {
        return new IngestConfig(staging, chunks, most, lifetime, openUploads);
    }
}
