package org.tallystick.platform.settlement.statements;

import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.settlement.closing.InvoiceStore;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Paper;
import org.tallystick.protocol.statement.Statement;

/**
 * A statement or invoice as it was issued, for what is the same with both.
 *
 * @param close number of the close that issued it
 * @param whose the payee or the buyer
 */
record StoredPaper(String id, int close, PartyId whose, Paper paper) {
    StoredPaper {
        Objects.requireNonNull(whose);
        Objects.requireNonNull(paper);
    }

    static StoredPaper of(StoredStatement stored) {
        return new StoredPaper(stored.id(), stored.close(), stored.party(), stored.statement());
    }

    static StoredPaper of(StoredInvoice stored) {
        return new StoredPaper(stored.id(), stored.close(), stored.buyer(), stored.invoice());
    }

    /** The paper with an id, whichever kind it is. */
    static Optional<StoredPaper> find(Handle tx, String id) {
        return SettlementStore.statement(tx, id)
                .map(StoredPaper::of)
                .or(() -> InvoiceStore.invoice(tx, id).map(StoredPaper::of));
    }

    /** The paper whose sums it carries on. */
    Optional<StoredPaper> previous(Handle tx) {
        return paper.previous().map(hash -> switch (paper) {
            case Statement ignored ->
                of(SettlementStore.statement(tx, whose, hash).orElseThrow());
            case Invoice invoice ->
                of(InvoiceStore.invoice(tx, new ContractId(invoice.contract()), hash)
                        .orElseThrow());
        });
    }
}
