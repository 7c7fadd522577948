package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.delivery.TokenRequest;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.metering.fold.Classifier;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.Scope;

/**
 * A certified edge that lies: it knows the token ids that stand in every leaf, and signs leaves for works that nobody asked
 * for. What it invents bills nothing, and is held against it.
 */
class InventingEdgeTest {
    private static final Duration PAST_TOLERANCE = Duration.ofMillis(Classifier.TOLERANCE);

    @TempDir
    Path dir;

    private Market market;
    private ContractId contract;
    private JobId job;
    private Market.TestEdge edge;
    private final ReleaseSeed seed = seed(7);

    @BeforeEach
    void open() {
        market = new Market(dir, 3);
        contract = market.contract("cnf-1");
        job = market.job(contract, "job-1");
        edge = market.edge("liar");
    }

    @AfterEach
    void close() {
        market.close();
    }

    private static ReleaseSeed seed(int fill) {
        byte[] bytes = new byte[ReleaseSeed.LENGTH];
        java.util.Arrays.fill(bytes, (byte) fill);
        return new ReleaseSeed(bytes);
    }

    private Member work(int ordinal) {
        return market.members.get(ordinal);
    }

    /** A token under an order for the first two of six works. */
    private Grant ordered(ReleaseSeed secret, int... ordinals) {
        Instant ends = market.world.clock.instant().plus(Duration.ofDays(2));
        int number = market.order(
                job, secret, ordinal -> java.util.Arrays.stream(ordinals).anyMatch(wanted -> wanted == ordinal), ends);
        return market.token(
                job,
                new TokenRequest(
                        Scope.TRAINING, Duration.ofHours(24), Optional.empty(), Optional.of(number), List.of()));
    }

    private void deliver(Grant grant, int ordinal, Optional<ReleaseKey> key) {
        deliver(grant, ordinal, key, market.world.clock.instant());
    }

    private void deliver(Grant grant, int ordinal, Optional<ReleaseKey> key, Instant time) {
        edge.leave(
                LeafKind.FULL,
                grant,
                work(ordinal).content(),
                time,
                0,
                work(ordinal).bytes(),
                0,
                key);
    }

    /** Ships, folds, and checks that folding it all again comes to the same. */
    private Map<UncountedReason, Long> heldAgainst() {
        edge.ship();
        market.metering().catchUp();
        assertThat(market.metering().check()).isEmpty();
        return market.read(tx -> market.metering().anomalyTotals(tx));
    }

    private long uses() {
        return market.read(tx -> market.metering().counts(tx, contract)).stream()
                .mapToLong(UsageCount::uses)
                .sum();
    }

    @Test
    void aStolenTokenIdOfAnOrderBillsNothing() {
        Grant grant = ordered(seed, 0, 1);
        deliver(grant, 0, Optional.empty());
        deliver(grant, 1, Optional.of(seed(8).key(1)));
        assertThat(heldAgainst())
                .isEqualTo(Map.of(UncountedReason.RELEASE_MISSING, 1L, UncountedReason.RELEASE_WRONG, 1L));
        assertThat(uses()).isZero();
        assertThat(market.metering().notes())
                .containsExactly(
                        "1 deliveries are not counted: the leaf shows no release key, which its job order wants",
                        "1 deliveries are not counted: the release key does not open the work");
    }

