package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;

/** What a payee is owed for a period, in one line. */
public record StatementSummary(String id, String party, String period, Amount total) {
    static StatementSummary of(Fields fields) {
        return new StatementSummary(
                fields.text("id"), fields.text("party_id"), fields.text("period"), Amount.of(fields.fields("total")));
    }
}
