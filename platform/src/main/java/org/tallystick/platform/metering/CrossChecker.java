package org.tallystick.platform.metering;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.delivery.UsageRecord;
import org.tallystick.protocol.receipt.ContentId;

/** Holds receipts, training manifest and usage events of one job against one another, in one transaction. */
final class CrossChecker {
    private final Handle tx;
    private final Deliveries delivery;
    private final Catalog catalog;

    CrossChecker(Handle tx, Deliveries delivery, Catalog catalog) {
        this.tx = tx;
        this.delivery = delivery;
        this.catalog = catalog;
    }

    CrossCheck check(Job job) {
        Set<ContentId> delivered = delivered(job);
        Optional<List<ContentId>> manifest = delivery.jobs().trainingManifest(job);
        List<ContentId> trained = manifest.orElse(List.of());
        Set<ContentId> trainedOn = new HashSet<>(trained);
        UsageRecord.Totals events = delivery.usageEvents().totals(tx, job.contract(), job.id());
        List<UsageRecord.Missing> gaps = delivery.usageEvents().missing(tx, job.contract(), job.id());
        return new CrossCheck(
                job.id(),
                MeteringStore.position(tx),
                manifest.isPresent(),
                delivered.size(),
                trained.size(),
                trained.stream()
                        .filter(work -> !delivered.contains(work))
                        .sorted()
                        .toList(),
                manifest.isEmpty()
                        ? List.of()
                        : delivered.stream()
                                .filter(work -> !trainedOn.contains(work))
                                .sorted()
                                .toList(),
                events.batches(),
                events.samples(),
                gaps);
    }

    private Set<ContentId> delivered(Job job) {
        RoaringBitmap ordinals = new RoaringBitmap();
        for (FirstUses uses : FirstUses.of(MeteringStore.sets(tx, job.contract()))) {
            if (uses.key().job().equals(job.id())) {
                ordinals.or(uses.all());
            }
        }
        Set<ContentId> delivered = new HashSet<>();
        Iterator<Member> members = MemberReader.of(tx, catalog, job.dataset(), ordinals, 0, Integer.MAX_VALUE);
        while (members.hasNext()) {
            delivered.add(members.next().content());
        }
        return delivered;
    }
}
