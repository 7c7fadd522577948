package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.log.FaultyFiles;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.escrow.Funding;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;

/**
 * Each step of a close and of a deposit goes wrong, doing nothing or doing it and saying that it failed: asked for again,
 * each happens once, to the micro, and the tables are what the log comes to.
 */
class CloseFaultTest {
    @TempDir
    Path dir;

    private FaultyFiles disk;
    private Market market;
    private ContractId contract;
    private Market.TestEdge edge;
    private Instant end = ContractFixture.START;
    private int periods;

    @BeforeEach
    void open() {
        disk = new FaultyFiles(dir);
        market = new Market(dir, 2, disk);
        contract = market.contract("cnf-1");
        edge = market.edge("e");
    }

    /** Whatever went wrong: each period was billed once, two works of 0.005 in each. */
    @AfterEach
    void eachPeriodWasBilledOnce() {
        disk.revive();
        long micros = 4_000L * periods;
        assertThat(balance("payable:creator-42")).isEqualTo(micros);
        assertThat(balance("payable:creator-43")).isEqualTo(micros);
        assertThat(balance("payable:curator-11")).isEqualTo(2_000L * periods);
        List<String> differences = market.read(tx -> market.settlement().check(tx));
        assertThat(differences).isEmpty();
        List<Difference> inLedger = market.read(tx -> market.ledger.check(tx));
        assertThat(inLedger).isEmpty();
        Replay.Outcome replay = new Replay(
                        market.world.log,
                        market.world.blobs,
                        new DidKey(Market.noteSigner().key().publicKey()),
                        ContractFixture.VERIFIER)
                .run();
        assertThat(replay.bundles().differences()).isEmpty();
        assertThat(replay.closes().differences()).isEmpty();
        List<String> tables = market.read(tx -> market.settlement().check(tx, replay.recomputation()));
        assertThat(tables).isEmpty();
        market.close();
    }

    private BigInteger balance(String account) {
        return market.read(tx -> market.ledger.balance(tx, account))
                .map(Money::micros)
                .orElse(BigInteger.ZERO);
    }

    /** One work of each creator, in a job of its own, shipped. */
    private Period used() {
        periods++;
        Grant grant = market.token(market.job(contract, "job-" + periods), Scope.TRAINING);
        edge.deliver(grant, market.members.getFirst());
        edge.deliver(grant, market.members.getLast());
        edge.ship();
        market.world.clock.advance(Duration.ofMinutes(1));
        Period period = new Period("p" + periods, end, market.world.clock.instant());
        end = period.to();
        return period;
    }

