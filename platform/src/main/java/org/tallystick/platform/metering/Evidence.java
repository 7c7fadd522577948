package org.tallystick.platform.metering;

import java.util.Objects;
import java.util.Optional;

/**
 * The receipt of a work's use.
 *
 * @param ordinal of the work in its dataset version
 * @param withdrawnBy the void or cut that withdrew the delivery, where such deliveries were asked for
 */
public record Evidence(int ordinal, Place delivery, Optional<Place> withdrawnBy) {
    public Evidence {
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(withdrawnBy);
    }

    /**
     * Where a leaf stands.
     *
     * @param position log position of its batch
     * @param index in the batch
     */
    public record Place(long position, int index) {}
}
