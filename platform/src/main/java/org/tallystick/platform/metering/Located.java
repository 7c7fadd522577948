package org.tallystick.platform.metering;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.receipt.Receipt;

/**
 * A receipt found by its number, and what became of it.
 *
 * @param position log position of its batch
 * @param key the set it belongs to, if it belongs to one
 * @param reason why it belongs to none
 * @param isVoid whether a later receipt voids it
 * @param counts whether it is a standing delivery of a kind that meters
 */
public record Located(
        long position,
        Receipt receipt,
        Optional<UsageKey> key,
        Optional<UncountedReason> reason,
        boolean isVoid,
        boolean counts) {
    public Located {
        Objects.requireNonNull(receipt);
        Objects.requireNonNull(key);
        Objects.requireNonNull(reason);
    }
}
