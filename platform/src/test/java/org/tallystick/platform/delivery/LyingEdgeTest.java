package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.SignedHeader;

/** Each lie an edge, or whoever has its key, can tell: who notices, and what he can show to others. */
class LyingEdgeTest {
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

    private static EdgeCertificate certificate(TestEdge edge) {
        return world.edges
                .certificate(edge.number(), edge.epoch())
                .orElseThrow()
                .certificate();
    }

    private static void assertUnchanged(Runnable lies) {
        DeliveriesWorld.State before = world.state();
        lies.run();
        assertThat(world.state()).isEqualTo(before);
    }

    private static List<Equivocation> equivocationsOf(TestEdge edge) {
        return world.list(world.intake::equivocations).stream()
                .filter(found -> found.recorded().header().edge() == edge.number())
                .toList();
    }

    /** Whoever has the certificate can check that the edge signed both, and see that both cannot be true. */
    private static void assertProven(Equivocation proof, TestEdge edge) {
        SignedHeader one = proof.recorded();
        SignedHeader other = proof.presented();
        one.verify(certificate(edge), ContractFixture.VERIFIER);
        other.verify(certificate(edge), ContractFixture.VERIFIER);
        assertThat(one.header()).isNotEqualTo(other.header());
        assertThat(one.header().first()).isLessThanOrEqualTo(other.header().last());
        assertThat(other.header().first()).isLessThanOrEqualTo(one.header().last());
    }

    @Test
    void aForgedBatchIsRefusedByItsSignature() {
        TestEdge edge = world.edge("forged");
        Instant now = world.world.clock.instant();
        assertUnchanged(() -> {
            Batch forged = edge.seal(1, 1, 3, BatchHeader.NONE, now, ContractFixture.signer("nobody"));
            DeliveriesWorld.assertRefused(edge.ship(forged), "batch/signature");
            assertThatThrownBy(() -> forged.receipt(0).verify(certificate(edge), ContractFixture.VERIFIER))
                    .as("the consumer notices at once")
                    .isInstanceOfSatisfying(
                            MalformedException.class,
                            e -> assertThat(e.reason()).isEqualTo("batch/signature"));
        });
    }

    /** Under the signature of the header every leaf is fixed, and its place. */
    @Test
    void leavesChangedExchangedAddedOrLeftOutAfterSealingAreRefused() {
        TestEdge edge = world.edge("altered");
        Batch sealed = edge.seal(4);
        byte[] good = sealed.encode();
        int first = SignedHeader.LENGTH;
        byte[] exchanged = good.clone();
        System.arraycopy(good, first, exchanged, first + Leaf.LENGTH, Leaf.LENGTH);
        System.arraycopy(good, first + Leaf.LENGTH, exchanged, first, Leaf.LENGTH);
        byte[] twice = good.clone();
        System.arraycopy(good, first, twice, first + 3 * Leaf.LENGTH, Leaf.LENGTH);
        assertUnchanged(() -> {
            for (int at = first; at < good.length; at += 7) {
                byte[] changed = good.clone();
                changed[at] ^= 1;
                assertThat(edge.ship(changed).refusal()).as("byte %s", at).isPresent();
            }
            DeliveriesWorld.assertRefused(edge.ship(exchanged), "batch/not-dense");
            DeliveriesWorld.assertRefused(edge.ship(twice), "batch/not-dense");
        });
        edge.ship(sealed).orThrow();
    }

    @Test
    void whatIsReplayedCountsOnce() {
        TestEdge edge = world.edge("replayed");
        Batch a = edge.seal(2);
        Batch b = edge.seal(2);
        edge.ship(a, b).orThrow();
        world.world.clock.advance(Duration.ofDays(1));
        assertUnchanged(() -> {
            for (byte[] again : List.of(TestEdge.bundle(a, b), TestEdge.bundle(a), TestEdge.bundle(b))) {
                assertThat(DeliveriesWorld.isRepeat(edge.ship(again))).isTrue();
            }
            DeliveriesWorld.assertRefused(edge.ship(b, a), "delivery/not-dense");
        });
    }

