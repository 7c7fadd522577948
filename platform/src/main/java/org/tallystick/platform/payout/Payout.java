package org.tallystick.platform.payout;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;

/**
 * A recorded instruction, without the destination.
 *
 * @param id {@code po-} and 40 hexadecimal digits
 * @param destinationHash salted hash of the destination
 * @param position log position of its entry
 */
public record Payout(
        String id,
        PartyId party,
        String rail,
        Currency currency,
        Schedule schedule,
        Optional<Money> minimum,
        Hash destinationHash,
        Instant scheduled,
        long position) {
    public Payout {
        Objects.requireNonNull(id);
        Objects.requireNonNull(party);
        Objects.requireNonNull(rail);
        Objects.requireNonNull(currency);
        Objects.requireNonNull(schedule);
        Objects.requireNonNull(minimum);
        Objects.requireNonNull(destinationHash);
        Objects.requireNonNull(scheduled);
    }

    /** Whether it says the same but for the destination, which only the personal table can tell. */
    boolean says(PayoutInstruction instruction) {
        return rail.equals(instruction.rail())
                && currency.equals(instruction.currency())
                && schedule == instruction.schedule()
                && minimum.equals(instruction.minimum());
    }
}
