package org.tallystick.platform.settlement.closing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Numerics;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;

/** SQL that reads invoices as they were issued. */
public final class InvoiceStore {
    private static final String INVOICE = "select i.id, i.close, c.period, i.contract, i.buyer, i.currency, i.hash,"
            + " i.total, i.document from settlement.invoice i join settlement.close c on c.number = i.close ";

    private InvoiceStore() {}

    public static Optional<StoredInvoice> invoice(Handle tx, String id) {
        return tx.select(INVOICE + "where i.id = ?", id)
                .map((row, context) -> invoice(row))
                .findOne();
    }

    /** The invoice of a contract with this hash. */
    public static Optional<StoredInvoice> invoice(Handle tx, ContractId contract, Hash hash) {
        return tx.select(INVOICE + "where i.contract = ? and i.hash = ?", contract.value(), hash.toBytes())
                .map((row, context) -> invoice(row))
                .findOne();
    }

    /** Hash of every contract's latest invoice. */
    public static Map<ContractId, Hash> latest(Handle tx) {
        Map<ContractId, Hash> found = new HashMap<>();
        tx.select("select distinct on (contract) contract, hash from settlement.invoice order by contract, close desc")
                .map((row, context) ->
                        Map.entry(new ContractId(row.getString("contract")), Hash.of(row.getBytes("hash"))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static StoredInvoice invoice(ResultSet row) throws SQLException {
        return new StoredInvoice(
                row.getString("id"),
                row.getInt("close"),
                row.getString("period"),
                new ContractId(row.getString("contract")),
                new PartyId(row.getString("buyer")),
                Money.ofMicros(Currency.of(row.getString("currency")), Numerics.whole(row, "total")),
                Hash.of(row.getBytes("hash")),
                Fields.of(Json.parse(row.getString("document")), "invoice").object());
    }
}
