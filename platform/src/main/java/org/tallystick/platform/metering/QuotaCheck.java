package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.delivery.Jobs;
import org.tallystick.platform.metering.fold.Classifier;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.LeafReader;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Which edges delivered more distinct works under a token than its quota allows. The meter counts such works: which of them
 * came first would depend on how the receipts arrived. So it is held against the edge, by reading all receipts again; where
 * no token has a quota, nothing is read. Used once.
 */
final class QuotaCheck {
    private final StoredFoldInputs world;
    private final Classifier classifier;
    private final Map<String, Delivered> delivered = new TreeMap<>();

    QuotaCheck(StoredFoldInputs bare) {
        this.world = bare;
        this.classifier = new Classifier(bare);
    }

    /** What one edge delivered under one token. */
    private record Delivered(int edge, Grant grant, RoaringBitmap works) {}

    List<String> notes(Handle tx, Jobs jobs) {
        if (!jobs.anyQuota(tx)) {
            return List.of();
        }
        long to = MeteringStore.position(tx);
        for (long position = 0; position < to; position++) {
            Optional<LogEntry.BatchEntry> entry = world.reader().entry(position);
            if (entry.isPresent()) {
                add(tx, jobs, position, world.reader().inBundle(entry.get()));
            }
        }
        List<String> notes = new ArrayList<>();
        for (Delivered found : delivered.values()) {
            long works = found.works().getLongCardinality();
            long quota = found.grant().quota().orElse(Long.MAX_VALUE);
            if (works > quota) {
                notes.add("edge " + found.edge() + " delivered " + works + " distinct works under token "
                        + found.grant().tokenId() + ", whose quota is " + quota);
            }
        }
        return notes;
    }

    private void add(Handle tx, Jobs jobs, long position, Batch batch) {
        for (LeafReader leaf = batch.reader(); leaf.hasNext(); ) {
            leaf.next();
            if (leaf.meters() && classifier.classify(position, leaf) != Classifier.NOWHERE) {
                TokenId token = leaf.leaf().token();
                delivered
                        .computeIfAbsent(
                                leaf.edge() + "/" + token,
                                key -> new Delivered(
                                        leaf.edge(),
                                        jobs.grant(tx, token).orElseThrow().grant(),
                                        new RoaringBitmap()))
                        .works()
                        .add(classifier.ordinal());
            }
        }
    }
}
