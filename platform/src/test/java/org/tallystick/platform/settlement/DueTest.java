package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Statement;

/** When what a statement posted may be paid out, contract by contract. */
class DueTest {
    @TempDir
    Path dir;

    @Test
    void nothingIsPaidOutBeforeTheTimeForDisputesIsOver() {
        try (Market market = new Market(dir, 2)) {
            market.contract("cnf-1");
            withWindow(market, "cnf-2", "P14D");
            Market.TestEdge edge = market.edge("e");
            for (String id : List.of("cnf-1", "cnf-2")) {
                Grant grant = market.token(market.job(new ContractId(id), "job-" + id), Scope.TRAINING);
                edge.deliver(grant, market.members.getFirst());
            }
            edge.ship();
            market.world.clock.advance(Duration.ofHours(5));
            Instant closed = market.world.clock.instant();
            Instant over = closed.plus(Duration.ofDays(14));
            market.settlement()
                    .close(new Period("p1", ContractFixture.START, closed.minusSeconds(60)))
                    .orThrow();
            String id = Statement.id(ContractFixture.ORIGIN, "p1", "creator-42", "USD");
            List<Due> dues = market.read(tx -> market.settlement()
                    .dues(tx, market.settlement().statement(tx, id).orElseThrow()));
            assertThat(dues)
                    .extracting(due -> due.contract() + " " + due.posted() + " " + due.from())
                    .containsExactly("cnf-1 0.004 USD " + closed, "cnf-2 0.004 USD " + over);
            assertThat(dues.getFirst().payableAt(closed)).isTrue();
            assertThat(dues.getLast().payableAt(over.minusMillis(1))).isFalse();
            assertThat(dues.getLast().payableAt(over)).isTrue();
        }
    }

    /** The market's usual terms with a time for disputes. */
    private static void withWindow(Market market, String id, String window) {
        String type = "\"type\":\"monthly-reconciliation\"";
        String terms = market.world
                .contracts
                .find(new ContractId("cnf-1"))
                .orElseThrow()
                .document()
                .toString()
                .replace("cnf-1", id)
                .replace(type, type + ",\"window\":\"" + window + "\"");
        Json.Obj unsigned =
                Json.parseObject(terms.getBytes(StandardCharsets.UTF_8)).without("signatures");
        market.world.contracts.accept(market.world.signed(unsigned)).orThrow();
        market.credit(new ContractId(id), Money.parse(Currency.of("USD"), "1000"));
    }
}