    /** Batches are chained: to leave one out, an edge must deny it, and the consumer holds what it denies. */
    @Test
    void aWithheldBatchIsAGapThatTheConsumersReceiptFills() {
        TestEdge edge = world.edge("withholding");
        Batch shipped = edge.seal(2);
        edge.ship(shipped).orThrow();
        Batch withheld = edge.seal(3);
        Batch next = edge.seal(2);
        Receipt held = withheld.receipt(1);
        assertUnchanged(() -> DeliveriesWorld.assertRefused(edge.ship(next), "delivery/out-of-order"));
        Batch denying = edge.seal(6, 2, shipped.header().hash());
        edge.ship(denying).orThrow();
        held.verify(certificate(edge), ContractFixture.VERIFIER);
        assertThat(world.list(world.intake::gaps))
                .as("the operator sees which numbers were never shipped")
                .anySatisfy(gap -> {
                    assertThat(gap.edge()).isEqualTo(edge.number());
                    assertThat(held.leaf().sequence()).isBetween(gap.first(), gap.last());
                });
        assertThat(world.intake.find(edge.number(), 1, held.leaf().sequence())).isEmpty();
        assertThat(denying.signed().header().previous())
                .as("the header the consumer holds is not in the chain the edge signed afterwards")
                .isNotEqualTo(withheld.header().hash());
        DeliveriesWorld.assertRefused(edge.ship(withheld), "delivery/equivocation");
    }

    /** An edge that fills the numbers with other deliveries: the consumer's receipt against the log. */
    @Test
    void numbersUsedTwiceAreShownByAnyReceiptOfTheOtherStory() {
        TestEdge edge = world.edge("two stories");
        Batch told = edge.seal(3);
        Batch shipped = edge.seal(1, 3, BatchHeader.NONE);
        edge.ship(shipped).orThrow();
        Receipt held = told.receipt(2);
        SignedHeader logged = world.intake
                .find(edge.number(), 1, held.leaf().sequence())
                .orElseThrow()
                .batch()
                .signed();
        assertProven(new Equivocation(0, logged, held.signed()), edge);
        DeliveriesWorld.assertRefused(edge.ship(told), "delivery/equivocation");
        assertThat(equivocationsOf(edge)).hasSize(1).allSatisfy(proof -> assertProven(proof, edge));
    }

    /** Times may lie back as far as the certificate; the place in the log shows when the platform first saw them. */
    @Test
    void aBackDatedBatchStandsWhereItCameIn() {
        TestEdge edge = world.edge("back-dated");
        Instant now = world.world.clock.instant();
        Batch usual = edge.seal(2);
        edge.ship(usual).orThrow();
        world.world.clock.advance(Duration.ofHours(2));
        Batch late = edge.seal(1, 3, 1, usual.header().hash(), now.minusSeconds(60), edge.key());
        long position = world.world.log.size();
        edge.ship(late).orThrow();
        BatchPlace place = world.intake.find(edge.number(), 1, 3).orElseThrow();
        assertThat(place.position()).isEqualTo(position);
        assertThat(place.batch().header().maxTime())
                .as("later in the chain, earlier in time")
                .isLessThan(usual.header().minTime());
        assertUnchanged(() -> DeliveriesWorld.assertRefused(
                edge.ship(edge.seal(1, 4, 1, late.header().hash(), now.minus(Duration.ofHours(1)), edge.key())),
                "batch/outside-certificate"));
    }

