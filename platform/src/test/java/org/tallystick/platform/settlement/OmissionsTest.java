package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.Statement;

/** An honest close cannot be accused: whoever tries to prove that it left out a use is told why there is nothing to prove. */
class OmissionsTest {
    @TempDir
    Path dir;

    private Market market;
    private Grant grant;

    @BeforeEach
    void open() {
        market = new Market(dir, 5);
        ContractId contract = market.contract("cnf-1");
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(Currency.of("USD"), "1.00"), "wire-1")
                .orThrow();
        grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
    }

    @AfterEach
    void close() {
        market.close();
    }

    private Close closed(String id, Instant from) {
        market.world.clock.advance(Duration.ofMinutes(10));
        return market.settlement()
                .close(new Period(id, from, market.world.clock.instant()))
                .orThrow();
    }

    private byte[] file(String period, String party) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        market.settlement()
                .export(Statement.id(ContractFixture.ORIGIN, period, party, "USD"), out)
                .orThrow();
        return out.toByteArray();
    }

    private String answer(byte[] statement, Leaf delivery) {
        return switch (market.settlement()
                .omission(statement, delivery.edge(), delivery.epoch(), delivery.sequence())) {
            case Outcome.Accepted<byte[]>(var proof, var repeated) -> "proven";
            case Outcome.Refused<byte[]>(var problem) -> problem.type();
        };
    }

    @Test
    void whatIsCountedVoidedLateOrAnothersIsNoOmission() {
        Market.TestEdge prompt = market.edge("prompt");
        Market.TestEdge slow = market.edge("slow");
        Leaf counted = prompt.deliver(grant, market.members.getFirst());
        Leaf voided = prompt.deliver(grant, market.members.get(1));
        Leaf late = slow.deliver(grant, market.members.get(2));
        prompt.takeBack(voided, grant);
        prompt.ship();
        closed("p1", ContractFixture.START);
        Instant end = market.world.clock.instant();
        slow.ship();
        Leaf after = prompt.deliver(grant, market.members.get(2));
        prompt.ship();
        byte[] own = file("p1", "creator-42");
        assertThat(answer(own, counted)).isEqualTo("omission/counted");
        assertThat(answer(own, voided)).isEqualTo("omission/no-use");
        assertThat(answer(own, late)).isEqualTo("evidence/position");
        assertThat(answer(file("p1", "creator-43"), counted)).isEqualTo("omission/not-shown");
        closed("p2", end);
        assertThat(answer(own, late)).isEqualTo("evidence/position");
        assertThat(answer(own, after)).isEqualTo("evidence/position");
        assertThat(answer(file("p2", "creator-42"), late)).isEqualTo("omission/counted");
        byte[] changed = own.clone();
        changed[changed.length / 2] ^= 1;
        assertThat(answer(changed, counted)).isNotEqualTo("proven");
    }
}
