package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.log.FaultyFiles;
import org.tallystick.platform.log.LogUnavailableException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;

/**
 * Every step a shipment takes on disk fails, in every way: the bundle's, the tiles', the checkpoint's. What was
 * acknowledged is there, what was not is taken when the edge ships it again, and nothing is there twice.
 */
class IntakeDiskTest {
    @TempDir
    Path dir;

    private FaultyFiles disk;
    private DeliveriesWorld world;
    private TestEdge edge;

    @BeforeEach
    void open() {
        disk = new FaultyFiles(dir);
        world = new DeliveriesWorld(dir, disk);
        edge = world.edge("edge");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @TestFactory
    Stream<DynamicTest> everyStepOfAShipment() {
        edge.ship(edge.seal(2)).orThrow();
        disk.failing(-1, "NOTHING");
        edge.ship(edge.seal(2)).orThrow();
        List<String> steps = disk.trace();
        assertThat(steps).hasSizeGreaterThan(15).contains("rename to log/checkpoint");
        assertThat(steps).anyMatch(step -> step.startsWith("rename to blobs/"));
        List<DynamicTest> cases = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            for (String fault : FaultyFiles.faults(steps.get(i))) {
                int step = i;
                String name = String.format(Locale.ROOT, "%02d %s: %s", i, steps.get(i), fault);
                cases.add(dynamicTest(name, () -> fails(step, fault)));
            }
        }
        cases.add(dynamicTest("afterwards everything fits", this::everythingFits));
        return cases.stream();
    }

    private void fails(int step, String fault) {
        Batch batch = edge.seal(1 + step % 3);
        disk.failing(step, fault);
        boolean taken = ships(batch);
        disk.failing(-1, fault);
        assertThat(edge.ship(batch).orThrow().acknowledged())
                .isEqualTo(batch.header().last());
        assertThat(DeliveriesWorld.isRepeat(edge.ship(batch))).isTrue();
        assertThat(entriesOf(batch))
                .as(taken ? "was acknowledged" : "was refused")
                .isEqualTo(1);
        BatchPlace place = world.intake
                .find(edge.number(), edge.epoch(), batch.header().first())
                .orElseThrow();
        assertThat(place.batch().encode()).isEqualTo(batch.encode());
    }

    private boolean ships(Batch batch) {
        try {
            edge.ship(batch).orThrow();
            return true;
        } catch (LogUnavailableException e) {
            return false;
        }
    }

    private long entriesOf(Batch batch) {
        long found = 0;
        for (long at = 0; at < world.world.log.size(); at++) {
            if (world.world.sequencer.entry(at) instanceof LogEntry.BatchEntry entry
                    && entry.signed().header().equals(batch.header())) {
                found++;
            }
        }
        return found;
    }

    private void everythingFits() {
        assertThat(world.world.sequencer.stoppedBy()).isEmpty();
        assertThat(world.world.log.verify().differences()).isEmpty();
        assertThat(world.world.blobs.verify()).isEmpty();
        DeliveriesWorld.State before = world.state();
        world.world.sequencer.rebuild();
        assertThat(world.state()).isEqualTo(before);
    }

    /** Nothing can be written any more, at whatever step that begins; then there is room again. */
    @Test
    void theDiskIsFullForAWhile() {
        disk.failing(-1, "NOTHING");
        edge.ship(edge.seal(2)).orThrow();
        int steps = disk.trace().size();
        for (int step = 0; step < steps; step += 6) {
            Batch batch = edge.seal(2);
            disk.dead(step);
            Thread room = Thread.ofVirtual().start(() -> {
                pause();
                disk.revive();
            });
            ships(batch);
            join(room);
            assertThat(edge.ship(batch).orThrow().acknowledged())
                    .isEqualTo(batch.header().last());
            assertThat(entriesOf(batch)).isEqualTo(1);
        }
        everythingFits();
    }

    /**
     * Every step of a shipment takes as long as it likes: meanwhile nothing is acknowledged, the edge that lost patience and
     * ships again is told the same once it is over, and another edge waits and loses nothing.
     */
    @Test
    void theDiskIsSlow() throws Exception {
        TestEdge other = world.edge("other");
        edge.ship(edge.seal(2)).orThrow();
        disk.failing(-1, "NOTHING");
        edge.ship(edge.seal(2)).orThrow();
        int steps = disk.trace().size();
        try (ExecutorService edges = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int step = 0; step < steps; step++) {
                slowly(edges, step, edge.seal(2), other, other.seal(1));
            }
        }
        disk.slow(-1, () -> {});
        everythingFits();
    }

    private void slowly(ExecutorService edges, int step, Batch batch, TestEdge other, Batch others) throws Exception {
        AtomicBoolean reached = new AtomicBoolean();
        CountDownLatch stuckOrDone = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.slow(step, () -> {
            reached.set(true);
            stuckOrDone.countDown();
            await(goOn);
        });
        Future<Outcome<Acknowledgement>> shipped = edges.submit(() -> {
            Outcome<Acknowledgement> outcome = edge.ship(batch);
            stuckOrDone.countDown(); // not every shipment takes as many steps
            return outcome;
        });
        await(stuckOrDone);
        if (reached.get()) {
            assertThat(shipped).isNotDone();
            assertThat(world.intake.acknowledged(edge.number(), edge.epoch()))
                    .as("step %s", step)
                    .contains(batch.header().first() - 1);
        } else {
            disk.slow(-1, () -> {});
        }
        Future<Outcome<Acknowledgement>> again = edges.submit(() -> edge.ship(batch));
        Future<Outcome<Acknowledgement>> meanwhile = edges.submit(() -> other.ship(others));
        goOn.countDown();
        assertThat(shipped.get().orThrow().acknowledged())
                .isEqualTo(batch.header().last());
        assertThat(DeliveriesWorld.isRepeat(again.get())).isTrue();
        assertThat(meanwhile.get().orThrow().acknowledged())
                .isEqualTo(others.header().last());
        assertThat(entriesOf(batch)).isEqualTo(1);
        assertThat(entriesOf(others)).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(60);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
