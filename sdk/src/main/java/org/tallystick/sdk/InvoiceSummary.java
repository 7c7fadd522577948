package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;

/** What a buyer owes for a period under a contract, in one line. */
public record InvoiceSummary(String id, String buyer, String contract, String period, Amount total) {
    static InvoiceSummary of(Fields fields) {
        return new InvoiceSummary(
                fields.text("id"),
                fields.text("buyer_id"),
                fields.text("contract_id"),
                fields.text("period"),
                Amount.of(fields.fields("total")));
    }
}
