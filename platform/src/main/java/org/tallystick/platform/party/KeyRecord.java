package org.tallystick.platform.party;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;

/**
 * An API key as its party and operators see it: everything but the secret, which nobody has.
 *
 * @param id 16 hexadecimal digits, the part between the underlines of the key
 * @param name what its party calls it
 * @param own whether the party asked for it under its signature; else the operator made it
 * @param lastUsed to the hour
 */
public record KeyRecord(
        String id,
        PartyId party,
        Optional<String> name,
        boolean own,
        Instant issued,
        Optional<Instant> expires,
        Optional<Instant> lastUsed,
        Optional<Instant> revoked) {
    public KeyRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(party);
        Objects.requireNonNull(issued);
    }

    /** Whether it may still be used at a moment. */
    public boolean isLive(Instant now) {
        return revoked.isEmpty() && expires.filter(end -> !now.isBefore(end)).isEmpty();
    }
}
