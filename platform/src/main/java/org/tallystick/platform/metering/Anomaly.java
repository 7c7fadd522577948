package org.tallystick.platform.metering;

import java.util.Objects;
import org.tallystick.platform.metering.fold.UncountedReason;

/**
 * Deliveries of one batch that count for nothing.
 *
 * @param position log position of the batch
 * @param leaves how many, at least 1
 */
public record Anomaly(long position, UncountedReason reason, int leaves) {
    public Anomaly {
        Objects.requireNonNull(reason);
        if (position < 0 || leaves < 1) {
            throw new IllegalArgumentException("no anomaly: " + leaves + " leaves at " + position);
        }
    }
}
