package org.tallystick.platform.metering;

import java.util.Objects;
import java.util.Optional;

/**
 * The receipt of a work's use.
 *
 * @param ordinal of the work in its dataset version
 * @param taken the receipt that takes the delivery back, where such deliveries were asked for
 */
public record Evidence(int ordinal, Place delivery, Optional<Place> taken) {
    public Evidence {
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(taken);
    }

    /**
     * Where a leaf stands.
     *
     * @param position log position of its batch
     * @param index in the batch
     */
    public record Place(long position, int index) {}
}
