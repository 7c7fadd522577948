package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.ledger.PostOutcome;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.SetAside;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.escrow.Funding;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.statement.Statement;

/** One contract, deposit or payee, however great, never keeps the others from being billed and paid. */
class OneItemTest {
    private static final String SPLIT =
            "[{\"recipientId\":\"creators\",\"share\":0.80}," + "{\"recipientId\":\"curator-11\",\"share\":0.20}]";

    @TempDir
    Path dir;

    private Market market;
    private Instant from = ContractFixture.START;

    @BeforeEach
    void open() {
        market = new Market(dir, 50);
    }

    @AfterEach
    void close() {
        market.close();
    }

    private ContractId contract(String id, String price, String fee) {
        String pricing = "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":" + price + "}";
        return market.contract(id, pricing, fee, SPLIT);
    }

    private Close close(String id) {
        market.world.clock.advance(Duration.ofMinutes(10));
        Period period = new Period(id, from, market.world.clock.instant());
        from = period.to();
        return market.settlement().close(period).orThrow();
    }

    private Outcome<Funding> fund(ContractId contract, Money amount, String reference) {
        return market.settlement().fundEscrow(ContractFixture.OPERATOR, contract, amount, reference);
    }

    private static String refusal(Outcome<Funding> outcome) {
        return outcome instanceof Outcome.Refused<Funding>(var problem) ? problem.type() : "not refused";
    }

    private String balance(String account) {
        return market.read(tx -> market.ledger.balance(tx, account))
                .map(Money::toDecimal)
                .orElse("none");
    }

    private List<String> charged(Close close) {
        List<String> charged = new ArrayList<>();
        for (String id : close.invoices()) {
            StoredInvoice invoice = market.settlement().invoice(id).orElseThrow();
            charged.add(invoice.contract() + " " + invoice.total().toDecimal());
        }
        charged.sort(String::compareTo);
        return charged;
    }

    private void sound() {
        List<Difference> ledger = market.read(market.ledger::check);
        assertThat(ledger).isEmpty();
        List<String> tables = market.read(tx -> market.settlement().check(tx));
        assertThat(tables).isEmpty();
    }

    /** What passed 2^63 micros answered 500 from then on, for everybody. */
    @Test
    void theGreatestPriceTimesManyUsesIsBilledLikeAnyOther() {
        ContractId dear = contract("cnf-dear", "1000000000", "0");
        ContractId cheap = contract("cnf-cheap", "0.005", "0");
        Market.TestEdge edge = market.edge("e");
        for (int job = 0; job < 94; job++) {
            Grant grant = market.token(market.job(dear, "job-" + job), Scope.TRAINING);
            market.members.forEach(work -> edge.deliver(grant, work));
        }
        Grant little = market.token(market.job(cheap, "job-little"), Scope.TRAINING);
        edge.deliver(little, market.members.getFirst());
        edge.ship();
        Close first = close("p1");
        assertThat(charged(first)).containsExactly("cnf-cheap 0.005", "cnf-dear 9400000000000.00");
        assertThat(balance("receivable:cnf-dear")).isEqualTo("-9400000000000.00");
        Statement curator = market.settlement()
                .statement(Statement.id(ContractFixture.ORIGIN, "p1", "curator-11", "USD"))
                .orElseThrow()
                .statement();
        assertThat(Statement.micros(curator.total())).isEqualTo("1880000000000.001000");
        for (String id : first.statements()) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            market.settlement().export(id, file).orThrow();
            new PaperVerifier(Market.noteSigner().key(), ContractFixture.VERIFIER).verify(file.toByteArray());
        }
        assertThat(market.settlement().setAside()).isEmpty();
        edge.deliver(little, market.members.getLast());
        edge.ship();
        assertThat(charged(close("p2"))).contains("cnf-cheap 0.005");
        sound();
    }

    @Test
    void aDepositAtTheLimitKeepsNobodyElseFromDepositing() {
        ContractId first = contract("cnf-1", "0.005", "0");
        ContractId second = contract("cnf-2", "0.005", "0");
        Money limit = Money.parse("1000000000000000000000000 USD");
        fund(first, limit, "wire-1").orThrow();
        assertThat(balance("escrow:cnf-1")).isEqualTo("1000000000000000000000000.00");
        fund(second, limit.minus(Money.parse("1 USD")), "wire-2").orThrow();
        fund(second, Money.parse("1 USD"), "wire-3").orThrow();
        assertThat(balance("cash:USD")).isEqualTo("-2000000000000000000000000.00");
        assertThat(refusal(fund(first, Money.parse("0.000001 USD"), "wire-4"))).isEqualTo("amount/limit");
        assertThat(refusal(fund(second, limit.plus(limit), "wire-5"))).isEqualTo("amount/limit");
        sound();
    }

    /** The platform owes what it has drawn already, as a payee would; the close goes on. */
    @Test
    void aFeeThatHasBeenDrawnIsOwedWhenItsUseIsTakenBack() {
        ContractId contract = contract("cnf-1", "1", "0.1");
        fund(contract, Money.parse("10 USD"), "wire-1").orThrow();
        Grant grant = market.token(market.job(contract, "job"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        Leaf leaf = edge.deliver(grant, market.members.getFirst());
        edge.ship();
        close("p1");
        assertThat(balance("fee:USD")).isEqualTo("0.10");
        draw("fee:USD", "0.10 USD");
        edge.takeBack(leaf, grant);
        edge.ship();
        assertThat(charged(close("p2"))).containsExactly("cnf-1 -1.00");
        assertThat(balance("fee:USD")).isEqualTo("0.00");
        assertThat(balance("recoverable-fee:USD")).isEqualTo("-0.10");
        assertThat(balance("escrow:cnf-1")).isEqualTo("10.00");
        edge.deliver(grant, market.members.get(1));
        edge.deliver(grant, market.members.get(2));
        edge.ship();
        close("p3");
        assertThat(balance("recoverable-fee:USD")).isEqualTo("0.00");
        assertThat(balance("fee:USD")).isEqualTo("0.10");
        sound();
    }

    private void draw(String account, String amount) {
        Hash id = Sha256.hash(account.getBytes(StandardCharsets.UTF_8));
        PostOutcome outcome = market.world.database.write(tx -> market.ledger.post(
                tx,
                new PostingGroup(
                        id,
                        market.world.clock.instant(),
                        "drawn",
                        "draw-1",
                        List.of(new Transfer(id, account, "cash:USD", Money.parse(amount), "drawn", "draw-1")))));
        assertThat(outcome).isInstanceOf(PostOutcome.Posted.class);
    }

    /** Sums that would pass the limit are set aside by name; the others are paid; once it can be rated it is billed. */
    @Test
    void aContractThatCannotBeRatedIsSetAsideAndTheOthersArePaid() {
        ContractId poor = contract("cnf-poor", "1", "0");
        ContractId rich = contract("cnf-rich", "1", "0");
        Market.TestEdge edge = market.edge("e");
        for (ContractId contract : List.of(poor, rich)) {
            Grant grant = market.token(market.job(contract, "job-of-" + contract), Scope.TRAINING);
            edge.deliver(grant, market.members.getFirst());
        }
        edge.ship();
        market.world.database.write(tx -> tx.execute("insert into settlement.owed values"
                + " ('cnf-rich', '1000000000000000000000000', 1e30, '0', 0, false)"));
        Close first = close("p1");
        assertThat(charged(first)).containsExactly("cnf-poor 1.00");
        assertThat(market.settlement().setAside()).containsExactly(new SetAside(rich, "amount/limit"));
        assertThat(market.settlement().setAside().getFirst().words())
                .isEqualTo("contract cnf-rich is set aside: what it comes to is more than 10^24 units, the greatest"
                        + " amount there is (amount/limit)");
        assertThat(balance("payable:creator-42")).isEqualTo("0.80");
        close("p2");
        assertThat(market.settlement().setAside())
                .extracting(SetAside::contract)
                .containsExactly(rich);
        market.world.database.write(tx -> tx.execute("delete from settlement.owed where contract = 'cnf-rich'"));
        assertThat(charged(close("p3"))).containsExactly("cnf-poor 0.00", "cnf-rich 1.00");
        assertThat(market.settlement().setAside()).isEmpty();
        assertThat(balance("payable:creator-42")).isEqualTo("1.60");
        sound();
    }

    /** A rebuild reads from the log who was set aside. */
    @Test
    void whoWasSetAsideIsInTheLog() {
        ContractId rich = contract("cnf-rich", "1", "0");
        market.world.database.write(tx -> tx.execute("insert into settlement.owed values"
                + " ('cnf-rich', '1000000000000000000000001', 1e30, '0', 0, false)"));
        Close close = close("p1");
        assertThat(close.invoices()).isEmpty();
        market.world.sequencer.rebuild();
        assertThat(market.settlement().setAside()).containsExactly(new SetAside(rich, "amount/limit"));
    }
}
