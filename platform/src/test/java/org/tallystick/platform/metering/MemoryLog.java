package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.metering.fold.Bitmaps64;
import org.tallystick.platform.metering.fold.Bucket;
import org.tallystick.platform.metering.fold.CountPlanes;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.Folder;
import org.tallystick.platform.metering.fold.Ordinals;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/**
 * A log of batches in memory with what the folder asks of its inputs. Sets and epochs pass through their saved form
 * whenever a new folder begins, so that what is tested is also what would be read back.
 */
public final class MemoryLog implements FoldInputs {
    public final List<Batch> batches = new ArrayList<>();
    final Map<TokenId, Granted> grants = new HashMap<>();
    final Map<Hash, List<Hash>> datasets = new HashMap<>();
    public final NavigableSet<Long> boundaries = new TreeSet<>();
    private final Map<UsageKey, TreeMap<Long, byte[][]>> sets = new TreeMap<>();
    private final Map<UsageKey, Hash> roots = new HashMap<>();
    private final Map<Long, Object[]> epochs = new HashMap<>();
    public final Map<Long, Map<UncountedReason, Integer>> anomalies = new TreeMap<>();
    public int folded;

    void grant(Grant grant, long position, Bounds bounds) {
        grants.put(grant.tokenId(), new Granted(grant, position, bounds));
    }

    /** Folds what is not folded yet with a folder that knows nothing, and saves. */
    public void foldAfresh() {
        Folder folder = new Folder(this);
        foldTo(batches.size(), folder);
    }

    public void foldTo(int size, Folder folder) {
        for (; folded < size; folded++) {
            folder.fold(folded, batches.get(folded));
        }
        save(folder);
    }

    public void cut(long moment, Folder folder) {
        if (boundaries.add(moment)) {
            folder.cut(moment);
            save(folder);
        }
    }

    private void save(Folder folder) {
        anomalies.putAll(folder.anomalies());
        for (FoldedSet set : folder.sets()) {
            roots.put(set.key(), set.dataset());
            var rows = sets.computeIfAbsent(set.key(), k -> new TreeMap<>());
            for (Bucket bucket : set.buckets()) {
                if (bucket.isChanged()) {
                    rows.put(bucket.start(), new byte[][] {
                        longs(bucket.end()), bucket.planes().encode(), Bitmaps64.encode(bucket.positions())
                    });
                }
            }
        }
        for (FoldedEpoch epoch : folder.epochs()) {
            epochs.put(
                    (long) epoch.edge() << 32 | epoch.epoch(),
                    new Object[] {epoch.edge(), epoch.epoch(), EpochRow.of(epoch)});
        }
        folder.saved();
    }

    private static byte[] longs(long value) {
        return java.nio.ByteBuffer.allocate(8).putLong(value).array();
    }

    /** The sets as they are saved. */
    public Map<UsageKey, Map<Long, CountPlanes>> saved() {
        Map<UsageKey, Map<Long, CountPlanes>> found = new TreeMap<>();
        sets.forEach((key, rows) -> rows.forEach((start, row) ->
                found.computeIfAbsent(key, k -> new TreeMap<>()).put(start, CountPlanes.decode(row[1]))));
        return found;
    }

    /** The works of each set that has any, over all its buckets. */
    public Map<UsageKey, java.util.Set<Integer>> members() {
        Map<UsageKey, java.util.Set<Integer>> found = new TreeMap<>();
        saved().forEach((key, rows) -> {
            java.util.Set<Integer> members = new TreeSet<>();
            rows.values().forEach(planes -> planes.members().forEach((int ordinal) -> members.add(ordinal)));
            if (!members.isEmpty()) {
                found.put(key, members);
            }
        });
        return found;
    }

    /** The saved bucket that begins then ends then. */
    public Map<UsageKey, Map<Long, Long>> ends() {
        Map<UsageKey, Map<Long, Long>> found = new TreeMap<>();
        sets.forEach((key, rows) -> rows.forEach((start, row) -> found.computeIfAbsent(key, k -> new TreeMap<>())
                .put(start, java.nio.ByteBuffer.wrap(row[0]).getLong())));
        return found;
    }

    @Override
    public Optional<Granted> grant(TokenId token) {
        return Optional.ofNullable(grants.get(token));
    }

    @Override
    public Ordinals ordinals(Hash dataset) {
        return Ordinals.of(datasets.getOrDefault(dataset, List.of()).stream()
                .map(RandomDeliveries::work)
                .toList());
    }

    @Override
    public long revokedFrom(int edge, int epoch) {
        return Long.MAX_VALUE;
    }

    @Override
    public FoldedSet set(UsageKey key, Hash dataset, int works) {
        List<Bucket> saved = new ArrayList<>();
        sets.getOrDefault(key, new TreeMap<>())
                .forEach((start, row) -> saved.add(Bucket.of(
                        start,
                        java.nio.ByteBuffer.wrap(row[0]).getLong(),
                        CountPlanes.decode(row[1]),
                        Bitmaps64.decode(row[2]))));
        return new FoldedSet(key, dataset, works, saved, boundaries);
    }

    @Override
    public List<Spanning> spanning(long moment) {
        List<Spanning> found = new ArrayList<>();
        ends().forEach((key, rows) -> rows.forEach((start, end) -> {
            if (start < moment && moment < end) {
                Hash root = Objects.requireNonNull(roots.get(key));
                found.add(new Spanning(
                        key, root, Objects.requireNonNull(datasets.get(root)).size()));
            }
        }));
        return found;
    }

    @Override
    public FoldedEpoch epoch(int edge, int epoch) {
        Object[] saved = epochs.get((long) edge << 32 | epoch);
        return saved == null ? new FoldedEpoch(edge, epoch) : ((EpochRow) saved[2]).epoch(edge, epoch);
    }

    @Override
    public BatchHeader header(long position) {
        return batches.get((int) position).header();
    }

    @Override
    public Batch batch(long position) {
        return batches.get((int) position);
    }

    static Roaring64NavigableMap positions(long... positions) {
        Roaring64NavigableMap map = new Roaring64NavigableMap();
        Arrays.stream(positions).forEach(map::addLong);
        return map;
    }
}
