package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.delivery.IssuedToken;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.Scope;

/** No token before escrow, or an operator's guarantee, covers what it lets be used; what was not used comes back. */
class ReservationTest {
    private static final String SPLIT = "[{\"recipientId\":\"creators\",\"share\":1}]";

    @TempDir
    Path dir;

    private Market market;
    private Instant from = ContractFixture.START;

    /** Ten works. */
    @BeforeEach
    void open() {
        market = new Market(dir, 5);
    }

    @AfterEach
    void close() {
        market.close();
    }

    private ContractId micropay(String id) {
        return market.uncovered(id, "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.5}", "0", SPLIT);
    }

    private void fund(ContractId contract, String amount, String reference) {
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(amount), reference)
                .orThrow();
    }

    private Outcome<IssuedToken> token(JobId job, Scope scope, Optional<Long> quota) {
        market.world.clock.advance(Duration.ofSeconds(1));
        return market.delivery.jobs().issueToken(ContractFixture.BUYER, job, scope, Duration.ofHours(1), quota);
    }

    private Grant granted(JobId job, Scope scope, Optional<Long> quota) {
        Grant grant = token(job, scope, quota).orThrow().grant();
        market.grants.put(grant.tokenId(), grant);
        return grant;
    }

    private void lacks(Outcome<IssuedToken> outcome, String missing) {
        Problem problem = outcome.refusal().orElseThrow();
        assertThat(problem.type()).isEqualTo("escrow/insufficient");
        assertThat(problem.extras()).containsEntry("missing", missing).containsEntry("currency", "USD");
        assertThat(problem.detail()).contains("lack " + missing + " USD", "/escrow");
    }

    private void closePeriod(String id) {
        market.world.clock.advance(Duration.ofMinutes(10));
        Period period = new Period(id, from, market.world.clock.instant());
        from = period.to();
        market.settlement().close(period).orThrow();
    }

    /** What began as a claim of a billion from nothing. */
    @Test
    void nothingIsServedOnCreditByAccident() {
        JobId job = market.job(micropay("cnf-1"), "job-1");
        lacks(token(job, Scope.TRAINING, Optional.empty()), "5.00");
        lacks(token(job, Scope.TRAINING, Optional.of(3L)), "1.50");
        assertThat(token(job, Scope.PREVIEW, Optional.empty()).refusal()).isEmpty();
        fund(new ContractId("cnf-1"), "4.999999 USD", "wire-1");
        lacks(token(job, Scope.TRAINING, Optional.empty()), "0.000001");
        fund(new ContractId("cnf-1"), "0.000001 USD", "wire-2");
        granted(job, Scope.TRAINING, Optional.empty());
        granted(job, Scope.TRAINING, Optional.empty()); // another hour of the same job needs no more
        lacks(token(job, Scope.EMBEDDING, Optional.of(1L)), "0.50");
        lacks(token(market.job(new ContractId("cnf-1"), "job-2"), Scope.TRAINING, Optional.empty()), "5.00");
    }

    @Test
    void whatWasNotUsedComesBackWithTheCloseAfterTheJob() {
        ContractId contract = micropay("cnf-1");
        fund(contract, "5 USD", "wire-1");
        JobId first = market.job(contract, "job-1");
        JobId second = market.job(contract, "job-2");
        Grant grant = granted(first, Scope.TRAINING, Optional.empty());
        Market.TestEdge edge = market.edge("e");
        market.members.subList(0, 4).forEach(work -> edge.deliver(grant, work));
        edge.ship();
        closePeriod("p1");
        lacks(token(second, Scope.TRAINING, Optional.of(1L)), "0.50"); // six works are still reserved for
        market.delivery.jobs().closeJob(ContractFixture.BUYER, first, List.of()).orThrow();
        lacks(token(second, Scope.TRAINING, Optional.of(1L)), "0.50");
        closePeriod("p2");
        lacks(token(second, Scope.TRAINING, Optional.of(7L)), "0.50");
        granted(second, Scope.TRAINING, Optional.of(6L));
    }

    @Test
    void aFlatPriceIsReservedOnce() {
        ContractId contract = market.uncovered(
                "cnf-flat", "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":80}", "0", SPLIT);
        JobId job = market.job(contract, "job-1");
        lacks(token(job, Scope.TRAINING, Optional.empty()), "80.00");
        fund(contract, "80 USD", "wire-1");
        granted(job, Scope.TRAINING, Optional.empty());
        granted(market.job(contract, "job-2"), Scope.TRAINING, Optional.empty());
        closePeriod("p1");
        granted(market.job(contract, "job-3"), Scope.EMBEDDING, Optional.empty());
    }

    @Test
    void anOperatorsGuaranteeCountsAndCanEnd() {
        ContractId contract = micropay("cnf-1");
        JobId job = market.job(contract, "job-1");
        market.credit(contract, Money.parse("1.50 USD"));
        lacks(token(job, Scope.TRAINING, Optional.of(4L)), "0.50");
        granted(job, Scope.TRAINING, Optional.of(3L));
        market.credit(contract, Money.parse("0 USD"));
        lacks(token(job, Scope.TRAINING, Optional.of(1L)), "2.00");
        assertThat(market.settlement()
                        .grantCredit(ContractFixture.BUYER, contract, Money.parse("1 USD"))
                        .refusal()
                        .orElseThrow()
                        .type())
                .isEqualTo("credit/operator-only");
    }

    /** What orders name together is a set: money is reserved once for a work. */
    @Test
    void ordersThatOverlapReserveOnceForAWork() {
        ContractId contract = micropay("cnf-1");
        fund(contract, "3.50 USD", "wire-1");
        JobId job = market.job(contract, "job-1");
        String[] rows = {
            // first and last work ordered, scope, what is lacking
            "0 3 TRAINING  -    reserved 2.00",
            "2 5 TRAINING  -    reserved 3.00",
            "0 5 TRAINING  -    nothing is added",
            "5 6 TRAINING  -    reserved 3.50",
            "1 7 TRAINING  0.50 one work too many",
            "0 0 EMBEDDING 0.50 another scope is another use",
            "3 4 TRAINING  -    nothing is added",
        };
        for (int i = 0; i < rows.length; i++) {
            String[] cells = rows[i].split(" +", 5);
            if (i == 3) {
                market.world.sequencer.rebuild();
            }
            assertThat(lacking(job, i, Scope.valueOf(cells[2]), Integer.parseInt(cells[0]), Integer.parseInt(cells[1])))
                    .as(rows[i])
                    .isEqualTo(cells[3]);
        }
    }

    private String lacking(JobId job, int seed, Scope scope, int first, int last) {
        byte[] secret = new byte[ReleaseSeed.LENGTH];
        secret[0] = (byte) seed;
        Instant ends = market.world.clock.instant().plus(Duration.ofDays(1));
        return market.orderOf(job, new ReleaseSeed(secret), scope, ordinal -> first <= ordinal && ordinal <= last, ends)
                .refusal()
                .map(problem -> java.util.Objects.requireNonNull(
                                problem.extras().get("missing"))
                        .toString())
                .orElse("-");
    }

    @Test
    void reservationsAndGuaranteesAreInTheLog() {
        ContractId contract = micropay("cnf-1");
        fund(contract, "4 USD", "wire-1");
        market.credit(contract, Money.parse("1 USD"));
        granted(market.job(contract, "job-1"), Scope.TRAINING, Optional.empty());
        JobId second = market.job(contract, "job-2");
        lacks(token(second, Scope.TRAINING, Optional.of(2L)), "1.00");
        market.world.sequencer.rebuild();
        lacks(token(second, Scope.TRAINING, Optional.of(2L)), "1.00");
    }
}
