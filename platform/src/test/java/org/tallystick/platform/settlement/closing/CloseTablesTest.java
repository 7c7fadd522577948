package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
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
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Statement;

/** What is put into the tables of closes comes out as it was, is summed up, and is listed newest first, page by page. */
class CloseTablesTest {
    private static final Database DATABASE = TestDatabase.fresh();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Hash ROOT = Hash.of(new byte[32]);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() {
        DATABASE.write(tx -> {
            SettlementStore.empty(tx);
            return true;
        });
    }

    private static Period period(int number) {
        return new Period("p" + number, START.plus(Duration.ofDays(number)), START.plus(Duration.ofDays(number + 1)));
    }

    private static void insertClose(Handle tx, int number) {
        Period period = period(number);
        SettlementStore.insertClose(
                tx,
                1_000L + number,
                Fields.of(
                        Json.object()
                                .put("number", number)
                                .put("period", period.id())
                                .put("from", period.from())
                                .put("to", period.to())
                                .put("position", 900L + number)
                                .put("statements", 1)
                                .put("invoices", 1)
                                .put("root", ROOT.hex())
                                .build(),
                        "close"));
    }

    private static Statement statement(int number, String party, String exactBefore, String exact) {
        Period period = period(number);
        Exact before = Exact.parse(exactBefore, "x");
        Exact now = Exact.parse(exact, "x");
        BigInteger posted = before.floorMicros();
        return new Statement(
                Notation.DECIMALS,
                CloseModel.PLATFORM,
                party,
                period.id(),
                period.from(),
                period.to(),
                "USD",
                900L + number,
                Optional.empty(),
                List.of(),
                List.of(new Statement.ContractTotal(
                        "c1", before, now, posted, Statement.ContractTotal.toPost(before, now, posted))));
    }

    private static SettlementStore.StatementRow insert(Handle tx, int number, Statement statement) {
        SettlementStore.StatementRow row = SettlementStore.StatementRow.of(statement.json());
        SettlementStore.insertStatements(tx, number, List.of(row));
        return row;
    }

    private static Fields bill(int number, String contract, String exact, String charged, String fee, boolean flat) {
        Json.Obj invoice = Json.object()
                .put("invoice", "iv-" + number + "-" + contract)
                .put("contract", contract)
                .put("buyer", "buyer-" + contract)
                .put("currency", "USD")
                .put("exact", exact)
                .put("charged", charged)
                .put("fee", fee)
                .put("total", charged)
                .build();
        return Fields.of(
                Json.object()
                        .put("invoice", invoice)
                        .put("fee_posted", fee)
                        .put("flat", flat)
                        .build(),
                "item");
    }

    private static void within(Consumer<Handle> test) {
        DATABASE.write(tx -> {
            test.accept(tx);
            return true;
        });
    }

    @Test
    void closesComeInTheirOrder() {
        within(tx -> {
            insertClose(tx, 2);
            insertClose(tx, 1);
            assertThat(SettlementStore.closes(tx))
                    .containsExactly(
                            new SettlementStore.CloseRow(1, period(1), 1_001, 901, ROOT),
                            new SettlementStore.CloseRow(2, period(2), 1_002, 902, ROOT));
        });
    }

    @Test
    void aStatementComesOutAsItWasAndEachPayeesLatestIsKnown() {
        within(tx -> {
            insertClose(tx, 1);
            insertClose(tx, 2);
            SettlementStore.StatementRow first = insert(tx, 1, statement(1, "a", "0", "0.005"));
            SettlementStore.StatementRow second = insert(tx, 2, statement(2, "a", "0.005", "0.001"));
            SettlementStore.StatementRow other = insert(tx, 1, statement(1, "b", "0", "7"));
            StoredStatement found = SettlementStore.statement(tx, second.id()).orElseThrow();
            assertThat(found)
                    .isEqualTo(new StoredStatement(
                            second.id(),
                            2,
                            new PartyId("a"),
                            Money.ofMicros(Currency.of("USD"), 1_000),
                            second.statement().hash(),
                            second.statement()));
            assertThat(SettlementStore.statement(tx, "none")).isEmpty();
            assertThat(SettlementStore.latest(tx)).isEqualTo(Map.of("a USD", second.hash(), "b USD", other.hash()));
            List<String> ids = new ArrayList<>(List.of(first.id(), other.id()));
            ids.sort(null);
            assertThat(SettlementStore.statementIds(tx, 1)).isEqualTo(ids);
            assertThat(SettlementStore.statementIds(tx, 2)).containsExactly(second.id());
            assertThat(SettlementStore.hashes(tx, 2)).isEqualTo(Map.of(second.id(), second.hash()));
        });
    }

