package org.tallystick.platform.payout;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.Hash;

/**
 * An instruction on record.
 *
 * @param id {@code po-} and 40 hexadecimal digits
 * @param position log position of its entry
 * @param destination salted hash of where the money is to go
 */
public record Payout(
        String id,
        long position,
        PartyId party,
        String rail,
        Currency currency,
        Schedule schedule,
        Optional<Money> minimum,
        Hash destination,
        Instant scheduled) {
    public Payout {
        Objects.requireNonNull(id);
        Objects.requireNonNull(party);
        Objects.requireNonNull(rail);
        Objects.requireNonNull(currency);
        Objects.requireNonNull(schedule);
        Objects.requireNonNull(minimum);
        Objects.requireNonNull(destination);
        Objects.requireNonNull(scheduled);
    }
}
