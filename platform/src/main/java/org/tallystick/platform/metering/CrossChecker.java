package org.tallystick.platform.metering;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.delivery.UsageRecord;
import org.tallystick.platform.kernel.PartyId;
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

    /** @param creator whose works alone to look at; empty for all */
    CrossCheck check(Job job, Optional<PartyId> creator) {
        Optional<CreatorRange> range = creator.flatMap(who -> catalog.range(tx, job.dataset(), who));
        Set<ContentId> own = range.map(works -> contents(job, works)).orElse(Set.of());
        Set<ContentId> delivered = delivered(job);
        Optional<List<ContentId>> manifest = delivery.jobs().trainingManifest(job);
        List<ContentId> trained = manifest.orElse(List.of()).stream()
                .filter(work -> creator.isEmpty() || own.contains(work))
                .toList();
        if (creator.isPresent()) {
            delivered.retainAll(own);
        }
        Set<ContentId> trainedOn = new HashSet<>(trained);
        List<UsageRecord> events = delivery.usageEvents().events(tx, job.contract(), job.id());
        List<UsageRecord.Missing> gaps = delivery.usageEvents().missing(tx, job.contract()).stream()
                .filter(gap -> gap.job().equals(Optional.of(job.id())))
                .toList();
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
                events.size(),
                events.stream().mapToLong(UsageRecord::samples).reduce(0, Math::addExact),
                gaps);
    }

    private Set<ContentId> contents(Job job, CreatorRange range) {
        Set<ContentId> contents = HashSet.newHashSet(range.size());
        catalog.members(tx, job.dataset(), range.from(), range.size())
                .forEach(member -> contents.add(member.content()));
        return contents;
    }

    private Set<ContentId> delivered(Job job) {
        RoaringBitmap ordinals = new RoaringBitmap();
        for (FirstUses uses : FirstUses.of(MeteringStore.sets(tx, job.contract()))) {
            if (uses.key().job().equals(job.id())) {
                ordinals.or(uses.all());
            }
        }
        Set<ContentId> delivered = new HashSet<>();
        List<Member> members = ordinals.isEmpty() ? new ArrayList<>() : catalog.members(tx, job.dataset());
        for (Member member : members) {
            if (ordinals.contains(member.ordinal())) {
                delivered.add(member.content());
            }
        }
        return delivered;
    }
}