    @Test
    void statementsAreListedNewestFirstPageByPage() {
        within(tx -> {
            List<String> expected = new ArrayList<>();
            for (int number = 1; number <= 3; number++) {
                insertClose(tx, number);
                List<String> ids = new ArrayList<>();
                for (String party : List.of("a", "b")) {
                    ids.add(insert(tx, number, statement(number, party, "0", "1"))
                            .id());
                }
                ids.sort(null);
                expected.addAll(0, ids);
            }
            List<String> found = new ArrayList<>();
            ListingStore.Place at = ListingStore.Place.START;
            for (int page = 0; page < 3; page++) {
                List<ListingStore.ListedStatement> some =
                        ListingStore.statements(tx, Optional.empty(), Optional.empty(), at, 2);
                assertThat(some).hasSize(2);
                some.forEach(statement -> found.add(statement.id()));
                at = new ListingStore.Place(
                        some.getLast().close(), some.getLast().id());
            }
            assertThat(found).isEqualTo(expected);
            assertThat(ListingStore.statements(tx, Optional.empty(), Optional.empty(), at, 2))
                    .isEmpty();
            assertThat(ListingStore.statements(
                            tx, Optional.of(new PartyId("a")), Optional.of("p2"), ListingStore.Place.START, 9))
                    .extracting(statement -> statement.party() + " " + statement.close())
                    .containsExactly("a 2");
        });
    }

    @Test
    void aPayeesTotalIsTheLatestStatements() {
        within(tx -> {
            SettlementStore.savePayeeTotals(
                    tx, List.of(statement(1, "a", "0", "0.0000015"), statement(1, "b", "0", "2")));
            SettlementStore.savePayeeTotals(tx, List.of(statement(2, "a", "0.0000015", "0.0000005")));
            assertThat(SettlementStore.payeeTotals(tx, new ContractId("c1")))
                    .isEqualTo(Map.of(
                            new PartyId("a"), new CloseInput.PayeeTotal(Exact.parse("0.000002", "x"), BigInteger.TWO),
                            new PartyId("b"),
                                    new CloseInput.PayeeTotal(Exact.parse("2", "x"), BigInteger.valueOf(2_000_000))));
            assertThat(SettlementStore.payeeTotals(tx, new ContractId("c2"))).isEmpty();
        });
    }

    @Test
    void aContractsTotalIsTheSumOfItsInvoices() {
        within(tx -> {
            ContractId contract = new ContractId("c1");
            assertThat(SettlementStore.contractTotal(tx, contract)).isEqualTo(CloseInput.ContractTotal.NOTHING);
            insertClose(tx, 1);
            insertClose(tx, 2);
            SettlementStore.saveContractTotals(
                    tx, List.of(bill(1, "c1", "0.5", "0.50", "0.05", false), bill(1, "c2", "9", "9.00", "1", true)));
            SettlementStore.saveContractTotals(tx, List.of(bill(2, "c1", "0.25", "0.25", "0.02", true)));
            assertThat(SettlementStore.contractTotal(tx, contract))
                    .isEqualTo(new CloseInput.ContractTotal(
                            Exact.parse("0.75", "x"),
                            BigInteger.valueOf(750_000),
                            Exact.parse("0.07", "x"),
                            BigInteger.valueOf(70_000),
                            true));
            assertThat(SettlementStore.contractTotal(tx, new ContractId("c2")).flat())
                    .isTrue();
        });
    }

