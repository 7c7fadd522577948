package org.tallystick.platform.metering.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.Signer;

/** What bounds deliveries beside the grant itself: its edges, its end, its order's release keys, the bytes of the works. */
class FoldBoundsTest {
    private static final Hash DATASET = Sha256.hash(new byte[] {1});
    private static final ReleaseSeed SEED = new ReleaseSeed(new byte[ReleaseSeed.LENGTH]);
    /** Works 0 and 1 of the version are ordered, work 2 is not, and work 3 lies past the table. */
    private static final ReleaseTable TABLE = SEED.table(3, ordinal -> ordinal < 2);

    private static final List<MeteredWork> WORKS = List.of(
            work(10, 100, FreeRanges.NONE),
            work(11, 50, new FreeRanges(List.of(new FreeRanges.Range(0, 10)))),
            work(12, 7, FreeRanges.NONE),
            work(13, 7, FreeRanges.NONE));
    private static final Signer EDGE =
            Ed25519.signer(Sha256.hash("edge".getBytes(StandardCharsets.UTF_8)).toBytes());

    private static MeteredWork work(int name, long bytes, FreeRanges free) {
        return new MeteredWork(Sha256.hash(new byte[] {(byte) name}), bytes, free);
    }

    /** One grant at log position 5 and what bounds it; both may change while a folder holds them. */
    private static final class Bounded implements FoldInputs {
        Grant grant = grant(false, List.of());
        Bounds bounds = Bounds.NONE;
        long revokedFrom = Long.MAX_VALUE;
        boolean granted = true;

        static Grant grant(boolean ordered, List<Integer> edges) {
            return new Grant(
                    "log.example/tally",
                    "buyer-7",
                    "c1",
                    "job",
                    Scope.TRAINING,
                    DATASET,
                    Instant.ofEpochMilli(10_000),
                    Instant.ofEpochMilli(10_000_000),
                    Optional.empty(),
                    List.of(),
                    ordered
                            ? Optional.of(new Grant.Order(1, HexFormat.of().formatHex(TABLE.tag()), TABLE.root()))
                            : Optional.empty(),
                    edges);
        }

        @Override
        public Optional<Granted> grant(TokenId token) {
            return granted ? Optional.of(new Granted(grant, 5, bounds)) : Optional.empty();
        }

        @Override
        public Ordinals ordinals(Hash dataset) {
            return Ordinals.of(WORKS);
        }

        @Override
        public long revokedFrom(int edge, int epoch) {
            return edge == 2 ? 0 : revokedFrom;
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
            throw new AssertionError("no earlier batch is asked for");
        }

        @Override
        public Batch batch(long position) {
            throw new AssertionError("no earlier batch is asked for");
        }
    }

    private static Leaf leaf(
            Bounded inputs, int edge, long sequence, int work, long time, long from, long bytes, String key) {
        LeafForm form = key.equals("old") ? LeafForm.ONE : LeafForm.CURRENT;
        LeafKind kind = from < 0 ? LeafKind.FULL : LeafKind.PARTIAL;
        byte[] salt = new byte[Leaf.SALT_LENGTH];
        boolean released = key.startsWith("key ");
        if (released) {
            salt = SEED.key(Integer.parseInt(key.substring(4))).bytes();
        }
        return new Leaf(
                form,
                kind,
                Scope.TRAINING,
                false,
                released,
                edge,
                1,
                sequence,
                time,
                inputs.grant.tokenId(),
                new ContentId(WORKS.get(work).content()),
                Math.max(0, from),
                bytes,
                0,
                salt);
    }

    private static String fold(Folder folder, long position, Leaf leaf) {
        byte[] bytes = new byte[leaf.form().length()];
        leaf.encode(bytes, 0);
        int before = standing(folder);
        folder.fold(position, Batch.seal(bytes, BatchHeader.NONE, EDGE));
        Map<UncountedReason, Integer> reasons = folder.anomalies().getOrDefault(position, Map.of());
        return reasons.isEmpty()
                ? standing(folder) > before ? "use" : "no use"
                : reasons.keySet().iterator().next().slug();
    }

