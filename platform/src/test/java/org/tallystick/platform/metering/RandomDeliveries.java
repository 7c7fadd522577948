package org.tallystick.platform.metering;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.MeteredWork;
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
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.Signer;

/**
 * A random history of deliveries by several edges over several days: repeats, retries, ranges, confirmations, headers
 * only, previews, broken-off deliveries voided soon or late or twice, and everything an edge may get wrong.
 */
public final class RandomDeliveries {
    static final Signer EDGE =
            Ed25519.signer(Sha256.hash("edge".getBytes(StandardCharsets.UTF_8)).toBytes());
    public static final Instant START = Instant.parse("2026-01-05T20:00:00Z");
    public static final long SPAN = TimeUnit.HOURS.toMillis(60);

    private static final Instant NEVER = Instant.parse("2099-01-01T00:00:00Z");

    final Map<Hash, List<Hash>> datasets = new HashMap<>();
    final Map<TokenId, Grant> grants = new HashMap<>();
    final Map<TokenId, FoldInputs.Bounds> bounds = new HashMap<>();
    private final Map<TokenId, ReleaseSeed> seeds = new HashMap<>();
    /** By edge and epoch, in the order of their numbers. */
    final List<List<Leaf>> epochs = new ArrayList<>();

    private final SplittableRandom random;
    private final List<Grant> all = new ArrayList<>();

    public RandomDeliveries(SplittableRandom random, int works, int jobs, int leaves) {
        this.random = random;
        for (int d = 0; d < 2; d++) {
            List<Hash> contents = new ArrayList<>();
            for (int i = 0; i < works; i++) {
                contents.add(hash("work " + d + " " + i));
            }
            datasets.put(hash("dataset " + d), contents);
        }
        for (int j = 0; j < jobs; j++) {
            for (int t = 0; t < 2; t++) {
                add(grant(j, t, works));
            }
        }
        int edges = 1 + random.nextInt(3);
        for (int e = 0; e < edges; e++) {
            epochs.add(epoch(1 + e, 1 + random.nextInt(3), 1 + leaves / edges));
        }
    }

