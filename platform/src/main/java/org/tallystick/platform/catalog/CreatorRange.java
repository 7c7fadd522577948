package org.tallystick.platform.catalog;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;

/**
 * The run of ordinals one creator's works have in a version.
 *
 * @param from first ordinal
 * @param to the one after the last
 */
public record CreatorRange(PartyId creator, int from, int to) {
    public CreatorRange {
        Objects.requireNonNull(creator);
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("no run of ordinals: " + from + " to " + to);
        }
    }

    /** How many works. */
    public int size() {
        return to - from;
    }
}
