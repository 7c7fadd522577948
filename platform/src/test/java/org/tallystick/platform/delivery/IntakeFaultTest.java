package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.log.LogUnavailableException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;

/** What is acknowledged stays, what is not can be shipped again, whatever breaks in between. */
class IntakeFaultTest {
    @TempDir
    Path dir;

    @Test
    void theDatabaseIsCutOffAgainAndAgain() throws Exception {
        try (DeliveriesWorld world = new DeliveriesWorld(dir)) {
            TestEdge one = world.edge("one");
            TestEdge other = world.edge("other");
            long start = world.world.log.size();
            List<Batch> ones = sealed(one, 12);
            List<Batch> others = sealed(other, 12);
            AtomicBoolean over = new AtomicBoolean();
            Thread saboteur = Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    cutConnections(world);
                    pause();
                    pause();
                    pause();
                }
            });
            try {
                DeliveriesWorld.atOnce(2, i -> {
                    shipStubbornly(i == 0 ? one : other, i == 0 ? ones : others);
                    return i;
                });
            } finally {
                over.set(true);
                saboteur.join();
            }
            assertThat(headersSince(world, start, one)).isEqualTo(headers(ones));
            assertThat(headersSince(world, start, other)).isEqualTo(headers(others));
            assertRebuildsTheSame(world);
        }
    }

    @Test
    void thePlatformIsStoppedBetweenShipments() {
        DeliveriesWorld world = new DeliveriesWorld(dir);
        TestEdge edge = world.edge("edge");
        long start = world.world.log.size();
        List<Batch> batches = sealed(edge, 4);
        edge.ship(batches.get(0), batches.get(1)).orThrow();
        DeliveriesWorld.State before = world.state();
        try (DeliveriesWorld again = world.restarted()) {
            edge.at(again);
            assertThat(again.state()).isEqualTo(before);
            assertThat(DeliveriesWorld.isRepeat(edge.ship(batches.get(0), batches.get(1))))
                    .isTrue();
            assertThat(again.state()).isEqualTo(before);
            edge.ship(TestEdge.bundle(batches)).orThrow();
            assertThat(headersSince(again, start, edge)).isEqualTo(headers(batches));
            assertRebuildsTheSame(again);
        }
    }

    @Test
    void aStoppedPlatformTakesNothing() {
        DeliveriesWorld world = new DeliveriesWorld(dir);
        TestEdge edge = world.edge("edge");
        Batch batch = edge.seal(3);
        world.world.sequencer.close();
        long size = world.world.log.size();
        assertThatThrownBy(() -> edge.ship(batch)).isInstanceOf(LogUnavailableException.class);
        assertThat(world.world.log.size()).isEqualTo(size);
        assertThat(world.intake.acknowledged(edge.number(), 1)).contains(0L);
        try (DeliveriesWorld again = world.restarted()) {
            assertThat(edge.at(again).ship(batch).orThrow().acknowledged()).isEqualTo(3);
        }
    }

    /** The platform's clock is behind: what looks as if it came from the future waits at the edge, and nothing else. */
    @Test
    void theClockStepsBack() {
        try (DeliveriesWorld world = new DeliveriesWorld(dir)) {
            TestEdge edge = world.edge("edge");
            long start = world.world.log.size();
            List<Batch> batches = new ArrayList<>(List.of(edge.seal(2)));
            edge.ship(batches.getFirst()).orThrow();
            world.world.clock.advance(Duration.ofHours(2));
            batches.add(edge.seal(3));
            DeliveriesWorld.State before = world.state();
            world.world.clock.advance(Duration.ofHours(-3));
            batches.forEach(batch -> DeliveriesWorld.assertRefused(edge.ship(batch), "delivery/future-dated"));
            assertThat(world.state()).isEqualTo(before);
            world.world.clock.advance(Duration.ofHours(3));
            assertThat(DeliveriesWorld.isRepeat(edge.ship(batches.getFirst()))).isTrue();
            edge.ship(batches.getLast()).orThrow();
            assertThat(headersSince(world, start, edge)).isEqualTo(headers(batches));
            assertRebuildsTheSame(world);
        }
    }

    /** The platform's clock is ahead: receipts are judged by the time in them, under the certificate of their time. */
    @Test
    void theClockStepsForward() {
        try (DeliveriesWorld world = new DeliveriesWorld(dir)) {
            TestEdge edge = world.edge("edge");
            long start = world.world.log.size();
            List<Batch> batches = new ArrayList<>(List.of(edge.seal(2), edge.seal(2)));
            edge.ship(batches.getFirst()).orThrow();
            world.world.clock.advance(Authority.USUAL_VALIDITY.multipliedBy(2));
            edge.ship(batches.getLast()).orThrow();
            assertThat(headersSince(world, start, edge)).isEqualTo(headers(batches));
            assertRebuildsTheSame(world);
        }
    }

    /** Time in the log never runs back; a key certified after the step is good for what is delivered now all the same. */
    @Test
    void theClockStepsForwardAndBackAgain() {
        try (DeliveriesWorld world = new DeliveriesWorld(dir)) {
            TestEdge edge = world.edge("edge");
            edge.ship(edge.seal(2)).orThrow();
            world.world.clock.advance(Duration.ofDays(3));
            world.edges
                    .register(ContractFixture.OPERATOR, "registered in the future")
                    .orThrow();
            world.world.clock.advance(Duration.ofDays(-3));
            edge.ship(edge.seal(2)).orThrow();
            edge.certified("epoch 2");
            assertThat(edge.ship(edge.seal(2)).orThrow().epoch()).isEqualTo(2);
            TestEdge another = world.edge("registered after that");
            assertThat(another.ship(another.seal(3)).orThrow().acknowledged()).isEqualTo(3);
            List<Instant> times = new ArrayList<>();
            for (long at = 0; at < world.world.log.size(); at++) {
                if (world.world.sequencer.entry(at) instanceof LogEntry.DocumentEntry document) {
                    times.add(document.time());
                }
            }
            assertThat(times).isSorted();
            assertRebuildsTheSame(world);
        }
    }

    private static List<Batch> sealed(TestEdge edge, int count) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(edge.lose(i % 7 == 3 ? 2 : 0).seal(1 + i % 4));
        }
        return batches;
    }

    /** As an edge does: the next few, again and again, until they are acknowledged. */
    private static void shipStubbornly(TestEdge edge, List<Batch> batches) {
        for (int from = 0; from < batches.size(); ) {
            List<Batch> some = batches.subList(from, Math.min(batches.size(), from + 3));
            try {
                Outcome<Acknowledgement> outcome = edge.ship(TestEdge.bundle(some));
                assertThat(outcome.orThrow().acknowledged())
                        .isEqualTo(some.getLast().header().last());
                from += some.size();
            } catch (UnavailableException | LogUnavailableException e) {
                pause();
            }
        }
    }

    /** Connections that were cut may lie in the pool still. */
    private static <T> T patiently(Supplier<T> query) {
        for (int i = 0; ; i++) {
            try {
                return query.get();
            } catch (UnavailableException e) {
                assertThat(i).as(e.getMessage()).isLessThan(20);
                pause();
            }
        }
    }

    private static void cutConnections(DeliveriesWorld world) {
        try {
            world.world.database.write(tx -> tx.select("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and pid <> pg_backend_pid()")
                    .mapTo(Boolean.class)
                    .list());
        } catch (RuntimeException e) {
            assertThat(e).isInstanceOf(UnavailableException.class);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(40);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<BatchHeader> headers(List<Batch> batches) {
        return batches.stream().map(Batch::header).toList();
    }

    private static List<BatchHeader> headersSince(DeliveriesWorld world, long start, TestEdge edge) {
        List<BatchHeader> found = new ArrayList<>();
        for (long at = start; at < world.world.log.size(); at++) {
            if (world.world.sequencer.entry(at) instanceof LogEntry.BatchEntry entry
                    && entry.signed().header().edge() == edge.number()) {
                found.add(entry.signed().header());
            }
        }
        return found;
    }

    private static void assertRebuildsTheSame(DeliveriesWorld world) {
        Map<String, List<String>> before = patiently(() -> world.world.rows("delivery"));
        patiently(world.world.sequencer::rebuild);
        assertThat(patiently(() -> world.world.rows("delivery"))).isEqualTo(before);
    }
}
