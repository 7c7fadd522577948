package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;

/**
 * A mandate that its creator has taken back: nothing signed under it is accepted any more.
 *
 * @param mandate its id, among those of its creator
 * @param at when it was taken back
 */
public record RevokedMandate(PartyId creator, String mandate, Instant at) {
    public RevokedMandate {
        Objects.requireNonNull(creator);
        Objects.requireNonNull(mandate);
        Objects.requireNonNull(at);
    }
}
