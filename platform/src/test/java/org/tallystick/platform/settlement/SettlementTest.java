package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.ledger.TrialBalance;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.metering.Metrics;
import org.tallystick.platform.metering.MetricsQuery;
import org.tallystick.platform.metering.Trace;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.platform.settlement.escrow.Funding;
import org.tallystick.platform.settlement.statements.References;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.statement.Statement;

/** Periods closed on a real server: who gets what, who owes what, and that it stays so whatever comes later. */
class SettlementTest {
    private static final Currency USD = Currency.of("USD");

    @TempDir
    Path dir;

    private Market market;

    @BeforeEach
    void open() {
        market = new Market(dir, 5);
    }

    @AfterEach
    void close() {
        market.close();
    }

    private Period period(String id, Instant from) {
        market.world.clock.advance(Duration.ofMinutes(10));
        return new Period(id, from, market.world.clock.instant());
    }

    private Close closed(Period period) {
        return market.settlement().close(period).orThrow();
    }

    private void fund(ContractId contract, String amount, String reference) {
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(USD, amount), reference)
                .orThrow();
    }

    /** A contract, a token under its first job and an edge that delivers under it. */
    private record Deal(ContractId contract, Grant grant, Market.TestEdge edge) {
        Leaf deliver(Member member) {
            return edge.deliver(grant, member);
        }

        void takeBack(Leaf leaf) {
            edge.takeBack(leaf, grant);
        }
    }

    private Deal deal(ContractId contract, String deposit) {
        fund(contract, deposit, "wire-1");
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        return new Deal(contract, grant, market.edge("e"));
    }

    /** The accounts that are not empty. */
    private Map<String, String> balances() {
        Map<String, String> balances = new TreeMap<>();
        market.read(tx -> market.ledger.accounts(tx, "", Optional.empty(), 1000)).items().stream()
                .filter(account -> !account.balance().isZero())
                .forEach(account ->
                        balances.put(account.name(), account.balance().toDecimal()));
        return balances;
    }

    private Statement statement(String period, String party) {
        return market.settlement()
                .statement(Statement.id(ContractFixture.ORIGIN, period, party, "USD"))
                .orElseThrow()
                .statement();
    }

    private static List<String> lines(Statement statement) {
        List<String> lines = new ArrayList<>();
        statement
                .lines()
                .forEach(line -> lines.add(line.kind().word() + " "
                        + line.basis().word() + " " + line.worth().uses() + " " + line.exact()
                        + line.corrects().map(id -> " corrects " + id).orElse("")));
        return lines;
    }

    private byte[] export(String id) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        market.settlement().export(id, out).orThrow();
        return out.toByteArray();
    }

    private PaperVerifier.Verified verified(String id) {
        return new PaperVerifier(Market.noteSigner().key(), ContractFixture.VERIFIER).verify(export(id));
    }

    private void everythingFits() {
        List<String> differences = market.read(tx -> market.settlement().check(tx));
        assertThat(differences).isEmpty();
        List<Difference> inLedger = market.read(tx -> market.ledger.check(tx));
        assertThat(inLedger).isEmpty();
        List<TrialBalance> sums = market.read(tx -> market.ledger.trialBalance(tx));
        assertThat(sums).allMatch(TrialBalance::isBalanced);
        assertThat(market.metering().check()).isEmpty();
        for (Close close : market.read(tx -> market.settlement().closes(tx))) {
            close.invoices().forEach(this::billed);
        }
    }

    /** An invoice verifies offline as a statement does, and says what the table has. */
    private void billed(String id) {
        PaperVerifier.Verified verified = verified(id);
        StoredInvoice stored = market.settlement().invoice(id).orElseThrow();
        assertThat(verified.weaker()).isFalse();
        assertThat(verified.paper().json()).isEqualTo(stored.document());
        assertThat(verified.paper().contracts().getFirst().posted())
                .isEqualTo(stored.total().micros());
    }

    @Test
    void aPeriodIsClosedPostedStatedAndProven() {
        Deal deal = deal(market.contract("cnf-1"), "1.00");
        for (int i = 0; i < 8; i++) {
            deal.deliver(market.members.get(i));
            deal.deliver(market.members.get(i));
        }
        deal.edge().seal(3).ship();
        Close close = closed(period("2026-01", ContractFixture.START));
        assertThat(balances())
                .isEqualTo(Map.of(
                        "cash:USD", "-1.00",
                        "escrow:cnf-1", "0.96",
                        "payable:creator-42", "0.02",
                        "payable:creator-43", "0.012",
                        "payable:curator-11", "0.008"));
        assertThat(lines(statement("2026-01", "creator-42"))).containsExactly("usage creator 5 0.02");
        assertThat(lines(statement("2026-01", "creator-43"))).containsExactly("usage creator 3 0.012");
        assertThat(lines(statement("2026-01", "curator-11"))).containsExactly("usage recipient 8 0.008");
        assertThat(close.statements()).hasSize(3);
        for (String id : close.statements()) {
            PaperVerifier.Verified verified = verified(id);
            assertThat(verified.works()).isEqualTo(verified.receipts());
        }
        StoredInvoice invoice =
                market.settlement().invoice(close.invoices().getFirst()).orElseThrow();
        assertThat(invoice.total()).hasToString("0.04 USD");
        assertThat(invoice.document().toString()).contains("\"from_escrow\":\"0.04\"", "\"due\":\"0.00\"");
        Metrics metrics = market.metering().metrics(MetricsQuery.of(deal.contract()));
        assertThat(metrics.uses())
                .isEqualTo(statement("2026-01", "curator-11")
                        .lines()
                        .getFirst()
                        .worth()
                        .uses());
        everythingFits();
    }

    @Test
    void theSamePeriodAgainIsTheSameAndOthersMustFollow() {
        ContractId contract = market.contract("cnf-1");
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        edge.deliver(grant, market.members.getFirst());
        edge.ship();
        Period first = period("p1", ContractFixture.START);
        Close close = closed(first);
        byte[] file = export(close.statements().getFirst());
        long size = market.world.log.size();
        edge.deliver(grant, market.members.get(1));
        edge.ship();
        market.restart();
        Outcome<Close> again = market.settlement().close(first);
        assertThat(again).isEqualTo(Outcome.repeated(close));
        assertThat(export(close.statements().getFirst())).isEqualTo(file);
        assertThat(market.world.log.size()).isEqualTo(size + 1);
        Instant now = market.world.clock.instant();
        refused("settlement/period-conflict", new Period("p1", ContractFixture.START, now.minusSeconds(1)));
        refused("settlement/period-gap", new Period("p2", ContractFixture.START, now));
        refused("settlement/period-not-over", new Period("p2", now, now.plusSeconds(1)));
        assertThatThrownBy(() -> new Period("p 2", now, now.plusSeconds(1))).hasMessageContaining("settlement/period");
    }

    private void refused(String type, Period period) {
        assertThat(market.settlement().close(period).refusal().orElseThrow().type())
                .isEqualTo(type);
    }

    @Test
    void aReceiptThatComesLateBecomesALineThatNamesTheLineItCorrects() {
        ContractId contract = market.contract("cnf-1");
        fund(contract, "1.00", "wire-1");
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Market.TestEdge prompt = market.edge("prompt");
        Market.TestEdge slow = market.edge("slow");
        prompt.deliver(grant, market.members.getFirst());
        slow.deliver(grant, market.members.get(1));
        slow.deliver(grant, market.members.get(7));
        prompt.ship();
        Close first = closed(period("p1", ContractFixture.START));
        Instant end = market.world.clock.instant();
        byte[] before = export(first.statements().getFirst());
        prompt.deliver(grant, market.members.get(2));
        prompt.ship();
        slow.ship();
        Close second = closed(period("p2", end));
        String original = Statement.id(ContractFixture.ORIGIN, "p1", "creator-42", "USD");
        assertThat(lines(statement("p2", "creator-42")))
                .containsExactly("usage creator 1 0.004", "adjustment creator 1 0.004 corrects " + original + "/1");
        assertThat(lines(statement("p2", "creator-43")))
                .as("it had no such line, so the statement itself is named")
                .containsExactly("adjustment creator 1 0.004 corrects "
                        + Statement.id(ContractFixture.ORIGIN, "p1", "creator-43", "USD"));
        assertThat(lines(statement("p1", "creator-43")))
                .as("told that nothing was used")
                .isEmpty();
        assertThat(statement("p1", "creator-43").contracts()).hasSize(1);
        second.statements().forEach(this::verified);
        first.statements().forEach(this::verified);
        assertThat(export(first.statements().getFirst())).isEqualTo(before);
        assertThat(balances().get("escrow:cnf-1")).isEqualTo("0.98");
        everythingFits();
    }

    @Test
    void whatIsVoidedAfterItWasBilledIsGivenBack() {
        Deal deal = deal(market.contract("cnf-1"), "1.00");
        Leaf broken = deal.deliver(market.members.getFirst());
        deal.deliver(market.members.get(1));
        Leaf repeated = deal.deliver(market.members.get(2));
        deal.deliver(market.members.get(2));
        deal.edge().ship();
        Close first = closed(period("p1", ContractFixture.START));
        Instant end = market.world.clock.instant();
        deal.takeBack(broken);
        deal.takeBack(repeated);
        deal.edge().ship();
        Close second = closed(period("p2", end));
        String original = Statement.id(ContractFixture.ORIGIN, "p1", "creator-42", "USD");
        assertThat(lines(statement("p2", "creator-42")))
                .containsExactly("withdrawal creator 1 -0.004 corrects " + original + "/1");
        assertThat(statement("p2", "creator-42").total()).isEqualTo(-4_000);
        assertThat(balances())
                .isEqualTo(Map.of(
                        "cash:USD", "-1.00",
                        "escrow:cnf-1", "0.99",
                        "payable:creator-42", "0.008",
                        "payable:curator-11", "0.002"));
        second.statements().forEach(this::verified);
        first.statements().forEach(this::verified);
        everythingFits();
        deal.deliver(market.members.getFirst());
        deal.edge().ship();
        Close third = closed(period("p3", market.world.clock.instant()));
        assertThat(lines(statement("p3", "creator-42"))).containsExactly("usage creator 1 0.004");
        third.statements().forEach(this::verified);
        assertThat(balances().get("escrow:cnf-1")).isEqualTo("0.985");
        everythingFits();
    }

    @Test
    void whatEscrowCannotCoverIsOwedAndSettledByTheNextDeposit() {
        Deal deal = deal(market.contract("cnf-1"), "0.01");
        for (int i = 0; i < 4; i++) {
            deal.deliver(market.members.get(i));
        }
        deal.edge().ship();
        Close close = closed(period("p1", ContractFixture.START));
        assertThat(balances()).containsEntry("receivable:cnf-1", "-0.01").doesNotContainKey("escrow:cnf-1");
        Money debt = market.read(tx -> market.settlement().debt(tx, deal.contract(), USD));
        assertThat(debt).hasToString("0.01 USD");
        String invoice = market.settlement()
                .invoice(close.invoices().getFirst())
                .orElseThrow()
                .document()
                .toString();
        assertThat(invoice).contains("\"from_escrow\":\"0.01\"", "\"due\":\"0.01\"");
        Funding funding = market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, deal.contract(), Money.parse(USD, "0.50"), "wire-2")
                .orThrow();
        assertThat(funding.balance()).hasToString("0.49 USD");
        assertThat(balances()).containsEntry("escrow:cnf-1", "0.49").doesNotContainKey("receivable:cnf-1");
        everythingFits();
    }

    @Test
    void aDepositIsBookedOnce() {
        ContractId contract = market.contract("cnf-1");
        Money dollar = Money.parse(USD, "1.00");
        Settlement settlement = market.settlement();
        Funding first = settlement
                .fundEscrow(ContractFixture.OPERATOR, contract, dollar, "wire-1")
                .orThrow();
        assertThat(settlement.fundEscrow(ContractFixture.OPERATOR, contract, dollar, "wire-1"))
                .isEqualTo(Outcome.repeated(first));
        Map<String, Outcome<Funding>> refusals = Map.of(
                "escrow/conflict",
                settlement.fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(USD, "2.00"), "wire-1"),
                "escrow/operator-only",
                settlement.fundEscrow(ContractFixture.BUYER, contract, dollar, "wire-2"),
                "escrow/reference",
                settlement.fundEscrow(ContractFixture.OPERATOR, contract, dollar, " "),
                "escrow/amount",
                settlement.fundEscrow(ContractFixture.OPERATOR, contract, Money.zero(USD), "wire-2"),
                "contract/unknown",
                settlement.fundEscrow(ContractFixture.OPERATOR, new ContractId("none"), dollar, "wire-2"),
                "escrow/currency",
                settlement.fundEscrow(ContractFixture.OPERATOR, contract, Money.parse("1.00 EUR"), "wire-2"));
        refusals.forEach((type, outcome) ->
                assertThat(outcome.refusal().orElseThrow().type()).isEqualTo(type));
        assertThat(balances()).isEqualTo(Map.of("cash:USD", "-1.00", "escrow:cnf-1", "1.00"));
    }

    @Test
    void aFlatPriceIsDueOnceAndSharedByWorks() {
        ContractId contract = market.contract(
                "cnf-flat",
                "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":100}",
                "0.1",
                "[{\"recipientId\":\"creators\",\"share\":0.70},{\"recipientId\":\"curator-11\",\"share\":0.30}]");
        Deal deal = deal(contract, "150.00");
        deal.deliver(market.members.getFirst());
        deal.edge().ship();
        Close first = closed(period("p1", ContractFixture.START));
        Map<String, String> expected = Map.of(
                "cash:USD", "-150.00",
                "escrow:cnf-flat", "50.00",
                "fee:USD", "10.00",
                "payable:creator-42", "31.50",
                "payable:creator-43", "31.50",
                "payable:curator-11", "27.00");
        assertThat(balances()).isEqualTo(expected);
        first.statements().forEach(this::verified);
        Close second = closed(period("p2", market.world.clock.instant()));
        assertThat(balances()).isEqualTo(expected);
        second.statements().forEach(this::verified);
        assertThat(lines(statement("p2", "creator-42"))).isEmpty();
        everythingFits();
    }

    @Test
    void rebuiltFromTheLogEverythingIsTheSameToTheByte() {
        Deal deal = deal(market.contract("cnf-1"), "0.02");
        Leaf broken = deal.deliver(market.members.getFirst());
        for (int i = 0; i < 6; i++) {
            deal.deliver(market.members.get(i + 1));
        }
        deal.edge().ship();
        Close first = closed(period("p1", ContractFixture.START));
        Instant end = market.world.clock.instant();
        deal.takeBack(broken);
        deal.deliver(market.members.get(9));
        deal.edge().ship();
        Close second = closed(period("p2", end));
        fund(deal.contract(), "0.50", "wire-2");
        List<byte[]> files = new ArrayList<>();
        first.statements().forEach(id -> files.add(export(id)));
        second.statements().forEach(id -> files.add(export(id)));
        Map<String, String> balances = balances();
        Map<String, List<String>> rows = market.world.rows("settlement");
        market.world.sequencer.rebuild();
        market.restart();
        market.metering().rebuild();
        assertThat(market.world.rows("settlement")).isEqualTo(rows);
        assertThat(balances()).isEqualTo(balances);
        List<byte[]> again = new ArrayList<>();
        first.statements().forEach(id -> again.add(export(id)));
        second.statements().forEach(id -> again.add(export(id)));
        assertThat(again).containsExactlyElementsOf(files);
        Close third = closed(period("p3", market.world.clock.instant()));
        assertThat(lines(statement("p3", "creator-42"))).isEmpty();
        assertThat(third.number()).isEqualTo(3);
        everythingFits();
    }

    @Test
    void useLineInvoiceAndPostingLeadToOneAnother() {
        Deal deal = deal(market.contract("cnf-1"), "1.00");
        deal.deliver(market.members.getFirst());
        deal.deliver(market.members.get(6));
        deal.edge().ship();
        Close close = closed(period("p1", ContractFixture.START));
        Trace trace = market.metering()
                .trace(
                        deal.contract(),
                        new org.tallystick.platform.kernel.JobId("job-1"),
                        Scope.TRAINING,
                        market.members.getFirst().content())
                .orElseThrow();
        String statement = Statement.id(ContractFixture.ORIGIN, "p1", "creator-42", "USD");
        market.read(tx -> {
            References references = market.settlement().references(tx);
            assertThat(references.lines(trace.key(), trace.ordinal()))
                    .containsExactly(
                            statement + "/1", Statement.id(ContractFixture.ORIGIN, "p1", "curator-11", "USD") + "/1");
            assertThat(references.invoices(trace.key(), trace.ordinal())).isEqualTo(close.invoices());
            StoredStatement stored =
                    market.settlement().statement(tx, statement).orElseThrow();
            assertThat(references.works(stored, 1, 10))
                    .singleElement()
                    .satisfies(work -> assertThat(work.content())
                            .isEqualTo(market.members.getFirst().content()));
            List<Hash> postings = references.postings(stored);
            assertThat(postings).hasSize(1);
            assertThat(market.ledger
                            .byId(tx, postings.getFirst())
                            .orElseThrow()
                            .transfer()
                            .reference())
                    .isEqualTo(statement);
            StoredInvoice invoice =
                    market.settlement().invoice(tx, close.invoices().getFirst()).orElseThrow();
            assertThat(references.postings(invoice)).hasSize(1);
            return true;
        });
    }

    @Test
    void anythingChangedBehindOurBackIsFound() {
        ContractId contract = market.contract("cnf-1");
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        edge.deliver(grant, market.members.getFirst());
        edge.ship();
        closed(period("p1", ContractFixture.START));
        for (String change : List.of(
                "update settlement.statement set total = total + 1 where party = 'creator-42'",
                "update settlement.earned set posted = posted + 1",
                "update settlement.owed set charged = charged + 1",
                "update settlement.invoice set total = total + 1",
                "update settlement.close set root = sha256(root)")) {
            market.world.database.write(tx -> {
                tx.execute(change);
                assertThat(market.settlement().check(tx)).as(change).isNotEmpty();
                tx.rollback();
                tx.begin();
                return true;
            });
        }
        everythingFits();
        assertThat(new String(export(statement("p1", "creator-42").id()), StandardCharsets.UTF_8))
                .startsWith("{\"evidence\":");
        assertThat(market.settlement()
                        .export("st-none", new ByteArrayOutputStream())
                        .refusal()
                        .orElseThrow()
                        .type())
                .isEqualTo("statement/unknown");
    }
}
