package org.tallystick.sdk;

import java.util.List;
import org.tallystick.protocol.codec.Fields;

/**
 * A closed period.
 *
 * @param position log entries it took into account
 * @param statements ids
 * @param invoices ids
 */
public record Close(String period, long position, List<String> statements, List<String> invoices) {
    /** Copies the lists. */
    public Close {
        statements = List.copyOf(statements);
        invoices = List.copyOf(invoices);
    }

    static Close of(Fields fields) {
        return new Close(
                fields.text("period"),
                fields.integer("position", 0, Long.MAX_VALUE >> 11),
                fields.strings("statements"),
                fields.strings("invoices"));
    }
}
