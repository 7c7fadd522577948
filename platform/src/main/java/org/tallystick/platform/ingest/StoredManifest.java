package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;

/**
 * A manifest the log holds.
 *
 * @param uploader who sent it; the creator, or who had the creator's signature
 * @param receipt what the uploader was given
 * @param takenIn when the log took it in
 * @param position of its entry in the log
 */
public record StoredManifest(
        Manifest manifest, PartyId uploader, UploadReceipt receipt, Instant takenIn, long position) {
    public StoredManifest {
        Objects.requireNonNull(manifest);
        Objects.requireNonNull(uploader);
        Objects.requireNonNull(receipt);
        Objects.requireNonNull(takenIn);
    }

    StoredManifest claimedBy(List<PartyId> others) {
        return new StoredManifest(manifest, uploader, receipt.claimedBy(others), takenIn, position);
    }
}
