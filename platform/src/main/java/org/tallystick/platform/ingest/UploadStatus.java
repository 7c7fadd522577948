package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How far an upload in several pieces is.
 *
 * @param id names it to its uploader
 * @param offset bytes that will not have to be sent again
 * @param expires when it is given up unless more bytes come
 * @param receipt present once it is complete
 */
public record UploadStatus(String id, long offset, Instant expires, Optional<UploadReceipt> receipt) {
    public UploadStatus {
        Objects.requireNonNull(id);
        Objects.requireNonNull(expires);
        Objects.requireNonNull(receipt);
    }

    /** Whether nothing is left to send. */
    public boolean isComplete() {
        return receipt.isPresent();
    }
}
