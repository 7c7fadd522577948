package org.tallystick.platform.metering;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.Counters;
import org.tallystick.protocol.codec.Hash;

/** Adds up the uses of each creator's works over many sets, in one transaction. Used once. */
final class CreatorTotals {
    private final Handle tx;
    private final CreatorRanges creators;
    private final Map<Hash, Counters> versions = new HashMap<>();

    CreatorTotals(Handle tx, CreatorRanges creators) {
        this.tx = tx;
        this.creators = creators;
    }

    /** The uses under these contracts by creator; creators without any are left out. */
    Map<PartyId, Long> of(List<ContractId> contracts) {
        for (ContractId contract : contracts) {
            add(MeteringStore.sets(tx, contract));
        }
        Map<PartyId, Long> totals = new TreeMap<>();
        versions.forEach((dataset, works) -> {
            for (CreatorRange range : creators.of(tx, dataset)) {
                long uses = works.sum(range.from(), range.to());
                if (uses > 0) {
                    totals.merge(range.creator(), uses, Long::sum);
                }
            }
        });
        return totals;
    }

    /** @param rows the buckets of any number of sets, set by set */
    private void add(List<MeteringStore.Row> rows) {
        for (int from = 0; from < rows.size(); ) {
            MeteringStore.Row first = rows.get(from);
            long[] members = new long[(first.works() + 63) >>> 6];
            for (; from < rows.size() && rows.get(from).key().equals(first.key()); from++) {
                rows.get(from).planes().orInto(members);
            }
            versions.computeIfAbsent(first.dataset(), dataset -> new Counters(first.works()))
                    .addAll(members);
        }
    }
}