    private static int standing(Folder folder) {
        return folder.sets().stream()
                .flatMap(set -> set.buckets().stream())
                .mapToInt(bucket -> bucket.members().getCardinality() == 0
                        ? 0
                        : bucket.count(0) + bucket.count(1) + bucket.count(2) + bucket.count(3))
                .sum();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // bounds; edge; work; time in ms; first byte or -1 for all; bytes; key or form of the leaf; result
        "the whole work,                         none,         1, 0, 20000,  -1, 100, -,     use",
        "less than the whole called whole,       none,         1, 0, 20000,  -1, 99,  -,     wrong-bytes",
        "more than the whole,                    none,         1, 0, 20000,  -1, 101, -,     wrong-bytes",
        "its last byte,                          none,         1, 0, 20000,  99, 1,   -,     use",
        "a byte past its end,                    none,         1, 0, 20000,  99, 2,   -,     wrong-bytes",
        "an old leaf with all bytes,             none,         1, 0, 20000,  -1, 100, old,   use",
        "an old leaf with fewer,                 none,         1, 0, 20000,  -1, 1,   old,   use",
        "an old leaf with one too many,          none,         1, 0, 20000,  -1, 101, old,   wrong-bytes",
        "free bytes,                             none,         1, 1, 20000,  0,  10,  -,     no use",
        "one byte past the free ones,            none,         1, 1, 20000,  0,  11,  -,     use",
        "an old leaf knows no free bytes,        none,         1, 1, 20000,  -1, 10,  old,   use",
        "an edge the grant names,                edges 1 3,    3, 0, 20000,  -1, 100, -,     use",
        "an edge between those it names,         edges 1 3,    4, 0, 20000,  -1, 100, -,     edge-not-granted",
        "the last moment before the job's end,   closed 20000, 1, 0, 619999, -1, 100, -,     use",
        "the job's end and ten minutes,          closed 20000, 1, 0, 620000, -1, 100, -,     job-closed",
        "the last moment before a revocation,    revoked 20000,1, 0, 619999, -1, 100, -,     use",
        "a revocation and ten minutes,           revoked 20000,1, 0, 620000, -1, 100, -,     token-revoked",
        "an order nobody knows,                  unknown,      1, 0, 20000,  -1, 100, key 0, order-unknown",
        "the order's last moment,                order 30000,  1, 0, 29999,  -1, 100, key 0, use",
        "the order's end,                        order 30000,  1, 0, 30000,  -1, 100, key 0, order-ended",
        "no release key,                         order 30000,  1, 0, 20000,  -1, 100, -,     release-missing",
        "another work's release key,             order 30000,  1, 0, 20000,  -1, 100, key 1, release-wrong",
        "the key of a work not ordered,          order 30000,  1, 2, 20000,  -1, 7,   key 2, release-wrong",
        "a work past the order's table,          order 30000,  1, 3, 20000,  -1, 7,   key 3, release-wrong",
        "wrong bytes under the right key,        order 30000,  1, 0, 20000,  -1, 99,  key 0, wrong-bytes",
        "the edge's key revoked behind it,       edge 6,       1, 0, 20000,  -1, 100, -,     use",
        "the edge's key revoked before it,       edge 5,       1, 0, 20000,  -1, 100, -,     edge-revoked",
    })
    void aDeliveryIsJudged(
            String name,
            String bounds,
            int edge,
            int work,
            long time,
            long from,
            long bytes,
            String key,
            String result) {
        Bounded inputs = bounded(bounds);
        Leaf leaf = leaf(inputs, edge, 1, work, time, from, bytes, key);
        assertThat(fold(new Folder(inputs), 6, leaf)).isEqualTo(result);
    }

    private static Bounded bounded(String text) {
        Bounded inputs = new Bounded();
        String[] words = text.split(" ");
        Optional<Instant> moment =
                words.length == 2 ? Optional.of(Instant.ofEpochMilli(Long.parseLong(words[1]))) : Optional.empty();
        switch (words[0]) {
            case "edges" -> inputs.grant = Bounded.grant(false, List.of(1, 3));
            case "closed" -> inputs.bounds = new FoldInputs.Bounds(Optional.empty(), moment, Optional.empty());
            case "revoked" -> inputs.bounds = new FoldInputs.Bounds(moment, Optional.empty(), Optional.empty());
            case "unknown" -> inputs.grant = Bounded.grant(true, List.of());
            case "order" -> {
                inputs.grant = Bounded.grant(true, List.of());
                inputs.bounds = new FoldInputs.Bounds(
                        Optional.empty(), Optional.empty(), moment.map(ends -> new FoldInputs.Ordered(TABLE, ends)));
            }
            case "edge" -> inputs.revokedFrom = Long.parseLong(words[1]);
            default -> assertThat(text).isEqualTo("none");
        }
        return inputs;
    }

    @Test
    void aKeyThatOpenedAWorkOpensItAgainAndNoOtherDoes() {
        Bounded inputs = bounded("order 30000");
        Folder folder = new Folder(inputs);
        assertThat(fold(folder, 6, leaf(inputs, 1, 1, 0, 20_000, -1, 100, "key 0")))
                .isEqualTo("use");
        assertThat(fold(folder, 7, leaf(inputs, 1, 2, 0, 20_000, -1, 100, "key 0")))
                .isEqualTo("use");
        assertThat(fold(folder, 8, leaf(inputs, 1, 3, 0, 20_000, -1, 100, "key 1")))
                .isEqualTo("release-wrong");
        assertThat(fold(folder, 9, leaf(inputs, 1, 4, 1, 20_000, -1, 50, "key 1")))
                .isEqualTo("use");
    }

    @Test
    void eachEdgesRevocationIsItsOwn() {
        Bounded inputs = new Bounded();
        Folder folder = new Folder(inputs);
        assertThat(fold(folder, 6, leaf(inputs, 1, 1, 0, 20_000, -1, 100, "-"))).isEqualTo("use");
        assertThat(fold(folder, 7, leaf(inputs, 2, 1, 0, 20_000, -1, 100, "-"))).isEqualTo("edge-revoked");
        assertThat(fold(folder, 8, leaf(inputs, 1, 2, 0, 20_000, -1, 100, "-"))).isEqualTo("use");
    }

    @Test
    void whatEndsWhileAFolderRunsIsSeenOnceItForgetsWhatItKnew() {
        Bounded inputs = new Bounded();
        Folder folder = new Folder(inputs);
        assertThat(fold(folder, 6, leaf(inputs, 1, 1, 0, 20_000, -1, 100, "-"))).isEqualTo("use");
        inputs.bounds =
                new FoldInputs.Bounds(Optional.of(Instant.ofEpochMilli(20_000)), Optional.empty(), Optional.empty());
        inputs.revokedFrom = 8;
        folder.forgetGrants();
        assertThat(fold(folder, 7, leaf(inputs, 1, 2, 0, 700_000, -1, 100, "-")))
                .isEqualTo("token-revoked");
        assertThat(fold(folder, 8, leaf(inputs, 1, 3, 0, 30_000, -1, 100, "-"))).isEqualTo("use");
        assertThat(fold(folder, 9, leaf(inputs, 1, 4, 0, 30_000, -1, 100, "-"))).isEqualTo("edge-revoked");
    }

    @Test
    void aGrantThatComesAfterItsTokenWasMetIsSeenOnceWhatIsUnknownIsForgotten() {
        for (boolean saving : new boolean[] {true, false}) {
            Bounded inputs = new Bounded();
            inputs.granted = false;
            Folder folder = new Folder(inputs);
            assertThat(fold(folder, 6, leaf(inputs, 1, 1, 0, 20_000, -1, 100, "-")))
                    .isEqualTo("unknown-token");
            inputs.granted = true;
            if (saving) {
                folder.saved();
            } else {
                folder.forgetUnknown();
            }
            assertThat(fold(folder, 7, leaf(inputs, 1, 2, 0, 20_000, -1, 100, "-")))
                    .isEqualTo("use");
        }
    }
}
