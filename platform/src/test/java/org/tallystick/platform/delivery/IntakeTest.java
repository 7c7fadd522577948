package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.SignedHeader;

/** Each way a shipment can be right or wrong, on real files and a real database. */
class IntakeTest {
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

    @Test
    void whatIsAcknowledgedIsInTheLogAndFound() {
        TestEdge edge = world.edge("plain");
        Batch one = edge.seal(3);
        Batch two = edge.seal(4);
        byte[] bundle = TestEdge.bundle(one, two);
        long position = world.world.log.size();
        assertThat(edge.ship(bundle)).isEqualTo(Outcome.accepted(new Acknowledgement(1, 7, position + 2)));
        assertThat(world.world.log.size()).isEqualTo(position + 2);
        assertThat(world.world.sequencer.entry(position))
                .isEqualTo(new LogEntry.BatchEntry(Sha256.hash(bundle), 0, one.length(), one.signed()));
        assertThat(world.world.sequencer.entry(position + 1))
                .isEqualTo(new LogEntry.BatchEntry(Sha256.hash(bundle), one.length(), two.length(), two.signed()));
        BatchPlace place = world.intake.find(edge.number(), 1, 5).orElseThrow();
        assertThat(place.position()).isEqualTo(position + 1);
        assertThat(place.bundle()).isEqualTo(Sha256.hash(bundle));
        assertThat(place.offset()).isEqualTo(one.length());
        assertThat(place.batch().encode()).isEqualTo(two.encode());
        assertThat(world.intake.find(edge.number(), 1, 8)).isEmpty();
        assertThat(world.intake.find(edge.number(), 2, 1)).isEmpty();
        assertThat(world.intake.acknowledged(edge.number(), 1)).contains(7L);
        assertThat(world.intake.acknowledged(edge.number(), 2)).isEmpty();
        assertThat(edge.ship(edge.seal(1))).isEqualTo(Outcome.accepted(new Acknowledgement(1, 8, position + 3)));
    }

    @Test
    void anyRepeatIsASuccessThatChangesNothing() {
        TestEdge edge = world.edge("repeat");
        Batch a = edge.seal(2);
        Batch b = edge.seal(2);
        Batch c = edge.seal(2);
        edge.ship(a, b, c).orThrow();
        DeliveriesWorld.State before = world.state();
        Acknowledgement all = new Acknowledgement(1, 6, world.world.log.size());
        for (byte[] again : List.of(
                TestEdge.bundle(a, b, c),
                TestEdge.bundle(a),
                TestEdge.bundle(b),
                TestEdge.bundle(c),
                TestEdge.bundle(a, b),
                TestEdge.bundle(b, c))) {
            assertThat(edge.ship(again)).isEqualTo(Outcome.repeated(all));
        }
        assertThat(world.state()).isEqualTo(before);
    }

    @Test
    void whatIsNewInAPartialRepeatIsTaken() {
        TestEdge edge = world.edge("partial");
        Batch a = edge.seal(2);
        Batch b = edge.seal(2);
        Batch c = edge.seal(2);
        edge.ship(a).orThrow();
        long position = world.world.log.size();
        assertThat(edge.ship(a, b, c)).isEqualTo(Outcome.accepted(new Acknowledgement(1, 6, position + 2)));
        byte[] fresh = TestEdge.bundle(b, c);
        assertThat(world.world.sequencer.entry(position))
                .isEqualTo(new LogEntry.BatchEntry(Sha256.hash(fresh), 0, b.length(), b.signed()));
        assertThat(world.intake.find(edge.number(), 1, 6).orElseThrow().offset())
                .isEqualTo(b.length());
    }

    @Test
    void numbersTheEdgePassedOverAreAGap() {
        TestEdge edge = world.edge("gap");
        Batch late = edge.lose(10).seal(2);
        Batch later = edge.lose(5).seal(1);
        long position = world.world.log.size();
        assertThat(edge.ship(late, later).orThrow().acknowledged()).isEqualTo(18);
        assertThat(gapsOf(edge))
                .containsExactly(
                        new Gap(edge.number(), 1, 1, 10, position), new Gap(edge.number(), 1, 13, 17, position + 1));
        assertThat(world.intake.find(edge.number(), 1, 5)).isEmpty();
        assertThat(world.intake.find(edge.number(), 1, 15)).isEmpty();
        assertThat(world.intake.find(edge.number(), 1, 12)).isPresent();
        assertThat(DeliveriesWorld.isRepeat(edge.ship(late, later))).isTrue();
    }

