package org.tallystick.platform.metering;

import java.util.Objects;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.receipt.Receipt;

/**
 * The receipt behind a use: of all deliveries of the work to the job that stand, the earliest.
 *
 * @param position log position of its batch
 * @param ordinal of the work in the dataset version
 */
public record Trace(UsageKey key, int ordinal, long position, Receipt receipt) {
    public Trace {
        Objects.requireNonNull(key);
        Objects.requireNonNull(receipt);
    }
}