    /** A grant, some of them under an order, for some edges, or ended on the way. */
    private Grant grant(int job, int token, int works) {
        Scope scope = token == 0 ? Scope.TRAINING : Scope.ofCode(1 + random.nextInt(4));
        Optional<ReleaseSeed> seed = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new ReleaseSeed(org.tallystick.protocol.codec.Seeds.bytes(random, ReleaseSeed.LENGTH)));
        int ordered = 1 + random.nextInt(works);
        Optional<ReleaseTable> table = seed.map(secret -> secret.table(works, ordinal -> ordinal < ordered));
        Grant grant = new Grant(
                "log.example/tally",
                "buyer-" + job % 2,
                "contract-" + job % 3,
                "job-" + job,
                scope,
                hash("dataset " + job % 2),
                START,
                START.plusMillis(SPAN - TimeUnit.HOURS.toMillis(token)),
                Optional.of(1000L + token),
                List.of(),
                table.map(
                        t -> new Grant.Order(1 + token, java.util.HexFormat.of().formatHex(t.tag()), t.root())),
                random.nextInt(4) == 0 ? List.of(1, 3) : List.of());
        seed.ifPresent(secret -> seeds.put(grant.tokenId(), secret));
        bounds.put(
                grant.tokenId(),
                new FoldInputs.Bounds(
                        sometime(),
                        sometime(),
                        table.map(t -> new FoldInputs.Ordered(t, sometime().orElse(NEVER)))));
        return grant;
    }

    private Optional<Instant> sometime() {
        return random.nextInt(4) == 0 ? Optional.of(START.plusMillis(random.nextLong(SPAN))) : Optional.empty();
    }

    /** What the meter knows of a work; made up from its content id, some of them empty, some with free bytes. */
    static MeteredWork work(Hash content) {
        long bytes = content.word0() & 0x3fff;
        boolean free = (content.word1() & 1) == 0 && bytes > 8;
        return new MeteredWork(
                content,
                (content.word1() & 0xf0) == 0 ? 0 : bytes,
                free && (content.word1() & 0xf0) != 0
                        ? new FreeRanges(List.of(new FreeRanges.Range(0, bytes / 2)))
                        : FreeRanges.NONE);
    }

    static Hash hash(String text) {
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(Grant grant) {
        grants.put(grant.tokenId(), grant);
        all.add(grant);
    }

    private List<Leaf> epoch(int edge, int epoch, int count) {
        List<Leaf> leaves = new ArrayList<>();
        long sequence = 1;
        for (int i = 0; i < count; i++) {
            sequence += random.nextInt(50) == 0 ? 1 + random.nextInt(100) : 0; // lost in a crash
            leaves.add(leaf(edge, epoch, sequence));
            sequence++;
        }
        return leaves;
    }

    private Leaf leaf(int edge, int epoch, long sequence) {
        int dice = random.nextInt(100);
        LeafKind kind = dice < 55
                ? LeafKind.FULL
                : dice < 70
                        ? LeafKind.PARTIAL
                        : dice < 76
                                ? LeafKind.NOT_MODIFIED
                                : dice < 82 ? LeafKind.HEAD : dice < 92 ? LeafKind.CUT : LeafKind.VOID;
        long voids = 0;
        if (kind.refers()) {
            if (sequence == 1) {
                kind = LeafKind.FULL;
            } else {
                long back = random.nextInt(3) == 0 ? sequence - 1 : Math.min(sequence - 1, 8);
                voids = sequence - 1 - random.nextLong(back);
            }
        }
        Grant grant = all.get(random.nextInt(all.size()));
        boolean odd = random.nextInt(25) == 0;
        List<Hash> works = java.util.Objects.requireNonNull(datasets.get(grant.dataset()));
        Hash work = works.get(random.nextInt(random.nextBoolean() ? works.size() : Math.max(1, works.size() / 8)));
        long time = START.toEpochMilli() + random.nextLong(SPAN - TimeUnit.HOURS.toMillis(1));
        long length = work(work).bytes();
        kind = kind == LeafKind.PARTIAL && length == 0 ? LeafKind.FULL : kind;
        long from = kind == LeafKind.PARTIAL ? random.nextLong(length) : 0;
        long bytes = switch (kind) {
            case FULL -> length;
            case PARTIAL -> 1 + random.nextLong(length - from);
            case CUT -> 1 + random.nextLong(0x4000);
            case NOT_MODIFIED, HEAD, VOID -> 0;
        };
        boolean wrong = odd && random.nextInt(3) == 0 && (kind == LeafKind.FULL || kind == LeafKind.PARTIAL);
        Optional<ReleaseKey> key = Optional.ofNullable(seeds.get(grant.tokenId()))
                .filter(seed -> Math.floorMod(sequence, 17) != 0)
                .map(seed -> seed.key(works.indexOf(work) + (Math.floorMod(sequence, 13) == 0 ? 1 : 0)));
        boolean released = key.isPresent() && kind.meters();
        return new Leaf(
                LeafForm.CURRENT,
                kind,
                odd && random.nextInt(3) == 0 ? Scope.ofCode(1 + random.nextInt(4)) : grant.scope(),
                random.nextBoolean(),
                released,
                edge,
                epoch,
                sequence,
                odd && random.nextInt(3) == 0 ? time + SPAN : time,
                odd && random.nextInt(3) == 0
                        ? new TokenId(org.tallystick.protocol.codec.Seeds.bytes(random, 24))
                        : grant.tokenId(),
                new ContentId(odd && random.nextInt(3) == 0 ? hash("nobody's work") : work),
                from,
                wrong ? bytes + 1 + random.nextLong(1L << 40) : bytes,
                voids,
                released ? key.get().bytes() : org.tallystick.protocol.codec.Seeds.bytes(random, Leaf.SALT_LENGTH));
    }

    List<Leaf> leaves() {
        return epochs.stream().flatMap(List::stream).toList();
    }

    /** The leaves of each epoch cut into batches at random; a gap in the numbers ends a batch. */
    List<List<Batch>> batches() {
        List<List<Batch>> found = new ArrayList<>();
        for (List<Leaf> leaves : epochs) {
            List<Batch> batches = new ArrayList<>();
            Hash previous = BatchHeader.NONE;
            for (int from = 0; from < leaves.size(); ) {
                int most = 1 + random.nextInt(12);
                int to = from + 1;
                while (to < leaves.size()
                        && to - from < most
                        && leaves.get(to).sequence() == leaves.get(to - 1).sequence() + 1) {
                    to++;
                }
                Batch batch = seal(leaves.subList(from, to), previous);
                previous = batch.header().hash();
                batches.add(batch);
                from = to;
            }
            found.add(batches);
        }
        return found;
    }

    static Batch seal(List<Leaf> leaves, Hash previous) {
        byte[] bytes = new byte[leaves.size() * Leaf.LENGTH];
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).encode(bytes, i * Leaf.LENGTH);
        }
        return Batch.seal(bytes, previous, EDGE);
    }

    /** One log of all batches, as they might arrive when edges ship at their own pace. */
    public List<Batch> interleaved() {
        List<List<Batch>> queues = new ArrayList<>();
        batches().forEach(queue -> queues.add(new ArrayList<>(queue)));
        List<Batch> log = new ArrayList<>();
        while (!queues.isEmpty()) {
            List<Batch> queue = queues.get(random.nextInt(queues.size()));
            log.add(queue.removeFirst());
            if (queue.isEmpty()) {
                queues.remove(queue);
            }
        }
        return log;
    }

    /** One log of all batches cut twice in different ways, in no order at all, some of them several times. */
    public List<Batch> scattered() {
        List<Batch> log = new ArrayList<>();
        batches().forEach(log::addAll);
        batches().forEach(log::addAll);
        for (int i = 0; i < 10; i++) {
            log.add(log.get(random.nextInt(log.size())));
        }
        for (int i = log.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Batch batch = log.get(i);
            log.set(i, log.get(other));
            log.set(other, batch);
        }
        return log;
    }

    public MemoryLog logOf(List<Batch> batches) {
        MemoryLog log = new MemoryLog();
        log.datasets.putAll(datasets);
        grants.values()
                .forEach(grant -> log.grant(grant, -1, java.util.Objects.requireNonNull(bounds.get(grant.tokenId()))));
        log.batches.addAll(batches);
        return log;
    }

    public Plain plain() {
        Map<Hash, List<MeteredWork>> works = new HashMap<>();
        datasets.forEach((root, contents) ->
                works.put(root, contents.stream().map(RandomDeliveries::work).toList()));
        return new Plain(leaves(), grants, works, bounds);
    }
}
