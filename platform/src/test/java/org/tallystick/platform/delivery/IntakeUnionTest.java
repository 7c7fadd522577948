package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;

/**
 * Intake is a union: whatever order, repetition, cut into bundles and interleaving of edges the network makes, the log
 * ends with every batch once, in the order of its edge.
 */
class IntakeUnionTest {
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    static Path dir;

    private static DeliveriesWorld world;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** An edge, all it has sealed, and the gaps in it. */
    private record Chain(TestEdge edge, List<Batch> batches, List<long[]> gaps) {
        static Chain of(SplittableRandom random) {
            TestEdge edge = world.edge("edge " + NAMES.incrementAndGet());
            List<Batch> batches = new ArrayList<>();
            List<long[]> gaps = new ArrayList<>();
            for (int i = 4 + random.nextInt(10); i > 0; i--) {
                if (random.nextInt(5) == 0) {
                    int lost = 1 + random.nextInt(9);
                    gaps.add(new long[] {edge.next(), edge.next() + lost - 1});
                    edge.lose(lost);
                }
                batches.add(edge.seal(1 + random.nextInt(4)));
            }
            return new Chain(edge, batches, gaps);
        }

        /** Ships at random: too early, again, in part, until all is acknowledged. */
        void shipAll(SplittableRandom random) {
            while (acknowledged() < edge.next() - 1) {
                int from = random.nextInt(batches.size());
                int to = from + 1 + random.nextInt(batches.size() - from);
                long before = acknowledged();
                Outcome<Acknowledgement> outcome = edge.ship(TestEdge.bundle(batches.subList(from, to)));
                boolean tooEarly = batches.subList(0, from).stream()
                        .anyMatch(batch -> batch.header().last() > before);
                if (tooEarly && !outcome.isAccepted()) {
                    Problem problem = outcome.refusal().orElseThrow();
                    assertThat(problem.type()).isEqualTo("delivery/out-of-order");
                } else {
                    assertThat(outcome.orThrow().acknowledged())
                            .isGreaterThanOrEqualTo(batches.get(to - 1).header().last());
                }
            }
        }

        private long acknowledged() {
            return world.intake.acknowledged(edge.number(), edge.epoch()).orElseThrow();
        }
    }

    @Test
    void anyOrderAnyRepetitionAnyInterleavingEndsTheSame() {
        Seeds.check(6, generator -> {
            SplittableRandom random = new SplittableRandom(generator.nextLong());
            long start = world.world.log.size();
            List<Chain> chains = List.of(Chain.of(random), Chain.of(random), Chain.of(random));
            List<SplittableRandom> randoms = new ArrayList<>();
            for (int i = 0; i < 2 * chains.size(); i++) {
                randoms.add(random.split());
            }
            try {
                DeliveriesWorld.atOnce(
                        randoms.size(),
                        i -> { // two threads for each edge
                            chains.get(i % chains.size()).shipAll(randoms.get(i));
                            return i;
                        });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            Map<Integer, List<BatchHeader>> logged = loggedSince(start);
            for (Chain chain : chains) {
                assertThat(logged.get(chain.edge().number()))
                        .containsExactlyElementsOf(
                                chain.batches().stream().map(Batch::header).toList());
                assertGaps(chain);
                assertFound(chain);
            }
        });
        Map<String, List<String>> before = world.world.rows("delivery");
        world.world.sequencer.rebuild();
        assertThat(world.world.rows("delivery")).isEqualTo(before);
    }

    private static void assertGaps(Chain chain) {
        List<Gap> gaps = world.list(tx -> world.intake.gaps(tx)).stream()
                .filter(gap -> gap.edge() == chain.edge().number())
                .toList();
        assertThat(gaps).hasSameSizeAs(chain.gaps());
        for (int i = 0; i < gaps.size(); i++) {
            assertThat(new long[] {gaps.get(i).first(), gaps.get(i).last()})
                    .isEqualTo(chain.gaps().get(i));
        }
    }

    private static void assertFound(Chain chain) {
        for (Batch batch : chain.batches()) {
            BatchPlace place = world.intake
                    .find(
                            chain.edge().number(),
                            chain.edge().epoch(),
                            batch.header().last())
                    .orElseThrow();
            assertThat(place.batch().signed()).isEqualTo(batch.signed());
            assertThat(world.world.sequencer.entry(place.position()))
                    .isEqualTo(new LogEntry.BatchEntry(place.bundle(), place.offset(), batch.length(), batch.signed()));
        }
    }

    private static Map<Integer, List<BatchHeader>> loggedSince(long start) {
        Map<Integer, List<BatchHeader>> logged = new TreeMap<>();
        for (long at = start; at < world.world.log.size(); at++) {
            if (world.world.sequencer.entry(at) instanceof LogEntry.BatchEntry entry) {
                BatchHeader header = entry.signed().header();
                logged.computeIfAbsent(header.edge(), edge -> new ArrayList<>()).add(header);
            }
        }
        return logged;
    }
}
