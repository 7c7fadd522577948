package org.tallystick.platform.metering;

import java.util.List;
import java.util.Objects;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Hash;

/**
 * What a usage set holds, by the period in which each work was first used.
 *
 * @param dataset root of the dataset version whose ordinals these are
 * @param byPeriod one bitmap per period asked for, in their order, no ordinal in two of them; not to be changed
 */
public record UsedWorks(UsageKey key, Hash dataset, List<RoaringBitmap> byPeriod) {
    public UsedWorks {
        Objects.requireNonNull(key);
        Objects.requireNonNull(dataset);
        byPeriod = List.copyOf(byPeriod);
    }
}
