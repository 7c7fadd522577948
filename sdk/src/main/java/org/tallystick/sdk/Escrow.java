package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;

/**
 * A payment into a contract's escrow.
 *
 * @param funded what was booked under this reference
 * @param balance of the escrow after it
 */
public record Escrow(String contract, String reference, Amount funded, Amount balance) {
    static Escrow of(Fields fields) {
        return new Escrow(
                fields.text("contract_id"),
                fields.text("reference"),
                Amount.of(fields.fields("funded")),
                Amount.of(fields.fields("balance")));
    }
}
