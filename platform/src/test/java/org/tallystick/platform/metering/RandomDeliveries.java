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
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
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

    final Map<Hash, List<Hash>> datasets = new HashMap<>();
    final Map<TokenId, Grant> grants = new HashMap<>();
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
                add(new Grant(
                        "log.example/tally",
                        "buyer-" + j % 2,
                        "contract-" + j % 3,
                        "job-" + j,
                        t == 0 ? Scope.TRAINING : Scope.ofCode(1 + random.nextInt(4)),
                        hash("dataset " + j % 2),
                        START,
                        START.plusMillis(SPAN - TimeUnit.HOURS.toMillis(t)),
                        Optional.of(1000L + t)));
            }
        }
        int edges = 1 + random.nextInt(3);
        for (int e = 0; e < edges; e++) {
            epochs.add(epoch(1 + e, 1 + random.nextInt(3), 1 + leaves / edges));
        }
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
                        : dice < 78 ? LeafKind.NOT_MODIFIED : dice < 85 ? LeafKind.HEAD : LeafKind.VOID;
        long voids = 0;
        if (kind == LeafKind.VOID) {
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
        return new Leaf(
                kind,
                odd && random.nextInt(3) == 0 ? Scope.ofCode(1 + random.nextInt(4)) : grant.scope(),
                random.nextBoolean(),
                edge,
                epoch,
                sequence,
                odd && random.nextInt(3) == 0 ? time + SPAN : time,
                odd && random.nextInt(3) == 0
                        ? new TokenId(org.tallystick.protocol.codec.Seeds.bytes(random, 24))
                        : grant.tokenId(),
                new ContentId(odd && random.nextInt(3) == 0 ? hash("nobody's work") : work),
                kind == LeafKind.FULL || kind == LeafKind.PARTIAL ? 1 + random.nextInt(100_000) : 0,
                voids,
                org.tallystick.protocol.codec.Seeds.bytes(random, Leaf.SALT_LENGTH));
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
        grants.values().forEach(grant -> log.grant(grant, -1));
        log.batches.addAll(batches);
        return log;
    }

    public Plain plain() {
        return new Plain(leaves(), grants, datasets);
    }
}
