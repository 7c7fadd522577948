package org.tallystick.platform.settlement.closing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.db.Numerics;
import org.tallystick.platform.db.SqlArrays;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.StatedAmount;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Statement;

/** SQL of the tables of closes, statements, invoices, billed works and sums. Exact amounts are stored as texts, in e. */
public final class SettlementStore {
    private static final String STATEMENT =
            "select s.id, s.close, s.party, s.currency, s.hash, s.total, s.document from settlement.statement s ";
    private static final String PART =
            "select contract, job, scope, close, dataset, used_in, taken, works" + " from settlement.billed_part ";

    private SettlementStore() {}

    /** A close without the ids of its statements and invoices. */
    public record CloseRow(int number, Period period, long entry, long position, Hash root) {}

    public static List<CloseRow> closes(Handle tx) {
        return tx.select("select number, period, entry, time_from, time_to, position, root from settlement.close"
                        + " order by number")
                .map((row, context) -> new CloseRow(
                        row.getInt("number"),
                        new Period(row.getString("period"), time(row, "time_from"), time(row, "time_to")),
                        row.getLong("entry"),
                        row.getLong("position"),
                        Hash.of(row.getBytes("root"))))
                .list();
    }

    /** Where the log announces its change of format. */
    public static void insertFormat(Handle tx, long position, long version) {
        tx.execute("insert into settlement.format (position, version) values (?, ?)", position, version);
    }

    /** Log position of the change of format; empty for a log that has none yet. */
    public static Optional<Long> format(Handle tx) {
        return tx.select("select min(position) from settlement.format having count(*) > 0")
                .mapTo(Long.class)
                .findOne();
    }

    public static void insertClose(Handle tx, long entry, Fields body) {
        tx.createUpdate("insert into settlement.close"
                        + " (number, period, entry, time_from, time_to, position, statements, invoices, root)"
                        + " values (:number, :period, :entry, :from, :to, :position, :statements, :invoices, :root)")
                .bind("number", body.integer("number", 1, Integer.MAX_VALUE))
                .bind("period", body.text("period"))
                .bind("entry", entry)
                .bind("from", body.instant("from").atOffset(ZoneOffset.UTC))
                .bind("to", body.instant("to").atOffset(ZoneOffset.UTC))
                .bind("position", body.integer("position", 0, Long.MAX_VALUE))
                .bind("statements", body.integer("statements", 0, Integer.MAX_VALUE))
                .bind("invoices", body.integer("invoices", 0, Integer.MAX_VALUE))
                .bind("root", Hash.ofHex(body.text("root")).toBytes())
                .execute();
    }

    public static void insertSetAside(Handle tx, int close, List<SetAside> contracts) {
        PreparedBatch batch = tx.prepareBatch(
                "insert into settlement.set_aside (close, contract, reason) values (:close, :contract, :reason)");
        for (SetAside contract : contracts) {
            batch.bind("close", close)
                    .bind("contract", contract.contract().value())
                    .bind("reason", contract.reason())
                    .add();
        }
        batch.execute();
    }

    /** The contracts that the last close could not rate, in order of id. */
    public static List<SetAside> setAside(Handle tx) {
        return tx.select("select contract, reason from settlement.set_aside"
                        + " where close = (select max(number) from settlement.close) order by contract")
                .map((row, context) -> new SetAside(new ContractId(row.getString("contract")), row.getString("reason")))
                .list();
    }

    public static List<String> statementIds(Handle tx, int close) {
        return tx.select("select id from settlement.statement where close = ? order by id", close)
                .mapTo(String.class)
                .list();
    }

    public static List<String> invoiceIds(Handle tx, int close) {
        return tx.select("select id from settlement.invoice where close = ? order by id", close)
                .mapTo(String.class)
                .list();
    }

    /** The hash of each statement of a close, then of each invoice, each in order of id: the leaves of its root. */
    public static SequencedMap<String, Hash> issued(Handle tx, int close) {
        SequencedMap<String, Hash> found = new LinkedHashMap<>();
        for (String table : List.of("statement", "invoice")) {
            tx.select("select id, hash from settlement." + table + " where close = ? order by id", close)
                    .map((row, context) -> Map.entry(row.getString("id"), Hash.of(row.getBytes("hash"))))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        }
        return found;
    }

