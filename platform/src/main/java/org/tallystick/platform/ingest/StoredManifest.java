package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;

/**
 * A manifest the log holds.
 *
 * @param salt what proves the manifest to be what the log commits to; empty where the log holds it in clear, or its words are
 *     erased
 * @param uploader who sent it; the creator, or who had the creator's signature
 * @param receipt what the uploader was given
 * @param takenIn when the log took it in
 * @param position of its entry in the log
 */
public record StoredManifest(
        Manifest manifest,
        Optional<String> salt,
        PartyId uploader,
        UploadReceipt receipt,
        Instant takenIn,
        long position) {
    public StoredManifest {
        Objects.requireNonNull(manifest);
        Objects.requireNonNull(salt);
        Objects.requireNonNull(uploader);
        Objects.requireNonNull(receipt);
        Objects.requireNonNull(takenIn);
    }

    StoredManifest claimedBy(List<PartyId> others) {
        return new StoredManifest(manifest, salt, uploader, receipt.claimedBy(others), takenIn, position);
    }
}
