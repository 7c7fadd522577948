package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.statement.Statement;

/** Payees are credited what a buyer has covered; the rest is owed by the buyer, until it pays. */
class CoverageTest {
    private static final String SPLIT =
            "[{\"recipientId\":\"creators\",\"share\":0.8}," + "{\"recipientId\":\"curator-11\",\"share\":0.2}]";

    @TempDir
    Path dir;

    private Market market;
    private ContractId contract;
    private Market.TestEdge edge;
    private Grant grant;
    private Instant from = ContractFixture.START;

    /** A contract at 1.00 a work, 10 % of it the platform's fee, served under a guarantee that then ends. */
    @BeforeEach
    void open() {
        market = new Market(dir, 5);
        contract = market.uncovered(
                "cnf-1", "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":1}", "0.1", SPLIT);
        market.credit(contract, Money.parse("1000 USD"));
        grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        edge = market.edge("e");
        market.credit(contract, Money.parse("0 USD"));
    }

    @AfterEach
    void close() {
        market.close();
    }

    private void fund(String amount, String reference) {
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(amount), reference)
                .orThrow();
    }

    private Leaf use(int work) {
        Leaf leaf = edge.deliver(grant, market.members.get(work));
        edge.ship();
        return leaf;
    }

    private void closePeriod(String id) {
        market.world.clock.advance(Duration.ofMinutes(10));
        Period period = new Period(id, from, market.world.clock.instant());
        from = period.to();
        market.settlement().close(period).orThrow();
        sound();
    }

    /** Tables, ledger and what an auditor computes from the log alone agree. */
    private void sound() {
        List<Difference> ledger = market.read(market.ledger::check);
        assertThat(ledger).isEmpty();
        List<String> sums = market.read(tx -> market.settlement().check(tx));
        assertThat(sums).isEmpty();
        DidKey key = new DidKey(ContractFixture.signer("platform").publicKey());
        Replay.Outcome replay = new Replay(market.world.log, market.world.blobs, key, ContractFixture.VERIFIER).run();
        assertThat(replay.closes().differences()).isEmpty();
        List<String> tables = market.read(tx -> market.settlement().check(tx, replay.recomputation()));
        assertThat(tables).isEmpty();
    }

    private void balances(String... expected) {
        for (String line : expected) {
            String account = line.substring(0, line.indexOf('='));
            String found = market.read(tx -> market.ledger.balance(tx, account))
                    .map(Money::toDecimal)
                    .orElse("none");
            assertThat(account + "=" + found).isEqualTo(line);
        }
    }

    private String owed(String party) {
        return market.read(tx -> market.settlement().owedByBuyer(tx, contract, new PartyId(party), Currency.of("USD")))
                .toDecimal();
    }

    @Test
    void onlyWhatIsCoveredIsCreditedAndTheRestFollowsTheMoney() {
        use(0);
        use(1);
        fund("0.50 USD", "wire-1");
        closePeriod("p1");
        balances(
                "escrow:cnf-1=0.00",
                "receivable:cnf-1=-1.50",
                "payable:creator-42=0.36",
                "payable:curator-11=0.09",
                "fee:USD=0.05",
                "uncovered:5:cnf-1:creator-42=1.08",
                "uncovered:5:cnf-1:curator-11=0.27",
                "uncovered-fee:cnf-1=0.15");
        assertThat(owed("creator-42")).isEqualTo("1.08");
        Statement statement = market.settlement()
                .statement(Statement.id(ContractFixture.ORIGIN, "p1", "creator-42", "USD"))
                .orElseThrow()
                .statement();
        assertThat(Statement.micros(statement.total())).isEqualTo("1.440000");
        fund("1.00 USD", "wire-2");
        balances("receivable:cnf-1=-0.50", "payable:creator-42=0.36");
        closePeriod("p2");
        balances("payable:creator-42=1.08", "payable:curator-11=0.27", "fee:USD=0.15");
        fund("5.00 USD", "wire-3");
        use(5);
        closePeriod("p3");
        balances(
                "escrow:cnf-1=3.50",
                "payable:creator-42=1.44",
                "payable:creator-43=0.72",
                "payable:curator-11=0.54",
                "fee:USD=0.30",
                "uncovered:5:cnf-1:creator-42=0.00",
                "uncovered-fee:cnf-1=0.00",
                "residue:cnf-1=0.00");
    }

    @Test
    void whatAnOperatorGuaranteesForIsCredited() {
        market.credit(contract, Money.parse("1.25 USD"));
        use(0);
        use(1);
        closePeriod("p1");
        balances(
                "receivable:cnf-1=-2.00",
                "payable:creator-42=0.90",
                "uncovered:5:cnf-1:creator-42=0.54",
                "fee:USD=0.125",
                "uncovered-fee:cnf-1=0.075");
    }

    @Test
    void whatIsTakenBackComesFirstFromWhatWasNeverCovered() {
        Leaf leaf = use(0);
        use(1);
        fund("1.00 USD", "wire-1");
        closePeriod("p1");
        balances("payable:creator-42=0.72", "uncovered:5:cnf-1:creator-42=0.72");
        edge.takeBack(leaf, grant);
        edge.ship();
        closePeriod("p2");
        balances(
                "receivable:cnf-1=0.00",
                "payable:creator-42=0.72",
                "uncovered:5:cnf-1:creator-42=0.00",
                "fee:USD=0.10",
                "uncovered-fee:cnf-1=0.00");
    }

    /** A contract that is over still owes; when its buyer pays, the next close passes it on. */
    @Test
    void whatIsPaidAfterAContractsEndReachesItsPayees() {
        use(0);
        closePeriod("p1");
        balances("uncovered:5:cnf-1:creator-42=0.72", "payable:creator-42=none");
        market.world.contracts.revoke(ContractFixture.BUYER, contract, "over").orThrow();
        closePeriod("p2");
        fund("1.00 USD", "wire-1");
        closePeriod("p3");
        balances(
                "receivable:cnf-1=0.00",
                "payable:creator-42=0.72",
                "payable:curator-11=0.18",
                "fee:USD=0.10",
                "uncovered:5:cnf-1:creator-42=0.00");
    }
}