    /** The thief has the signing key and even the edge's API key; the edge goes on delivering. */
    @Test
    void aStolenKeyShowsWhenBothHaveSigned() {
        TestEdge edge = world.edge("robbed");
        TestEdge other = world.edge("the thief's own");
        Batch before = edge.seal(2);
        edge.ship(before).orThrow();
        Batch thiefs = edge.seal(3, 2, before.header().hash());
        assertUnchanged(() -> DeliveriesWorld.assertRefused(other.ship(thiefs), "delivery/wrong-edge"));
        edge.ship(thiefs).orThrow();
        Batch own = edge.seal(4);
        DeliveriesWorld.assertRefused(edge.ship(own), "delivery/equivocation");
        assertThat(equivocationsOf(edge))
                .as("the edge notices with its next shipment, and both signatures are in the log")
                .hasSize(1)
                .allSatisfy(proof -> assertProven(proof, edge));
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.of(edge.epoch()), "key stolen")
                .orThrow();
        assertUnchanged(() -> {
            Batch more = edge.seal(5, 2, thiefs.header().hash());
            DeliveriesWorld.assertRefused(edge.ship(more), "delivery/epoch-revoked");
            Instant then = world.world.clock.instant().minusSeconds(100);
            Batch dated = edge.seal(1, 5, 2, thiefs.header().hash(), then, edge.key());
            DeliveriesWorld.assertRefused(edge.ship(dated), "delivery/epoch-revoked");
            DeliveriesWorld.assertRefused(
                    world.edges.certify(edge.principal(), edge.number(), edge.did(), edge.proof()), "edge/key-revoked");
        });
        edge.certified("epoch 2");
        assertThat(edge.ship(edge.seal(2)).orThrow().epoch()).isEqualTo(2);
        long size = world.world.log.size();
        assertThat(world.world.log.consistency(1, size)).isNotEmpty();
    }

    private static List<RefusedBatches> refusedOf(TestEdge edge) {
        return world.list(Intake::refused).stream()
                .filter(refused -> refused.edge() == edge.number())
                .toList();
    }

    /** The thief goes on signing: nothing of it counts, and the operator sees what was tried, in one row. */
    @Test
    void whatARevokedKeySignsSinceIsListed() {
        TestEdge edge = world.edge("revoked");
        edge.ship(edge.seal(2)).orThrow();
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.of(1), "key stolen")
                .orThrow();
        assertThat(refusedOf(edge)).isEmpty();
        Batch one = edge.seal(3);
        Batch two = edge.seal(2);
        Instant first = world.world.clock.instant();
        assertUnchanged(() -> {
            DeliveriesWorld.assertRefused(edge.ship(two), "delivery/epoch-revoked");
            for (int i = 0; i < 20; i++) {
                world.world.clock.advance(Duration.ofMinutes(1));
                DeliveriesWorld.assertRefused(edge.ship(one, two), "delivery/epoch-revoked");
            }
        });
        RefusedBatches refused = new RefusedBatches(
                edge.number(), 1, "delivery/epoch-revoked", 3, 7, 21, first, world.world.clock.instant(), two.signed());
        assertThat(refusedOf(edge)).containsExactly(refused);
        refused.header().verify(certificate(edge), ContractFixture.VERIFIER);
        assertThat(refused.words()).contains("21 shipments with the numbers 3 to 7", "delivery/epoch-revoked");
        world.world.sequencer.rebuild();
        assertThat(refusedOf(edge)).as("it comes from no log entry").containsExactly(refused);
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), "machine lost")
                .orThrow();
        DeliveriesWorld.assertRefused(edge.ship(one), "delivery/edge-revoked");
        assertThat(refusedOf(edge))
                .extracting(RefusedBatches::reason, RefusedBatches::shipments)
                .containsExactlyInAnyOrder(tuple("delivery/edge-revoked", 1L), tuple("delivery/epoch-revoked", 21L));
    }

    /** Nobody fills the list with what no revoked key has signed. */
    @Test
    void whatTheRevokedKeyHasNotSignedIsNotListed() {
        TestEdge edge = world.edge("slandered");
        TestEdge other = world.edge("its neighbour");
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), "machine lost")
                .orThrow();
        Instant now = world.world.clock.instant();
        DeliveriesWorld.assertRefused(
                edge.ship(edge.seal(1, 1, 3, BatchHeader.NONE, now, ContractFixture.signer("nobody"))),
                "delivery/edge-revoked");
        for (int epoch = 2; epoch < 9; epoch++) {
            DeliveriesWorld.assertRefused(
                    edge.ship(edge.seal(epoch, 1, 3, BatchHeader.NONE, now, edge.key())), "delivery/edge-revoked");
        }
        DeliveriesWorld.assertRefused(other.ship(edge.seal(3)), "delivery/wrong-edge");
        assertThat(refusedOf(edge)).isEmpty();
        assertThat(refusedOf(other)).isEmpty();
    }
}