    /** The statement of a party with this hash. */
    public static Optional<StoredStatement> statement(Handle tx, PartyId party, Hash hash) {
        return tx.select(STATEMENT + "where s.party = ? and s.hash = ?", party.value(), hash.toBytes())
                .map((row, context) -> statement(row))
                .findOne();
    }

    /**
     * A statement as the log has it.
     *
     * @param document its canonical text
     * @param hash of the document
     */
    public record StatementRow(Statement statement, String id, String document, Hash hash) {
        public static StatementRow of(Json item) {
            Statement statement = Statement.of(item);
            String document = Jcs.text(item);
            return new StatementRow(
                    statement, statement.id(), document, Sha256.hash(document.getBytes(StandardCharsets.UTF_8)));
        }
    }

    public static void insertStatements(Handle tx, int close, List<StatementRow> rows) {
        PreparedBatch batch = tx.prepareBatch("insert into settlement.statement"
                + " (id, close, party, currency, hash, total, document)"
                + " values (:id, :close, :party, :currency, :hash, :total, :document)");
        for (StatementRow row : rows) {
            batch.bind("id", row.id())
                    .bind("close", close)
                    .bind("party", row.statement().party())
                    .bind("currency", row.statement().currency())
                    .bind("hash", row.hash().toBytes())
                    .bind("total", new BigDecimal(row.statement().total()))
                    .bind("document", row.document())
                    .add();
        }
        batch.execute();
    }

    public static void savePayeeTotals(Handle tx, List<Statement> statements) {
        List<String> contracts = new ArrayList<>();
        List<String> parties = new ArrayList<>();
        List<String> exact = new ArrayList<>();
        List<BigInteger> posted = new ArrayList<>();
        for (Statement statement : statements) {
            for (Statement.ContractTotal total : statement.contracts()) {
                contracts.add(total.contract());
                parties.add(statement.party());
                exact.add(total.exactAfter().toString());
                posted.add(total.postedBefore().add(total.posted()));
            }
        }
        tx.createUpdate("insert into settlement.earned (contract, party, exact, posted)"
                        + " select * from unnest(:contracts, :parties, :exact, :posted) on conflict (contract, party)"
                        + " do update set exact = excluded.exact, posted = excluded.posted")
                .bind("contracts", SqlArrays.text(contracts))
                .bind("parties", SqlArrays.text(parties))
                .bind("exact", SqlArrays.text(exact))
                .bind("posted", SqlArrays.numeric(posted))
                .execute();
    }

    public static Optional<StoredStatement> statement(Handle tx, String id) {
        return tx.select(STATEMENT + "where s.id = ?", id)
                .map((row, context) -> statement(row))
                .findOne();
    }