    @Test
    void invoicesAreFoundAndListedNewestFirst() {
        within(tx -> {
            for (int number = 1; number <= 2; number++) {
                insertClose(tx, number);
                SettlementStore.insertInvoices(
                        tx,
                        number,
                        List.of(
                                bill(number, "c1", "1", "1.00", "0", false),
                                bill(number, "c2", "2", "2.00", "0", false)));
            }
            assertThat(SettlementStore.invoiceIds(tx, 1)).containsExactly("iv-1-c1", "iv-1-c2");
            StoredInvoice one = InvoiceStore.invoice(tx, "iv-2-c1").orElseThrow();
            assertThat(one.close()).isEqualTo(2);
            assertThat(one.period()).isEqualTo("p2");
            assertThat(one.contract()).isEqualTo(new ContractId("c1"));
            assertThat(one.buyer()).isEqualTo(new PartyId("buyer-c1"));
            assertThat(one.total()).isEqualTo(Money.ofMicros(Currency.of("USD"), 1_000_000));
            assertThat(one.hash()).isEqualTo(Sha256.hash(Jcs.bytes(one.document())));
            assertThat(one.document())
                    .isEqualTo(bill(2, "c1", "1", "1.00", "0", false)
                            .fields("invoice")
                            .object());
            assertThat(SettlementStore.hashes(tx, 2)).hasSize(2).containsEntry("iv-2-c1", one.hash());
            assertThat(InvoiceStore.invoice(tx, "none")).isEmpty();
            assertThat(listed(tx, Optional.empty(), Optional.empty(), Optional.empty(), ListingStore.Place.START, 3))
                    .containsExactly("iv-2-c1", "iv-2-c2", "iv-1-c1");
            assertThat(listed(
                            tx,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            new ListingStore.Place(1, "iv-1-c1"),
                            3))
                    .containsExactly("iv-1-c2");
            assertThat(listed(
                            tx,
                            Optional.of(new PartyId("buyer-c2")),
                            Optional.of(new ContractId("c2")),
                            Optional.of("p1"),
                            ListingStore.Place.START,
                            9))
                    .containsExactly("iv-1-c2");
        });
    }

    private static List<String> listed(
            Handle tx,
            Optional<PartyId> buyer,
            Optional<ContractId> contract,
            Optional<String> period,
            ListingStore.Place after,
            int limit) {
        return ListingStore.invoices(tx, buyer, contract, period, after, limit).stream()
                .map(ListingStore.ListedInvoice::id)
                .toList();
    }

    @Test
    void whatWasBilledComesInTheOrderOfTheClosesAndWhatWasGivenBackAfterIt() {
        within(tx -> {
            insertClose(tx, 1);
            insertClose(tx, 2);
            UsageKey key = new UsageKey(new ContractId("c1"), new JobId("job"), Scope.EMBEDDING);
            CloseInput.BilledSet back = new CloseInput.BilledSet(key, ROOT, 2, 1, true, RoaringBitmap.bitmapOf(3));
            CloseInput.BilledSet late = new CloseInput.BilledSet(key, ROOT, 2, 1, false, RoaringBitmap.bitmapOf(4));
            CloseInput.BilledSet first =
                    new CloseInput.BilledSet(key, ROOT, 1, 1, false, RoaringBitmap.bitmapOf(3, 5, 70_000));
            SettlementStore.insertParts(tx, List.of(back, late, first));
            assertThat(SettlementStore.parts(tx, key.contract())).containsExactly(first, late, back);
            assertThat(SettlementStore.parts(tx, key.contract(), 2)).containsExactly(late, back);
            assertThat(SettlementStore.parts(tx, new ContractId("c2"))).isEmpty();
        });
    }

    @Test
    void aDepositIsFoundByItsReference() {
        within(tx -> {
            SettlementStore.FundingRow row =
                    new SettlementStore.FundingRow(new ContractId("c1"), Money.ofMicros(Currency.of("EUR"), 1_230_000));
            SettlementStore.insertFunding(tx, 17, "wire-1", row);
            assertThat(SettlementStore.funding(tx, "wire-1")).contains(row);
            assertThat(SettlementStore.funding(tx, "wire-2")).isEmpty();
            assertThat(SettlementStore.fundings(tx)).isEqualTo(Map.of("wire-1", row));
            SettlementStore.empty(tx);
            assertThat(SettlementStore.fundings(tx)).isEmpty();
        });
    }
}
