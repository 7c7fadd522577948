package org.tallystick.sdk;

import java.util.Optional;
import org.tallystick.protocol.codec.Json;

/**
 * How a payee wants to be paid.
 *
 * @param rail payment system, for example {@code sepa}
 * @param destination account in that system; personal, left out of {@link #toString}
 * @param currency ISO 4217 code
 * @param schedule {@code instant}, {@code weekly} or {@code monthly}
 * @param minimum smaller amounts are not paid yet; empty for none
 */
public record PayoutInstruction(
        String rail, String destination, String currency, String schedule, Optional<Amount> minimum) {
    Json.Obj json() {
        Json.Builder json = Json.object()
                .put("rail", rail)
                .put("destination", destination)
                .put("currency", currency)
                .put("schedule", schedule);
        minimum.ifPresent(amount -> json.put("minimum", amount.json()));
        return json.build();
    }

    @Override
    public String toString() {
        return "PayoutInstruction[" + rail + " " + currency + " " + schedule + "]";
    }
}
