package org.tallystick.sdk;

import java.time.Instant;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;

/** A recorded payout instruction; the destination is never shown again. */
public record Payout(
        String id,
        String party,
        String rail,
        String currency,
        String schedule,
        Optional<Amount> minimum,
        Instant scheduled) {
    static Payout of(Fields fields) {
        return new Payout(
                fields.text("payout_id"),
                fields.text("party_id"),
                fields.text("rail"),
                fields.text("currency"),
                fields.text("schedule"),
                fields.optionalFields("minimum").map(Amount::of),
                fields.instant("scheduled"));
    }
}
