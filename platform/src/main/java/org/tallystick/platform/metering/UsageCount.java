package org.tallystick.platform.metering;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;

/**
 * How many works of one creator a set holds.
 *
 * @param uses at least 1
 */
public record UsageCount(UsageKey key, PartyId creator, long uses) {
    public UsageCount {
        Objects.requireNonNull(key);
        Objects.requireNonNull(creator);
        if (uses < 1) {
            throw new IllegalArgumentException("nothing used is not counted");
        }
    }
}
