package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.Market;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Statement;

/** What a close sees: the log up to what metering has folded, and nothing past it. */
class CloseReaderTest {
    @TempDir
    Path dir;

    private static CloseInput read(Market market, Period period) {
        CloseReader reader = new CloseReader(
                market.world.contracts, market.world.catalog, market.metering(), ContractFixture.ORIGIN);
        return market.read(tx -> reader.read(tx, period));
    }

    private static List<String> contracts(CloseInput input) {
        return input.contracts().stream().map(of -> of.contract().id().value()).toList();
    }

    @Test
    void aContractAtOrPastThePositionOrAcceptedAtThePeriodsEndIsNotClosed() {
        try (Market market = new Market(dir, 2)) {
            market.contract("c-b");
            market.contract("c-a");
            Instant accepted = market.world.clock.instant();
            Period after = new Period("p1", accepted.minusSeconds(9), accepted.plusMillis(1));
            Period until = new Period("p1", accepted.minusSeconds(9), accepted);
            market.metering().catchUp();
            long position = market.world.log.size();
            ContractId last = market.contract("c-c");
            assertThat(market.world.contracts.find(last).orElseThrow().position())
                    .as("the first entry that is not folded")
                    .isEqualTo(position);
            assertThat(read(market, after).position()).isEqualTo(position);
            assertThat(contracts(read(market, after))).containsExactly("c-a", "c-b");
            market.metering().catchUp();
            assertThat(contracts(read(market, after))).containsExactly("c-a", "c-b", "c-c");
            assertThat(contracts(read(market, until))).isEmpty();
        }
    }

    @Test
    void whatEarlierClosesDidIsReadBack() {
        try (Market market = new Market(dir, 2)) {
            ContractId contract = market.contract("c-a");
            Grant grant = market.token(market.job(contract, "job"), Scope.TRAINING);
            Market.TestEdge edge = market.edge("e");
            edge.deliver(grant, market.members.getFirst());
            edge.ship();
            Instant first = market.world.clock.instant().plusMillis(1);
            market.world.clock.advance(Duration.ofMinutes(5));
            Period period = new Period("p1", ContractFixture.START, first);
            market.settlement().close(period).orThrow();
            Period next = new Period("p2", first, first.plusSeconds(60));
            market.metering().cut(next.to());
            CloseInput input = read(market, next);
            assertThat(input.platform()).isEqualTo(ContractFixture.ORIGIN);
            assertThat(input.number()).isEqualTo(2);
            assertThat(input.before()).containsExactly(period);
            assertThat(input.period(1)).isEqualTo(period);
            assertThat(input.period(2)).isEqualTo(next);
            CloseInput.OfContract of = input.contracts().getFirst();
            assertThat(of.ranges()).hasSize(2);
            assertThat(of.used()).hasSize(1);
            assertThat(of.used().getFirst().byPeriod()).hasSize(2);
            assertThat(of.billed()).hasSize(1);
            assertThat(of.billed().getFirst().works().toArray()).hasSize(1);
            assertThat(of.contractTotal())
                    .isEqualTo(new CloseInput.ContractTotal(
                            Exact.parse("0.005", "x"), BigInteger.valueOf(5_000), Exact.ZERO, BigInteger.ZERO, false));
            PartyId creator = ContractFixture.CREATOR.id();
            assertThat(of.payeeTotals())
                    .isEqualTo(Map.of(
                            creator,
                            new CloseInput.PayeeTotal(Exact.parse("0.004", "x"), BigInteger.valueOf(4_000)),
                            ContractFixture.OTHER_CREATOR.id(),
                            CloseInput.PayeeTotal.NOTHING,
                            ContractFixture.CURATOR.id(),
                            new CloseInput.PayeeTotal(Exact.parse("0.001", "x"), BigInteger.valueOf(1_000))));
            past(market, next, creator);
        }
    }

    /** Asked within the transaction that read the rest. */
    private static void past(Market market, Period next, PartyId creator) {
        String id = Statement.id(ContractFixture.ORIGIN, "p1", creator.value(), "USD");
        CloseReader reader = new CloseReader(
                market.world.contracts, market.world.catalog, market.metering(), ContractFixture.ORIGIN);
        boolean found = market.read(tx -> {
            CloseInput.Past past = reader.read(tx, next).past();
            Statement statement = past.statement(id).orElseThrow();
            assertThat(past.statement(id)).containsSame(statement);
            assertThat(past.statement(id + "x")).isEmpty();
            assertThat(past.latest(creator, Currency.of("USD"))).contains(statement.hash());
            assertThat(past.latest(creator, Currency.of("EUR"))).isEmpty();
            return true;
        });
        assertThat(found).isTrue();
    }
}
