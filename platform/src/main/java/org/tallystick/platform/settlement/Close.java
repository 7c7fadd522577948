package org.tallystick.platform.settlement;

import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.protocol.codec.Hash;

/**
 * A closed period.
 *
 * @param number from 1, without gaps
 * @param entry log position of the close entry
 * @param position size of the log it is a function of
 * @param root RFC 6962 root over the hashes of the statements, then of the invoices, each in order of id
 * @param statements ids, in order
 * @param invoices ids, in order
 */
public record Close(
        int number,
        Period period,
        long entry,
        long position,
        Hash root,
        List<String> statements,
        List<String> invoices) {
    public Close {
        Objects.requireNonNull(period);
        Objects.requireNonNull(root);
        statements = List.copyOf(statements);
        invoices = List.copyOf(invoices);
    }

    static Close of(Handle tx, SettlementStore.CloseRow row) {
        return new Close(
                row.number(),
                row.period(),
                row.entry(),
                row.position(),
                row.root(),
                SettlementStore.statementIds(tx, row.number()),
                SettlementStore.invoiceIds(tx, row.number()));
    }
}
