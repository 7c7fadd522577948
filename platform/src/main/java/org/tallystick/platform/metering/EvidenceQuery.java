package org.tallystick.platform.metering;

import java.time.Instant;
import java.util.Objects;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.metering.fold.UsageKey;

/**
 * Works of a set whose receipts are asked for.
 *
 * @param from first moment of the deliveries to look at
 * @param to first moment past them; {@link Instant#MAX} for all
 * @param before log position past the last batch that counts
 * @param withdrawn whether to look for deliveries that a void or a cut withdrew instead of those that stand
 * @param works ordinals, not to be changed
 */
public record EvidenceQuery(
        UsageKey key, Instant from, Instant to, long before, boolean withdrawn, RoaringBitmap works) {
    public EvidenceQuery {
        Objects.requireNonNull(key);
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(works);
    }

    boolean covers(long time) {
        return time >= from.toEpochMilli() && (to.equals(Instant.MAX) || time < to.toEpochMilli());
    }

    boolean meets(MeteringStore.Row row) {
        return row.end() > from.toEpochMilli() && (to.equals(Instant.MAX) || row.start() < to.toEpochMilli());
    }
}