    /** Has a disk that is gone, whenever that is, come back by itself; the platform waits for it. */
    private void mend(AtomicBoolean answered) {
        while (!answered.get()) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (disk.isDead()) {
                disk.comeBack();
            }
        }
    }

    /** Asks until it is answered, as a client does. */
    private Outcome<Close> insisting(Period period) {
        for (int i = 0; ; i++) {
            try {
                return market.settlement().close(period);
            } catch (RuntimeException e) {
                assertThat(i).as("it gets there: %s", e).isLessThan(20);
                disk.revive();
            }
        }
    }

    private void closed(Period period) {
        Close close = insisting(period).orThrow();
        assertThat(close.period()).isEqualTo(period);
        assertThat(market.settlement().close(period)).isEqualTo(Outcome.repeated(close));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NOTHING passing", "DONE passing", "TORN passing", "NOTHING dead", "DONE dead", "TORN dead"})
    void everyOperationOnTheDiskFails(String how) throws InterruptedException {
        String way = how.substring(0, how.indexOf(' '));
        Set<String> failed = new TreeSet<>();
        for (int number = 0; number < 30; number++) {
            Period period = used();
            if (how.endsWith("dead")) {
                disk.failingForGood(number, way);
            } else {
                disk.failing(number, way);
            }
            AtomicBoolean answered = new AtomicBoolean();
            Thread mending = Thread.ofVirtual().start(() -> mend(answered));
            Outcome<Close> outcome = insisting(period);
            answered.set(true);
            mending.join();
            List<String> trace = List.copyOf(disk.trace());
            disk.revive();
            assertThat(outcome.orThrow().period()).isEqualTo(period);
            closed(period);
            if (trace.size() <= number) {
                break; // a close has no such operation
            }
            failed.add(trace.get(number).replaceAll("[0-9]+", "*"));
        }
        assertThat(failed).as("operations that failed").hasSizeGreaterThan(3);
        assertThat(String.join(" ", failed)).contains("checkpoint", "tile/entries");
    }

    /** The connection dies while a close writes this table; what it had written is gone with it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "settlement.close",
                "settlement.billed_part",
                "settlement.invoice",
                "settlement.owed",
                "settlement.statement",
                "settlement.earned",
                "ledger.account",
                "ledger.posting_group",
                "ledger.transfer",
                "log.applied",
                "metering.boundary",
                "metering.usage_set",
                "metering.progress"
            })
    void theDatabaseIsKilledWhileItWrites(String table) {
        closed(used());
        Period period = used();
        market.world.database.write(tx -> {
            tx.execute("create sequence public.deaths");
            tx.execute("create function public.die_once() returns trigger language plpgsql as $$ begin"
                    + " if nextval('public.deaths') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;"
                    + " return null; end $$");
            return tx.execute("create trigger die after insert or update on " + table
                    + " for each statement execute function public.die_once()");
        });
        closed(period);
        long deaths = market.read(tx -> tx.select("select last_value from public.deaths")
                .mapTo(Long.class)
                .one());
        assertThat(deaths)
                .as("the connection was killed, and it was written again")
                .isGreaterThan(1);
        market.world.database.write(tx -> tx.execute("drop trigger die on " + table));
        closed(used());
    }

    @Test
    void everyOperationOnTheDiskFailsInADeposit() {
        Money dollar = Money.parse(Currency.of("USD"), "1.00");
        int deposits = 0;
        for (String way : List.of("NOTHING", "DONE", "TORN")) {
            for (int number = 0; number < 20; number++) {
                String reference = "wire " + ++deposits;
                disk.failing(number, way);
                Outcome<Funding> outcome = null;
                for (int i = 0; outcome == null; i++) {
                    try {
                        outcome = market.settlement().fundEscrow(ContractFixture.OPERATOR, contract, dollar, reference);
                    } catch (RuntimeException e) {
                        assertThat(i).as("it gets there: %s", e).isLessThan(20);
                    }
                }
                assertThat(outcome.orThrow().reference()).isEqualTo(reference);
                int operations = disk.trace().size();
                disk.revive();
                assertThat(balance("cash:USD")).isEqualTo(-1_000_000L * deposits);
                if (operations <= number) {
                    break;
                }
            }
        }
        assertThat(balance("escrow:cnf-1")).isEqualTo(1_000_000L * deposits);
    }

    /** Two ask for the same period at once, two for different ones: one close each, the same for whoever asked. */
    @Test
    void manyCloseAtOnce() throws Exception {
        Settlement other = otherProcess();
        for (int round = 0; round < 3; round++) {
            Period period = used();
            List<Outcome<Close>> outcomes = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
                List<Future<Outcome<Close>>> futures = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    Settlement one = i % 2 == 0 ? market.settlement() : other;
                    futures.add(threads.submit(() -> {
                        start.await();
                        return one.close(period);
                    }));
                }
                start.countDown();
                for (Future<Outcome<Close>> future : futures) {
                    outcomes.add(future.get());
                }
            }
            assertThat(outcomes.stream().map(Outcome::orThrow).distinct()).hasSize(1);
            assertThat(outcomes.stream().filter(outcome -> outcome.equals(Outcome.accepted(outcome.orThrow()))))
                    .as("accepted once, the others are repeats")
                    .hasSize(1);
        }
    }

    /** A second façade that shares nothing with the first but the rooms below. */
    private Settlement otherProcess() {
        return new Settlement(
                new Settlement.Dependencies(
                        market.world.database,
                        market.world.sequencer,
                        market.world.log,
                        market.world.contracts,
                        market.world.catalog,
                        market.delivery,
                        market.metering(),
                        market.ledger,
                        market.world.clock),
                Market.noteSigner());
    }

    /** Receipts that arrive while a period is being closed are in this close or in the next, never in both or neither. */
    @Test
    void receiptsArriveWhileAPeriodIsClosed() throws Exception {
        Market.TestEdge late = market.edge("late");
        for (int round = 0; round < 3; round++) {
            Grant grant = market.token(market.job(contract, "late-" + round), Scope.TRAINING);
            Period period = used();
            late.deliver(grant, market.members.getFirst(), period.from().plusSeconds(1));
            late.deliver(grant, market.members.getLast(), period.from().plusSeconds(1));
            late.seal(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                Future<?> shipping = threads.submit(late::ship);
                Future<Outcome<Close>> closing =
                        threads.submit(() -> market.settlement().close(period));
                shipping.get();
                assertThat(closing.get().isAccepted()).isTrue();
            }
        }
        closed(used());
        periods += 3; // what came late is worth as much
    }
}
