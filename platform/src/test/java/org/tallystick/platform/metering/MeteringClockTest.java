package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.log.FaultyFiles;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;

/** Usage sets do not know what time it is, nor how long a disk takes. */
final class MeteringClockTest {
    private static final int MOST_STEPS = 12;

    @TempDir
    Path dir;

    private FaultyFiles disk;
    private Market market;
    private ContractId contract;
    private Grant grant;
    private Market.TestEdge edge;

    @BeforeEach
    void open() {
        disk = new FaultyFiles(dir);
        market = new Market(dir, 30, disk);
        contract = market.contract("cnf-1");
        grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        edge = market.edge("e");
    }

    @AfterEach
    void close() {
        market.close();
    }

    private Member work(int number) {
        return market.members.get(number % market.members.size());
    }

    private long counted() {
        return market.read(tx -> market.metering().totals(tx, List.of(contract))).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private Map<LocalDate, Long> byDay() {
        Map<LocalDate, Long> days = new TreeMap<>();
        market.metering()
                .metrics(MetricsQuery.of(contract))
                .rows()
                .forEach(row -> days.merge(row.day(), row.uses(), Long::sum));
        return days;
    }

    /** A use belongs to the day its receipt names, whatever the platform believes when it folds it. */
    @Test
    void theClockStepsBackAndForwardBetweenFolds() {
        Instant now = market.world.clock.instant();
        int number = 0;
        for (int hours : List.of(0, 30, -54, 24 * 20, -24 * 19, 0)) {
            market.world.clock.advance(Duration.ofHours(hours));
            for (int i = 0; i < 7; i++) {
                edge.deliver(grant, work(number++), now);
            }
            market.metering().catchUp();
            market.world.clock.advance(Duration.ofHours(1 - hours));
            edge.ship();
            market.metering().catchUp();
            assertThat(counted())
                    .as("after a step of %s hours", hours)
                    .isEqualTo(number)
                    .isEqualTo(market.standing(grant).size());
        }
        assertThat(byDay()).containsExactly(Map.entry(LocalDate.ofInstant(now, ZoneOffset.UTC), (long) number));
        assertThat(market.metering().check()).isEmpty();
        market.metering().rebuild();
        assertThat(counted()).isEqualTo(number);
    }

    /** While a bundle is being packed, however long it takes, receipts come in, are folded and are counted. */
    @Test
    void aSlowDiskUnderPackingHoldsNothingUp() throws Exception {
        int slow = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (boolean reached = true; reached && slow < MOST_STEPS; ) {
                for (int i = 0; i < 40; i++) {
                    edge.deliver(grant, work(slow + i));
                }
                edge.ship();
                market.metering().catchUp();
                reached = packedSlowly(threads, slow);
                slow += reached ? 1 : 0;
                assertThat(counted()).isEqualTo(market.standing(grant).size());
            }
        }
        assertThat(slow).as("steps that were slow").isGreaterThan(3);
        disk.slow(-1, () -> {});
        assertThat(market.metering().check()).isEmpty();
        market.metering().rebuild();
        assertThat(counted()).isEqualTo(market.standing(grant).size());
    }

    /** Packs, and lets something happen while the step with that number takes its time; answers whether it came so far. */
    private boolean packedSlowly(ExecutorService threads, int step) throws Exception {
        AtomicBoolean reached = new AtomicBoolean();
        CountDownLatch stuckOrDone = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.slow(step, () -> {
            reached.set(true);
            stuckOrDone.countDown();
            await(goOn);
        });
        Future<?> packing = threads.submit(() -> {
            market.metering().pack();
            stuckOrDone.countDown();
        });
        await(stuckOrDone);
        if (reached.get()) {
            edge.deliver(grant, work(60 - step));
            edge.ship();
            assertThat(market.metering().catchUp()).isEqualTo(market.world.log.size());
            assertThat(counted()).isEqualTo(market.standing(grant).size());
            assertThat(packing).isNotDone();
        }
        goOn.countDown();
        packing.get();
        return reached.get();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
