package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.longlong.Roaring64NavigableMap;
import org.tallystick.platform.metering.fold.Bucket;
import org.tallystick.platform.metering.fold.CountPlanes;
import org.tallystick.platform.metering.fold.FoldedEpoch;
import org.tallystick.platform.metering.fold.FoldedSet;
import org.tallystick.platform.metering.fold.Folder;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.LogEntry;

/** Recomputes all sets from the log with an empty memory and compares them with those saved. Used once. */
final class SetCheck {
    private final StoredFoldInputs world;
    private final Folder folder;

    SetCheck(StoredFoldInputs bare) {
        this.world = bare;
        this.folder = new Folder(bare);
    }

    List<String> differences(Handle tx) {
        long position = MeteringStore.position(tx);
        Map<UncountedReason, Long> anomalies = new TreeMap<>();
        for (long at = 0; at < position; at++) {
            Optional<LogEntry.BatchEntry> entry = world.reader().entry(at);
            if (entry.isPresent()) {
                folder.fold(at, world.reader().inBundle(entry.get()));
            }
        }
        folder.anomalies()
                .values()
                .forEach(found -> found.forEach((reason, leaves) -> anomalies.merge(reason, (long) leaves, Long::sum)));
        List<String> differences = new ArrayList<>(compareSets(tx));
        differences.addAll(compareEpochs(tx));
        Map<UncountedReason, Long> saved = new TreeMap<>(MeteringStore.anomalyTotals(tx));
        if (!saved.equals(anomalies)) {
            differences.add("anomalies saved are " + saved + ", recomputed " + anomalies);
        }
        return differences;
    }

    private List<String> compareSets(Handle tx) {
        Map<UsageKey, Map<Long, Bucket>> computed = new TreeMap<>();
        for (FoldedSet set : folder.sets()) {
            Map<Long, Bucket> buckets = computed.computeIfAbsent(set.key(), key -> new TreeMap<>());
            set.buckets().forEach(bucket -> buckets.put(bucket.start(), bucket));
        }
        List<String> differences = new ArrayList<>();
        for (UsageKey key : MeteringStore.keys(tx)) {
            Map<Long, Bucket> expected =
                    Optional.ofNullable(computed.remove(key)).orElse(new TreeMap<>());
            List<MeteringStore.Row> rows;
            try {
                rows = MeteringStore.set(tx, key);
            } catch (IllegalStateException e) {
                differences.add(Reasons.of(e));
                continue;
            }
            for (MeteringStore.Row row : rows) {
                Optional<Bucket> bucket = Optional.ofNullable(expected.remove(row.start()));
                compare(row, bucket).ifPresent(differences::add);
            }
            expected.forEach((start, bucket) -> {
                if (!bucket.members().isEmpty()) {
                    differences.add("usage set " + key + " at " + start + " is missing");
                }
            });
        }
        computed.forEach((key, buckets) -> buckets.forEach((start, bucket) -> {
            if (!bucket.members().isEmpty()) {
                differences.add("usage set " + key + " at " + start + " is missing");
            }
        }));
        return differences;
    }

    private List<String> compareEpochs(Handle tx) {
        List<String> differences = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (FoldedEpoch computed : folder.epochs()) {
            known.add(computed.edge() + "/" + computed.epoch());
            String name = "epoch " + computed.epoch() + " of edge " + computed.edge();
            try {
                Optional<FoldedEpoch> saved = MeteringStore.epoch(tx, computed.edge(), computed.epoch());
                if (saved.isEmpty()) {
                    differences.add(name + " is missing");
                } else if (!Arrays.equals(
                                saved.get().seen().encode(), computed.seen().encode())
                        || !saved.get().outcomes().equals(computed.outcomes())
                        || !saved.get().positions().equals(computed.positions())) {
                    differences.add(name + " is not what folding its batches again comes to");
                }
            } catch (IllegalStateException e) {
                differences.add(Reasons.of(e));
            }
        }
        MeteringStore.epochNames(tx).stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> differences.add("epoch " + name.substring(name.indexOf('/') + 1) + " of edge "
                        + name.substring(0, name.indexOf('/')) + " was folded beyond the position that is saved"));
        return differences;
    }

    private static Optional<String> compare(MeteringStore.Row row, Optional<Bucket> bucket) {
        CountPlanes saved = row.planes();
        CountPlanes computed = bucket.map(Bucket::planes).orElse(new CountPlanes(0, List.of()));
        if (saved.digits().equals(computed.digits())) {
            Roaring64NavigableMap lost = new Roaring64NavigableMap();
            bucket.ifPresent(found -> lost.or(found.positions()));
            lost.andNot(row.feeding());
            return lost.isEmpty()
                    ? Optional.empty()
                    : Optional.of("usage set " + row.key() + " at " + row.start() + " does not name the log position "
                            + lost.first() + " that fed it");
        }
        return Optional.of("usage set " + row.key() + " at " + row.start() + " holds "
                + saved.members().getCardinality() + " works, recomputed "
                + computed.members().getCardinality()
                + "; or its counts differ");
    }
}
