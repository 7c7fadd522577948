package org.tallystick.platform.metering.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.Signer;

/** When a delivery counts, to the millisecond and to the log position, and into which stretch of time it falls. */
class FoldTimesTest {
    private static final long DAY = FoldedSet.DAY;
    private static final Hash DATASET = Sha256.hash(new byte[] {1});
    private static final Hash WORK = Sha256.hash(new byte[] {2});
    private static final Signer EDGE =
            Ed25519.signer(Sha256.hash("edge".getBytes(StandardCharsets.UTF_8)).toBytes());
    private static final Grant GRANT = new Grant(
            "log.example/tally",
            "buyer-7",
            "c1",
            "job",
            Scope.TRAINING,
            DATASET,
            Instant.ofEpochMilli(10_000),
            Instant.ofEpochMilli(20_000),
            Optional.empty());

    /** One grant at log position 5 over one work; nothing saved. */
    private static final class OneGrant implements FoldInputs {
        private final List<Batch> batches;

        OneGrant(Batch... batches) {
            this.batches = List.of(batches);
        }

        @Override
        public Optional<Granted> grant(TokenId token) {
            return token.equals(GRANT.tokenId()) ? Optional.of(new Granted(GRANT, 5, Bounds.NONE)) : Optional.empty();
        }

        @Override
        public Ordinals ordinals(Hash dataset) {
            return Ordinals.of(List.of(new MeteredWork(WORK, 7, FreeRanges.NONE)));
        }

        @Override
        public long revokedFrom(int edge, int epoch) {
            return Long.MAX_VALUE;
        }

        @Override
        public FoldedSet set(UsageKey key, Hash dataset, int works) {
            return new FoldedSet(key, dataset, works, List.of(), new TreeSet<>());
        }

        @Override
        public List<Spanning> spanning(long moment) {
            return List.of();
        }

        @Override
        public FoldedEpoch epoch(int edge, int epoch) {
            return new FoldedEpoch(edge, epoch);
        }

        @Override
        public BatchHeader header(long position) {
            return batches.get((int) position).header();
        }

        @Override
        public Batch batch(long position) {
            return batches.get((int) position);
        }
    }

    private static Leaf leaf(LeafKind kind, Scope scope, long sequence, long time, Hash work, long refers) {
        return new Leaf(
                kind,
                scope,
                false,
                1,
                1,
                sequence,
                time,
                GRANT.tokenId(),
                new ContentId(work),
                kind == LeafKind.FULL ? 7 : 0,
                refers,
                new byte[Leaf.SALT_LENGTH]);
    }

