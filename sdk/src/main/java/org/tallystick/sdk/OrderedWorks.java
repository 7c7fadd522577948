package org.tallystick.sdk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;

/**
 * The works of one job order and the keys that open them. Holds the order's seed, which lets its holder ask for these works
 * and nothing else: workers need no more. Immutable, thread-safe.
 */
public final class OrderedWorks {
    private final JobOrder order;
    private final ReleaseSeed seed;
    private final ReleaseTable table;
    private final Map<ContentId, Integer> ordinals = new HashMap<>();

    OrderedWorks(JobOrder order, ReleaseSeed seed, ReleaseTable table, DatasetMembers members) {
        this.order = Objects.requireNonNull(order);
        this.seed = seed;
        this.table = table;
        List<DatasetMembers.Member> works = members.members();
        for (int ordinal = 0; ordinal < works.size(); ordinal++) {
            ordinals.put(works.get(ordinal).content(), ordinal);
        }
    }

    /** What the buyer signed. */
    public JobOrder order() {
        return order;
    }

    /** The seed to give to workers; a secret. */
    public ReleaseSeed seed() {
        return seed;
    }

    /** The key to show for a work; empty where it is not ordered. */
    public Optional<ReleaseKey> key(ContentId content) {
        return Optional.ofNullable(ordinals.get(content))
                .filter(table::isOrdered)
                .map(seed::key);
    }

    @Override
    public String toString() {
        return "OrderedWorks[" + order.contract() + " " + order.number() + "]";
    }
}