    @Test
    void whatComesTooEarlyIsAskedForInOrder() {
        TestEdge edge = world.edge("order");
        Batch a = edge.seal(3);
        Batch b = edge.seal(3);
        Batch c = edge.lose(2).seal(3);
        assertUnchanged(() -> {
            Problem problem = DeliveriesWorld.assertRefused(edge.ship(b), "delivery/out-of-order");
            assertThat(problem.extras()).containsEntry("expected", "1");
        });
        edge.ship(a).orThrow();
        assertUnchanged(() -> {
            Problem problem = DeliveriesWorld.assertRefused(edge.ship(c), "delivery/out-of-order");
            assertThat(problem.extras()).containsEntry("expected", "4");
        });
        edge.ship(b, c).orThrow();
        assertThat(gapsOf(edge)).extracting(Gap::first).containsExactly(7L);
    }

    @Test
    void aBatchThatDoesNotContinueTheChainIsRefused() {
        TestEdge edge = world.edge("chain");
        Batch a = edge.seal(3);
        edge.ship(a).orThrow();
        Batch unchained = edge.seal(4, 2, BatchHeader.NONE);
        assertUnchanged(() -> {
            Problem problem = DeliveriesWorld.assertRefused(edge.ship(unchained), "delivery/chain");
            assertThat(problem.extras()).containsEntry("expected", "4");
        });
        Batch b = edge.seal(2);
        Batch wrong = edge.seal(6, 1, a.header().hash());
        assertUnchanged(() -> DeliveriesWorld.assertRefused(edge.ship(b, wrong), "delivery/chain"));
        assertUnchanged(() -> DeliveriesWorld.assertRefused(edge.ship(b, b), "delivery/not-dense"));
        assertUnchanged(() -> DeliveriesWorld.assertRefused(edge.ship(b, a), "delivery/not-dense"));
        edge.ship(b).orThrow();
    }

    @Test
    void anEdgeThatTellsTwoStoriesLeavesBothInTheLog() {
        TestEdge edge = world.edge("liar");
        Batch a = edge.seal(3);
        Batch b = edge.seal(3);
        Batch c = edge.seal(3);
        edge.ship(a, b, c).orThrow();
        Batch other = edge.seal(4, 3, a.header().hash());
        Map<String, List<String>> before = world.world.rows("delivery");
        long position = world.world.log.size();
        DeliveriesWorld.assertRefused(edge.ship(a, other), "delivery/equivocation");
        assertThat(equivocationsOf(edge)).containsExactly(new Equivocation(position, b.signed(), other.signed()));
        assertThat(world.world.log.size()).isEqualTo(position + 1);
        for (byte[] again : List.of(TestEdge.bundle(a, other), TestEdge.bundle(other))) {
            DeliveriesWorld.assertRefused(edge.ship(again), "delivery/equivocation");
        }
        assertThat(world.world.log.size()).isEqualTo(position + 1);
        Map<String, List<String>> after = world.world.rows("delivery");
        before.remove("equivocation");
        after.remove("equivocation");
        assertThat(after).isEqualTo(before);
        edge.ship(edge.seal(1)).orThrow();
    }

