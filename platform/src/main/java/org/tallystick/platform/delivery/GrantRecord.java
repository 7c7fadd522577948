package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.receipt.Grant;

/**
 * A token that was issued, without the signature that makes it usable.
 *
 * @param position log position of its entry, which is its claims
 * @param revoked from when on it is worthless, if it was revoked or its job closed
 */
public record GrantRecord(Grant grant, long position, Optional<Instant> revoked) {
    public GrantRecord {
        Objects.requireNonNull(grant);
        Objects.requireNonNull(revoked);
    }
}