    /** Hash of every payee's latest statement, by party and currency. */
    public static Map<String, Hash> latest(Handle tx) {
        Map<String, Hash> found = new HashMap<>();
        tx.select("select distinct on (party, currency) party, currency, hash from settlement.statement"
                        + " order by party, currency, close desc")
                .map((row, context) -> Map.entry(
                        row.getString("party") + " " + row.getString("currency"), Hash.of(row.getBytes("hash"))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    public static void insertInvoices(Handle tx, int close, List<Fields> items) {
        PreparedBatch batch = tx.prepareBatch("insert into settlement.invoice"
                + " (id, close, contract, buyer, currency, hash, total, document, node)"
                + " values (:id, :close, :contract, :buyer, :currency, :hash, :total, :document, :node)");
        for (Fields item : items) {
            Fields invoice = item.fields("invoice");
            byte[] document = Jcs.bytes(invoice.object());
            Money total = Money.parse(Currency.of(invoice.text("currency")), invoice.text("total"));
            batch.bind("id", invoice.text("invoice"))
                    .bind("close", close)
                    .bind("contract", invoice.text("contract"))
                    .bind("buyer", invoice.text("buyer"))
                    .bind("currency", total.currency().code())
                    .bind("hash", Sha256.hash(document).toBytes())
                    .bind("total", new BigDecimal(total.micros()))
                    .bind("document", Jcs.text(invoice.object()))
                    .bind("node", CloseEntries.node(item).orElse(null))
                    .add();
        }
        batch.execute();
    }

    public static void saveContractTotals(Handle tx, List<Fields> items) {
        PreparedBatch batch = tx.prepareBatch("insert into settlement.owed as o"
                + " (contract, gross, charged, fee, fee_posted, flat)"
                + " values (:contract, :gross, :charged, :fee, :fee_posted, :flat) on conflict (contract) do update set"
                + " gross = excluded.gross, charged = excluded.charged, fee = excluded.fee,"
                + " fee_posted = excluded.fee_posted, flat = excluded.flat");
        for (Fields item : items) {
            Fields invoice = item.fields("invoice");
            ContractId contract = new ContractId(invoice.text("contract"));
            Currency currency = Currency.of(invoice.text("currency"));
            CloseInput.ContractTotal before = contractTotal(tx, contract);
            batch.bind("contract", contract.value())
                    .bind(
                            "gross",
                            before.gross().plus(exact(invoice.text("exact"))).toString())
                    .bind(
                            "charged",
                            new BigDecimal(before.charged()
                                    .add(Money.parse(currency, invoice.text("charged"))
                                            .micros())))
                    .bind("fee", before.fee().plus(exact(invoice.text("fee"))).toString())
                    .bind(
                            "fee_posted",
                            new BigDecimal(before.feePosted()
                                    .add(Money.parse(currency, item.text("fee_posted"))
                                            .micros())))
                    .bind("flat", item.optionalBool("flat").orElse(false))
                    .add();
        }
        batch.execute();
    }

    public static CloseInput.ContractTotal contractTotal(Handle tx, ContractId contract) {
        return tx.select(
                        "select gross, charged, fee, fee_posted, flat from settlement.owed where contract = ?",
                        contract.value())
                .map((row, context) -> new CloseInput.ContractTotal(
                        exact(row.getString("gross")),
                        Numerics.whole(row, "charged"),
                        exact(row.getString("fee")),
                        Numerics.whole(row, "fee_posted"),
                        row.getBoolean("flat")))
                .findOne()
                .orElse(CloseInput.ContractTotal.NOTHING);
    }

    public static Map<PartyId, CloseInput.PayeeTotal> payeeTotals(Handle tx, ContractId contract) {
        Map<PartyId, CloseInput.PayeeTotal> totals = new HashMap<>();
        tx.select("select party, exact, posted from settlement.earned where contract = ?", contract.value())
                .map((row, context) -> Map.entry(
                        new PartyId(row.getString("party")),
                        new CloseInput.PayeeTotal(exact(row.getString("exact")), Numerics.whole(row, "posted"))))
                .forEach(entry -> totals.put(entry.getKey(), entry.getValue()));
        return totals;
    }

    public static void insertParts(Handle tx, List<CloseInput.BilledSet> parts) {
        PreparedBatch batch = tx.prepareBatch("insert into settlement.billed_part"
                + " (contract, job, scope, close, dataset, used_in, taken, works)"
                + " values (:contract, :job, :scope, :close, :dataset, :used_in, :taken, :works)");
        for (CloseInput.BilledSet part : parts) {
            byte[] works = new byte[part.works().serializedSizeInBytes()];
            part.works().serialize(ByteBuffer.wrap(works));
            batch.bind("contract", part.key().contract().value())
                    .bind("job", part.key().job().value())
                    .bind("scope", part.key().scope().code())
                    .bind("close", part.close())
                    .bind("dataset", part.dataset().toBytes())
                    .bind("used_in", part.usedIn())
                    .bind("taken", part.withdrawn())
                    .bind("works", works)
                    .add();
        }
        batch.execute();
    }

    /** What all closes billed and gave back under a contract, in the order of the closes. */
    public static List<CloseInput.BilledSet> parts(Handle tx, ContractId contract) {
        return tx.select(PART + "where contract = ? order by close, taken, job, scope, used_in", contract.value())
                .map((row, context) -> part(row))
                .list();
    }

    /** What one close billed and gave back under a contract. */
    public static List<CloseInput.BilledSet> parts(Handle tx, ContractId contract, int close) {
        return tx.select(
                        PART + "where contract = ? and close = ? order by close, taken, job, scope, used_in",
                        contract.value(),
                        close)
                .map((row, context) -> part(row))
                .list();
    }

    /** A funding as it was booked. */
    public record FundingRow(ContractId contract, Money amount) {}

    /** All that has been paid in for a contract. */
    public static Money funded(Handle tx, ContractId contract, Currency currency) {
        return tx.select(
                        "select coalesce(sum(amount), 0) as amount from settlement.funding where contract = ?",
                        contract.value())
                .map((row, context) -> Money.ofMicros(currency, Numerics.whole(row, "amount")))
                .one();
    }

    public static Optional<FundingRow> funding(Handle tx, String reference) {
        return tx.select("select contract, currency, amount from settlement.funding where reference = ?", reference)
                .map((row, context) -> new FundingRow(
                        new ContractId(row.getString("contract")),
                        Money.ofMicros(Currency.of(row.getString("currency")), Numerics.whole(row, "amount"))))
                .findOne();
    }

    /** All fundings, by reference. */
    public static Map<String, FundingRow> fundings(Handle tx) {
        Map<String, FundingRow> found = new HashMap<>();
        tx.select("select reference, contract, currency, amount from settlement.funding")
                .map((row, context) -> Map.entry(
                        row.getString("reference"),
                        new FundingRow(
                                new ContractId(row.getString("contract")),
                                Money.ofMicros(Currency.of(row.getString("currency")), Numerics.whole(row, "amount")))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    /** Hashes of a close's statements and invoices, by id. */
    public static Map<String, Hash> hashes(Handle tx, int close) {
        Map<String, Hash> found = new HashMap<>();
        tx.select(
                        "select id, hash from settlement.statement where close = ?"
                                + " union all select id, hash from settlement.invoice where close = ?",
                        close,
                        close)
                .map((row, context) -> Map.entry(row.getString("id"), Hash.of(row.getBytes("hash"))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    public static void insertFunding(Handle tx, long position, String reference, FundingRow funding) {
        tx.createUpdate("insert into settlement.funding (reference, contract, currency, amount, position)"
                        + " values (:reference, :contract, :currency, :amount, :position)")
                .bind("reference", reference)
                .bind("contract", funding.contract().value())
                .bind("currency", funding.amount().currency().code())
                .bind("amount", new BigDecimal(funding.amount().micros()))
                .bind("position", position)
                .execute();
    }

    public static void empty(Handle tx) {
        tx.execute("truncate settlement.close, settlement.statement, settlement.invoice, settlement.earned,"
                + " settlement.owed, settlement.billed_part, settlement.funding, settlement.set_aside,"
                + " settlement.format");
    }

    /** An amount as a paper or a table has it, of either notation, in e. */
    private static Exact exact(String text) {
        return StatedAmount.parseEither(text, "exact").toExact();
    }

    private static CloseInput.BilledSet part(ResultSet row) throws SQLException {
        RoaringBitmap works = CloseEntries.works(row.getBytes("works"));
        return new CloseInput.BilledSet(
                new UsageKey(
                        new ContractId(row.getString("contract")),
                        new JobId(row.getString("job")),
                        Scope.ofCode(row.getInt("scope"))),
                Hash.of(row.getBytes("dataset")),
                row.getInt("close"),
                row.getInt("used_in"),
                row.getBoolean("taken"),
                works);
    }

    private static StoredStatement statement(ResultSet row) throws SQLException {
        return new StoredStatement(
                row.getString("id"),
                row.getInt("close"),
                new PartyId(row.getString("party")),
                Money.ofMicros(Currency.of(row.getString("currency")), Numerics.whole(row, "total")),
                Hash.of(row.getBytes("hash")),
                Statement.of(Json.parse(row.getString("document"))));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