    @Test
    void aKeyThatWasShownBillsItsWorkAndNoOther() {
        Grant grant = ordered(seed, 0, 1);
        deliver(grant, 0, Optional.of(seed.key(0)));
        deliver(grant, 0, Optional.of(seed.key(0)));
        deliver(grant, 1, Optional.of(seed.key(0)));
        deliver(grant, 2, Optional.of(seed.key(2))); // not ordered
        assertThat(heldAgainst()).isEqualTo(Map.of(UncountedReason.RELEASE_WRONG, 2L));
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void twoOrdersOfOneJobAddUp() {
        Grant first = ordered(seed, 0, 1);
        Grant second = ordered(seed(9), 1, 2, 3);
        deliver(first, 0, Optional.of(seed.key(0)));
        deliver(first, 1, Optional.of(seed.key(1)));
        deliver(second, 1, Optional.of(seed(9).key(1)));
        deliver(second, 3, Optional.of(seed(9).key(3)));
        deliver(second, 0, Optional.of(seed.key(0))); // the other order's
        assertThat(heldAgainst()).isEqualTo(Map.of(UncountedReason.RELEASE_WRONG, 1L));
        assertThat(uses()).isEqualTo(3);
    }

    @Test
    void nothingCountsAfterTheTokenWasRevoked() {
        Grant grant = market.token(job, Scope.TRAINING);
        Instant revoked = market.world.clock.instant();
        deliver(grant, 0, Optional.empty());
        edge.ship();
        market.metering().catchUp();
        market.delivery
                .jobs()
                .revokeToken(ContractFixture.BUYER, grant.tokenId(), "lost")
                .orThrow();
        market.world.clock.advance(Duration.ofHours(1));
        deliver(grant, 1, Optional.empty(), revoked.plusSeconds(1)); // on its way when the word came
        deliver(grant, 2, Optional.empty(), revoked.plus(PAST_TOLERANCE).plusSeconds(1));
        assertThat(heldAgainst()).isEqualTo(Map.of(UncountedReason.TOKEN_REVOKED, 1L));
        assertThat(uses()).isEqualTo(2);
    }

    @Test
    void nothingCountsAfterTheEndOfTheJob() {
        Grant grant = ordered(seed, 0, 1);
        deliver(grant, 0, Optional.of(seed.key(0)));
        edge.ship();
        market.metering().catchUp();
        Instant closed = market.world.clock.instant();
        market.delivery
                .jobs()
                .closeJob(ContractFixture.BUYER, job, List.of(work(0).content()))
                .orThrow();
        market.world.clock.advance(Duration.ofHours(1));
        deliver(grant, 1, Optional.of(seed.key(1)), closed.plus(PAST_TOLERANCE).plusSeconds(1));
        assertThat(heldAgainst()).isEqualTo(Map.of(UncountedReason.JOB_CLOSED, 1L));
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void zeroBytesInFullAndMoreThanTheWorkHasAreNoDelivery() {
        Grant grant = market.token(job, Scope.TRAINING);
        Instant now = market.world.clock.instant();
        edge.leave(LeafKind.FULL, grant, work(0).content(), now, 0, 0, 0, Optional.empty());
        edge.leave(LeafKind.FULL, grant, work(1).content(), now, 0, 1L << 47, 0, Optional.empty());
        edge.leave(LeafKind.PARTIAL, grant, work(2).content(), now, work(2).bytes(), 1, 0, Optional.empty());
        edge.leave(LeafKind.PARTIAL, grant, work(3).content(), now, work(3).bytes() - 1, 1, 0, Optional.empty());
        assertThat(heldAgainst()).isEqualTo(Map.of(UncountedReason.WRONG_BYTES, 3L));
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void anEdgeTheTokenDoesNotNameBillsNothing() {
        Market.TestEdge honest = market.edge("honest");
        Grant grant = market.token(
                job,
                new TokenRequest(
                        Scope.TRAINING,
                        Duration.ofHours(24),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(honest.number())));
        deliver(grant, 0, Optional.empty());
        honest.deliver(grant, work(1));
        honest.ship();
        assertThat(heldAgainst()).isEqualTo(Map.of(UncountedReason.EDGE_NOT_GRANTED, 1L));
        assertThat(uses()).isEqualTo(1);
    }

    @Test
    void pastTheQuotaIsHeldAgainstTheEdge() {
        Grant grant = market.token(
                job,
                new TokenRequest(Scope.TRAINING, Duration.ofHours(24), Optional.of(2L), Optional.empty(), List.of()));
        deliver(grant, 0, Optional.empty());
        deliver(grant, 0, Optional.empty());
        deliver(grant, 1, Optional.empty());
        assertThat(heldAgainst()).isEmpty();
        assertThat(market.metering().notes()).isEmpty();
        deliver(grant, 2, Optional.empty());
        assertThat(heldAgainst()).isEmpty();
        assertThat(market.metering().notes())
                .containsExactly("edge " + edge.number() + " delivered 3 distinct works under token " + grant.tokenId()
                        + ", whose quota is 2");
    }

    @Test
    void whatWasCutWithinTheWorkCountsAndWhatWasVoidedDoesNot() {
        Grant grant = ordered(seed, 0, 1);
        Instant now = market.world.clock.instant();
        for (int ordinal : List.of(0, 1)) {
            deliver(grant, ordinal, Optional.of(seed.key(ordinal)));
        }
        long second = market.leaves.getLast().sequence();
        edge.leave(LeafKind.VOID, grant, work(1).content(), now, 0, 0, second, Optional.empty());
        edge.leave(LeafKind.CUT, grant, work(0).content(), now, 0, 1, second - 1, Optional.empty());
        assertThat(heldAgainst()).isEmpty();
        assertThat(uses()).isEqualTo(1);
        edge.leave(LeafKind.CUT, grant, work(1).content(), now, 0, 3, second, Optional.empty());
        heldAgainst();
        assertThat(uses()).isEqualTo(2);
        assertThat(market.metering()
                        .locate(edge.number(), 1, second)
                        .orElseThrow()
                        .counts())
                .isTrue();
    }
}