    @Test
    void theFirstContradictionIsTheOneKept() {
        TestEdge edge = world.edge("forked");
        List<Batch> told = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            told.add(edge.seal(2));
            edge.ship(told.getLast()).orThrow();
        }
        for (int fork = 8; fork >= 0; fork--) {
            List<Batch> other = new ArrayList<>(told.subList(0, fork));
            for (int i = fork; i < told.size(); i++) {
                other.add(edge.seal(
                        2L * i + 1,
                        2,
                        i == 0 ? BatchHeader.NONE : other.getLast().header().hash()));
            }
            DeliveriesWorld.assertRefused(edge.ship(TestEdge.bundle(other)), "delivery/equivocation");
            Equivocation kept = equivocationsOf(edge).getLast();
            assertThat(kept.recorded()).isEqualTo(told.get(fork).signed());
            assertThat(kept.presented()).isEqualTo(other.get(fork).signed());
        }
    }

    @Test
    void otherCutsOfTheSameNumbersAreOtherStories() {
        TestEdge edge = world.edge("cutter");
        Batch a = edge.seal(4);
        Batch b = edge.lose(4).seal(4);
        edge.ship(a, b).orThrow();
        Batch shorter = edge.seal(1, 2, BatchHeader.NONE);
        Batch longer = edge.seal(9, 6, a.header().hash());
        Batch inTheGap = edge.seal(6, 1, a.header().hash());
        Batch within = edge.seal(10, 2, a.header().hash());
        for (Batch lie : List.of(shorter, longer, inTheGap, within)) {
            DeliveriesWorld.assertRefused(edge.ship(lie), "delivery/equivocation");
        }
        assertThat(equivocationsOf(edge))
                .extracting(Equivocation::recorded)
                .containsExactly(a.signed(), b.signed(), b.signed(), b.signed());
    }

    @Test
    void evidenceIsBounded() {
        TestEdge edge = world.edge("chatter");
        edge.ship(edge.seal(1)).orThrow();
        long size = world.world.log.size();
        for (int i = 0; i < Intake.MAX_EVIDENCE + 4; i++) {
            DeliveriesWorld.assertRefused(edge.ship(edge.seal(1, 1, BatchHeader.NONE)), "delivery/equivocation");
        }
        assertThat(world.world.log.size()).isEqualTo(size + Intake.MAX_EVIDENCE);
    }

    @Test
    void whoShipsWhatIsChecked() {
        TestEdge edge = world.edge("mine");
        TestEdge other = world.edge("yours");
        Batch batch = edge.seal(1);
        Batch foreign = other.seal(1);
        assertUnchanged(() -> {
            DeliveriesWorld.assertRefused(other.ship(batch), "delivery/wrong-edge");
            DeliveriesWorld.assertRefused(
                    world.intake.accept(ContractFixture.BUYER, TestEdge.bundle(batch)), "delivery/not-an-edge");
            DeliveriesWorld.assertRefused(edge.ship(batch, foreign), "delivery/mixed-edges");
            Batch forged = edge.seal(1, 1, 1, BatchHeader.NONE, now(), other.key());
            DeliveriesWorld.assertRefused(edge.ship(forged), "batch/signature");
            Batch nextEpoch = edge.seal(2, 2, 1, batch.header().hash(), now(), edge.key());
            DeliveriesWorld.assertRefused(edge.ship(batch, nextEpoch), "delivery/mixed-epochs");
            DeliveriesWorld.assertRefused(edge.ship(nextEpoch), "delivery/unknown-epoch");
        });
    }

    @Test
    void leavesMustLieWithinTheCertificateAndNotAhead() {
        TestEdge edge = world.edge("times");
        Instant now = now();
        assertUnchanged(() -> {
            DeliveriesWorld.assertRefused(
                    edge.ship(edge.seal(1, 1, 1, BatchHeader.NONE, now.plus(Duration.ofMinutes(6)), edge.key())),
                    "delivery/future-dated");
            DeliveriesWorld.assertRefused(
                    edge.ship(edge.seal(1, 1, 1, BatchHeader.NONE, now.minus(Duration.ofMinutes(6)), edge.key())),
                    "batch/outside-certificate");
            DeliveriesWorld.assertRefused(
                    edge.ship(edge.seal(1, 1, 1, BatchHeader.NONE, now.plus(Duration.ofDays(30)), edge.key())),
                    "batch/outside-certificate");
        });
        edge.ship(edge.seal(1, 1, 1, BatchHeader.NONE, now.plus(Duration.ofMinutes(4)), edge.key()))
                .orThrow();
    }

    @Test
    void whatWasDeliveredInTimeMayComeLate() {
        TestEdge edge = world.edge("late");
        Batch batch = edge.seal(2);
        world.world.clock.advance(Duration.ofDays(60));
        edge.ship(batch).orThrow();
    }

    @Test
    void nothingIsTakenFromARevokedEdgeOrEpoch() {
        TestEdge edge = world.edge("revoked");
        Batch before = edge.seal(1);
        edge.ship(before).orThrow();
        Batch after = edge.seal(1);
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.of(1), "key lost")
                .orThrow();
        assertUnchanged(() -> {
            DeliveriesWorld.assertRefused(edge.ship(after), "delivery/epoch-revoked");
            DeliveriesWorld.assertRefused(edge.ship(before), "delivery/epoch-revoked");
        });
        edge.certified("epoch 2");
        Batch fresh = edge.seal(1);
        edge.ship(fresh).orThrow();
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), "edge lost")
                .orThrow();
        assertUnchanged(() -> DeliveriesWorld.assertRefused(edge.ship(edge.seal(1)), "delivery/edge-revoked"));
    }

    @Test
    void bytesThatAreNoBundleAreRefusedByName() {
        TestEdge edge = world.edge("bytes");
        byte[] sound = TestEdge.bundle(edge.seal(2), edge.seal(2));
        int second = SignedHeader.LENGTH + 2 * Leaf.LENGTH;
        byte[] swapped = sound.clone();
        System.arraycopy(sound, second + SignedHeader.LENGTH, swapped, SignedHeader.LENGTH, Leaf.LENGTH);
        byte[] version = sound.clone();
        version[0] = 9;
        byte[] leafVersion = sound.clone();
        leafVersion[SignedHeader.LENGTH] = 9;
        byte[] content = sound.clone();
        content[SignedHeader.LENGTH + 60] ^= 1;
        byte[] signature = sound.clone();
        signature[BatchHeader.LENGTH] ^= 1;
        assertUnchanged(() -> {
            DeliveriesWorld.assertRefused(edge.ship(new byte[0]), "bundle/empty");
            DeliveriesWorld.assertRefused(edge.ship(new byte[10]), "batch/truncated");
            DeliveriesWorld.assertRefused(edge.ship(new byte[500]), "batch/version");
            DeliveriesWorld.assertRefused(edge.ship(new byte[Intake.MAX_BUNDLE + 1]), "delivery/oversized");
            DeliveriesWorld.assertRefused(edge.ship(Arrays.copyOf(sound, sound.length - 1)), "batch/truncated");
            DeliveriesWorld.assertRefused(edge.ship(Arrays.copyOf(sound, sound.length + 1)), "batch/truncated");
            DeliveriesWorld.assertRefused(edge.ship(version), "batch/version");
            DeliveriesWorld.assertRefused(edge.ship(leafVersion), "leaf/version");
            DeliveriesWorld.assertRefused(edge.ship(content), "batch/root");
            DeliveriesWorld.assertRefused(edge.ship(swapped), "batch/not-dense");
            DeliveriesWorld.assertRefused(edge.ship(signature), "batch/signature");
        });
        edge.ship(sound).orThrow();
    }

    @Test
    void aFullShipmentIsOneBlobAndOneEntryPerBatch() {
        TestEdge edge = world.edge("full");
        List<Batch> batches = new ArrayList<>();
        int bytes = 0;
        while (bytes + Batch.length(BatchHeader.MAX_COUNT) <= Intake.MAX_BUNDLE) {
            batches.add(edge.seal(BatchHeader.MAX_COUNT));
            bytes += batches.getLast().length();
        }
        byte[] bundle = TestEdge.bundle(batches);
        DeliveriesWorld.State before = world.state();
        assertThat(edge.ship(bundle).orThrow().acknowledged()).isEqualTo(edge.next() - 1);
        DeliveriesWorld.State after = world.state();
        assertThat(after.logSize()).isEqualTo(before.logSize() + batches.size());
        assertThat(after.blobs()).hasSize(before.blobs().size() + 1);
        assertThat(after.rowsOf("shipment")).hasSize(before.rowsOf("shipment").size() + 1);
        assertThat(world.intake
                        .find(edge.number(), 1, edge.next() - 1)
                        .orElseThrow()
                        .position())
                .isEqualTo(after.logSize() - 1);
    }

    @Test
    void theSameShipmentFromManyThreadsIsTakenOnce() throws Exception {
        TestEdge edge = world.edge("retries");
        byte[] bundle = TestEdge.bundle(edge.seal(5), edge.seal(5));
        long size = world.world.log.size();
        List<Outcome<Acknowledgement>> outcomes = DeliveriesWorld.atOnce(16, i -> edge.ship(bundle));
        assertThat(outcomes).allMatch(Outcome::isAccepted);
        assertThat(outcomes.stream().filter(o -> !DeliveriesWorld.isRepeat(o))).hasSize(1);
        assertThat(world.world.log.size()).isEqualTo(size + 2);
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        TestEdge edge = world.edge("rebuilt");
        edge.lose(2);
        edge.ship(edge.seal(2), edge.lose(1).seal(2)).orThrow();
        DeliveriesWorld.assertRefused(edge.ship(edge.seal(3, 1, BatchHeader.NONE)), "delivery/equivocation");
        Map<String, List<String>> before = world.world.rows("delivery");
        world.world.sequencer.rebuild();
        assertThat(world.world.rows("delivery")).isEqualTo(before);
    }

    private static Instant now() {
        return world.world.clock.instant();
    }

    private static List<Gap> gapsOf(TestEdge edge) {
        return world.list(tx -> world.intake.gaps(tx)).stream()
                .filter(gap -> gap.edge() == edge.number())
                .toList();
    }

    private static List<Equivocation> equivocationsOf(TestEdge edge) {
        return world.list(tx -> world.intake.equivocations(tx)).stream()
                .filter(found -> found.presented().header().edge() == edge.number())
                .toList();
    }

    private static void assertUnchanged(Runnable attempts) {
        DeliveriesWorld.State before = world.state();
        attempts.run();
        assertThat(world.state()).isEqualTo(before);
    }
}
