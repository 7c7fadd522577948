package org.tallystick.platform.ingest;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Json;

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

    /** The manifest's history as W3C PROV-O in JSON-LD. */
    public Json.Obj provenance() {
        return ProvenanceExport.of(this);
    }

    /** The metadata file of a research object that holds this one work (RO-Crate 1.1). */
    public Json.Obj roCrate() {
        return CrateExport.of(this);
    }
}
