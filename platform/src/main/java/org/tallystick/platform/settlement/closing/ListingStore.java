package org.tallystick.platform.settlement.closing;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.tallystick.platform.db.Numerics;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;

/**
 * SQL of the listings of statements and invoices, newest close first, then by id. A page reads its own rows and none of their
 * documents, however many there are before and behind it: what follows a place is what is left of that close, and the closes
 * before it, each in the order of an index.
 */
public final class ListingStore {
    private ListingStore() {}

    /** A place in a listing. */
    public record Place(int close, String id) {
        public static final Place START = new Place(Integer.MAX_VALUE, "");
    }

    /** A statement without its document. */
    public record ListedStatement(String id, int close, String period, PartyId party, Money total) {}

    /** An invoice without its document. */
    public record ListedInvoice(String id, int close, String period, ContractId contract, PartyId buyer, Money total) {}

    public static List<ListedStatement> statements(
            Handle tx, Optional<PartyId> party, Optional<String> period, Place after, int limit) {
        String filter = party.map(one -> " and s.party = :party").orElse("") + ofPeriod(period);
        Query query = page(tx, "s.party", "settlement.statement", filter, period, after, limit);
        party.ifPresent(one -> query.bind("party", one.value()));
        return query.map((row, context) -> new ListedStatement(
                        row.getString("id"),
                        row.getInt("close"),
                        row.getString("period"),
                        new PartyId(row.getString("party")),
                        Money.ofMicros(Currency.of(row.getString("currency")), Numerics.whole(row, "total"))))
                .list();
    }

    public static List<ListedInvoice> invoices(
            Handle tx,
            Optional<PartyId> buyer,
            Optional<ContractId> contract,
            Optional<String> period,
            Place after,
            int limit) {
        String filter = buyer.map(one -> " and s.buyer = :buyer").orElse("")
                + contract.map(one -> " and s.contract = :contract").orElse("")
                + ofPeriod(period);
        Query query = page(tx, "s.contract, s.buyer", "settlement.invoice", filter, period, after, limit);
        buyer.ifPresent(one -> query.bind("buyer", one.value()));
        contract.ifPresent(one -> query.bind("contract", one.value()));
        return query.map((row, context) -> new ListedInvoice(
                        row.getString("id"),
                        row.getInt("close"),
                        row.getString("period"),
                        new ContractId(row.getString("contract")),
                        new PartyId(row.getString("buyer")),
                        Money.ofMicros(Currency.of(row.getString("currency")), Numerics.whole(row, "total"))))
                .list();
    }

    private static String ofPeriod(Optional<String> period) {
        return period.map(one -> " and s.close = (select number from settlement.close where period = :period)")
                .orElse("");
    }

    private static Query page(
            Handle tx, String columns, String table, String filter, Optional<String> period, Place after, int limit) {
        String rows = "(select s.id, s.close, s.currency, s.total, " + columns + " from " + table + " s where ";
        Query query = tx.createQuery("select s.*, c.period from (" + rows + "s.close = :close and s.id > :id" + filter
                        + " order by s.id limit :limit) union all " + rows + "s.close < :close" + filter
                        + " order by s.close desc, s.id limit :limit)) s"
                        + " join settlement.close c on c.number = s.close order by s.close desc, s.id limit :limit")
                .bind("close", after.close())
                .bind("id", after.id())
                .bind("limit", limit);
        period.ifPresent(one -> query.bind("period", one));
        return query;
    }
}