    private static Batch batch(Leaf... leaves) {
        byte[] bytes = new byte[leaves.length * Leaf.LENGTH];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i].encode(bytes, i * Leaf.LENGTH);
        }
        return Batch.seal(bytes, BatchHeader.NONE, EDGE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // the grant stands at position 5 and is valid from 10000 to below 20000 ms
        "first millisecond of the grant,     6, 10000, TRAINING, 2, used",
        "a millisecond before it,            6,  9999, TRAINING, 2, OUTSIDE_VALIDITY",
        "last millisecond of the grant,      6, 19999, TRAINING, 2, used",
        "exactly at the grant's end,         6, 20000, TRAINING, 2, OUTSIDE_VALIDITY",
        "a batch at the grant's position,    5, 15000, TRAINING, 2, UNKNOWN_TOKEN",
        "a batch before the grant,           4, 15000, TRAINING, 2, UNKNOWN_TOKEN",
        "another scope,                      6, 15000, EMBEDDING, 2, WRONG_SCOPE",
        "a work that is not in the version,  6, 15000, TRAINING, 3, NOT_IN_DATASET",
    })
    void aDeliveryCountsWithinItsGrant(String name, long position, long time, Scope scope, byte work, String result) {
        Folder folder = new Folder(new OneGrant());
        folder.fold(position, batch(leaf(LeafKind.FULL, scope, 1, time, Sha256.hash(new byte[] {work}), 0)));
        Map<Long, Map<UncountedReason, Integer>> expected =
                result.equals("used") ? Map.of() : Map.of(position, Map.of(UncountedReason.valueOf(result), 1));
        assertThat(folder.anomalies()).isEqualTo(expected);
        assertThat(deliveries(folder)).isEqualTo(result.equals("used") ? 1 : 0);
    }

    private static int deliveries(Folder folder) {
        return folder.sets().stream()
                .flatMap(set -> set.buckets().stream())
                .mapToInt(bucket -> bucket.works() == 0 ? 0 : bucket.count(0))
                .sum();
    }

    @Test
    void aVoidTakesBackOneDeliveryOnceAndAHeadIsNone() {
        Batch first = batch(
                leaf(LeafKind.FULL, Scope.TRAINING, 1, 15_000, WORK, 0),
                leaf(LeafKind.FULL, Scope.TRAINING, 2, 15_000, WORK, 0),
                leaf(LeafKind.HEAD, Scope.TRAINING, 3, 15_000, WORK, 0));
        Batch[] log = new Batch[8];
        Arrays.fill(log, first);
        Folder folder = new Folder(new OneGrant(log));
        folder.fold(6, first);
        assertThat(deliveries(folder)).isEqualTo(2);
        folder.fold(7, batch(leaf(LeafKind.VOID, Scope.TRAINING, 4, 15_001, WORK, 1)));
        assertThat(deliveries(folder)).isEqualTo(1);
        folder.fold(8, batch(leaf(LeafKind.VOID, Scope.TRAINING, 5, 15_002, WORK, 1)));
        assertThat(deliveries(folder)).as("void already").isEqualTo(1);
        assertThat(folder.sets().iterator().next().buckets().iterator().next().positions().stream()
                        .toArray())
                .as("an outcome that changes nothing is evidence all the same")
                .containsExactly(6, 7, 8);
        folder.fold(9, batch(leaf(LeafKind.VOID, Scope.TRAINING, 6, 15_002, WORK, 3)));
        assertThat(deliveries(folder)).as("a HEAD was never counted").isEqualTo(1);
        assertThat(folder.epochs().iterator().next().hasOutcome(3)).isTrue();
        folder.fold(10, first);
        assertThat(deliveries(folder)).as("the same numbers again").isEqualTo(1);
    }

    @Test
    void aVoidAheadOfItsDeliveryMeetsIt() {
        Folder folder = new Folder(new OneGrant());
        folder.fold(6, batch(leaf(LeafKind.VOID, Scope.TRAINING, 9, 15_000, WORK, 4)));
        folder.fold(7, batch(leaf(LeafKind.FULL, Scope.TRAINING, 4, 15_000, WORK, 0)));
        assertThat(deliveries(folder)).isZero();
        folder.fold(8, batch(leaf(LeafKind.FULL, Scope.TRAINING, 5, 15_000, WORK, 0)));
        assertThat(deliveries(folder)).isEqualTo(1);
    }

    @Test
    void whatIsSavedIsForgottenAsAnAnomalyAndAsAChange() {
        Folder folder = new Folder(new OneGrant());
        folder.fold(
                6,
                batch(
                        leaf(LeafKind.FULL, Scope.TRAINING, 1, 15_000, WORK, 0),
                        leaf(LeafKind.FULL, Scope.TRAINING, 2, 15_000, DATASET, 0),
                        leaf(LeafKind.FULL, Scope.TRAINING, 3, 15_000, DATASET, 0)));
        assertThat(folder.anomalies()).isEqualTo(Map.of(6L, Map.of(UncountedReason.NOT_IN_DATASET, 2)));
        Bucket bucket = folder.sets().iterator().next().buckets().iterator().next();
        FoldedEpoch epoch = folder.epochs().iterator().next();
        assertThat(bucket.isChanged() && epoch.isChanged()).isTrue();
        assertThat(List.of(epoch.edge(), epoch.epoch())).containsExactly(1, 1);
        folder.saved();
        assertThat(folder.anomalies()).isEmpty();
        assertThat(bucket.isChanged() || epoch.isChanged()).isFalse();
        folder.fold(7, batch(leaf(LeafKind.FULL, Scope.TRAINING, 4, 15_000, WORK, 0)));
        assertThat(bucket.isChanged() && epoch.isChanged()).isTrue();
        assertThat(bucket.positions().stream().toArray()).containsExactly(6, 7);
        assertThat(epoch.positions().stream().toArray()).containsExactly(6, 7);
    }

    @ParameterizedTest
    @CsvSource({
        // time, cuts (ms; - for none), start and end of the stretch it falls into
        "0,         -,          0,         86400000",
        "86399999,  -,          0,         86400000",
        "86400000,  -,          86400000,  172800000",
        "-1,        -,          -86400000, 0",
        "500,       500,        500,       86400000",
        "499,       500,        0,         500",
        "700,       500 800,    500,       800",
        "800,       500 800,    800,       86400000",
        "86400001,  500,        86400000,  172800000",
        "500,       86400001,   0,         86400000",
        "86400000,  86400000,   86400000,  172800000",
    })
    void aStretchGoesFromMidnightOrCutToTheNext(long time, String cuts, long start, long end) {
        TreeSet<Long> boundaries = new TreeSet<>();
        for (String cut : cuts.equals("-") ? new String[0] : cuts.split(" ")) {
            boundaries.add(Long.parseLong(cut));
        }
        assertThat(FoldedSet.startOf(time, boundaries)).isEqualTo(start);
        assertThat(FoldedSet.endOf(time, boundaries)).isEqualTo(end);
        Bucket bucket = set(boundaries).at(time);
        assertThat(List.of(bucket.start(), bucket.end())).containsExactly(start, end);
    }

    private static FoldedSet set(NavigableSet<Long> boundaries) {
        UsageKey key = new UsageKey(new ContractId("c1"), new JobId("job"), Scope.TRAINING);
        return new FoldedSet(key, DATASET, 2, List.of(), boundaries);
    }

    @Test
    void aDeliveryMovesBehindACutIfItLiesThere() {
        TreeSet<Long> boundaries = new TreeSet<>();
        FoldedSet set = set(boundaries);
        assertThat(set.at(100)).isSameAs(set.at(DAY - 1)).isNotSameAs(set.at(DAY));
        Bucket earlier = set.at(100);
        earlier.add(0, 1);
        earlier.add(0, 2);
        earlier.add(1, 2);
        boundaries.add(200L);
        Bucket later = set.cut(200);
        assertThat(later.positions().stream().toArray()).containsExactly(1, 2);
        assertThat(set.at(199)).isSameAs(earlier);
        assertThat(set.at(200)).isSameAs(later);
        set.moveBehind(200, 250, 0, 2);
        set.moveBehind(200, 199, 1, 2);
        set.moveBehind(200, DAY + 1, 1, 2);
        assertThat(List.of(earlier.count(0), earlier.count(1))).containsExactly(1, 1);
        assertThat(List.of(later.count(0), later.count(1))).containsExactly(1, 0);
        assertThat(set.buckets()).hasSize(3);
        assertThat(earlier.isChanged() && later.isChanged()).isTrue();
    }

    @Test
    void aBucketIsCutWithinIt() {
        Bucket bucket = new Bucket(100, 200, 5);
        assertThat(LongStream.of(99, 100, 199, 200).mapToObj(bucket::covers)).containsExactly(false, true, true, false);
        for (long moment : new long[] {99, 100, 200, 201}) {
            assertThatThrownBy(() -> bucket.cut(moment)).isInstanceOf(IllegalArgumentException.class);
        }
        Bucket later = bucket.cut(101);
        assertThat(List.of(bucket.start(), bucket.end(), later.start(), later.end()))
                .containsExactly(100L, 101L, 101L, 200L);
        assertThat(later.works()).isEqualTo(5);
        assertThatThrownBy(() -> bucket.cut(101))
                .as("one millisecond is not divided")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasNotDeliveredIsNotTakenBack() {
        Bucket bucket = new Bucket(0, 10, 5);
        bucket.add(3, 1);
        assertThatThrownBy(() -> bucket.remove(2, 2)).isInstanceOf(IllegalStateException.class);
        bucket.remove(3, 2);
        assertThat(bucket.count(3)).isZero();
        assertThat(bucket.members().isEmpty()).isTrue();
        assertThat(bucket.positions().stream().toArray()).containsExactly(1, 2);
        assertThatThrownBy(() -> bucket.remove(3, 3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEpochKnowsWhatItSawAndWhatIsVoid() {
        FoldedEpoch epoch = new FoldedEpoch(3, 4);
        assertThat(epoch.hasOutcomes() || epoch.isChanged() || epoch.isSeen(1)).isFalse();
        epoch.markVoid(7);
        epoch.markVoid(7);
        assertThat(epoch.hasOutcomes() && epoch.hasOutcome(7) && epoch.isChanged())
                .isTrue();
        assertThat(epoch.stands(7)).isFalse();
        assertThat(epoch.stands(8) && !epoch.hasOutcome(8)).isTrue();
        epoch.markKept(7);
        epoch.markVoid(7);
        assertThat(epoch.stands(7)).isTrue();
        epoch.enter(10, 12, 40);
        assertThat(LongStream.rangeClosed(9, 13).mapToObj(epoch::isSeen))
                .containsExactly(false, true, true, true, false);
        assertThat(epoch.overlaps(12, 20)).isTrue();
        assertThat(epoch.overlaps(13, 20)).isFalse();
        assertThat(epoch.overlaps(1, 9)).isFalse();
        assertThat(epoch.overlaps(1, 10)).isTrue();
    }

    @Test
    void theLatest256BatchesAreFoundByTheirNumbers() {
        FoldedEpoch epoch = new FoldedEpoch(1, 1);
        for (int i = 0; i < 300; i++) {
            epoch.enter(10L * i, 10L * i + 8, i);
        }
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            OptionalLong first = epoch.recentWith(10L * i);
            assertThat(epoch.recentWith(10L * i + 8)).isEqualTo(first);
            assertThat(epoch.recentWith(10L * i + 9)).as("a gap").isEmpty();
            first.ifPresent(found::add);
        }
        assertThat(found).isEqualTo(LongStream.range(44, 300).boxed().toList());
    }

    @Test
    void aBatchIsFoundByItsNumbersInWhateverOrderBatchesLie() {
        for (int[] order : new int[][] {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}, {0}, {}}) {
            Batch[] log = new Batch[order.length];
            Roaring64NavigableMap positions = new Roaring64NavigableMap();
            for (int i = 0; i < order.length; i++) {
                long first = 10L * order[i] + 1;
                log[i] = batch(
                        leaf(LeafKind.FULL, Scope.TRAINING, first, 1, WORK, 0),
                        leaf(LeafKind.FULL, Scope.TRAINING, first + 1, 1, WORK, 0),
                        leaf(LeafKind.FULL, Scope.TRAINING, first + 2, 1, WORK, 0));
                positions.addLong(i);
            }
            FoldInputs inputs = new OneGrant(log);
            for (int i = 0; i < order.length; i++) {
                for (int number = 1; number <= 3; number++) {
                    assertThat(Folder.positionOf(positions, 10L * order[i] + number, inputs))
                            .hasValue(i);
                }
                assertThat(Folder.positionOf(positions, 10L * order[i] + 4, inputs))
                        .as("a gap")
                        .isEmpty();
            }
            assertThat(Folder.positionOf(positions, 0, inputs)).isEmpty();
        }
    }

    @Test
    void aLeafIsFoundInItsBatch() {
        Batch batch = batch(
                leaf(LeafKind.FULL, Scope.TRAINING, 4, 11, WORK, 0),
                leaf(LeafKind.FULL, Scope.TRAINING, 5, 12, WORK, 0));
        assertThat(Folder.leafIn(batch, 4).time()).isEqualTo(11);
        assertThat(Folder.leafIn(batch, 5).time()).isEqualTo(12);
    }
}
