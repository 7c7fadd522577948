package org.tallystick.platform.metering.fold;

import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.FreeRanges;

/**
 * What the meter knows of a work of a dataset version.
 *
 * @param bytes its length: nobody can have been given more of it
 * @param free bytes whose delivery is no use
 */
public record MeteredWork(Hash content, long bytes, FreeRanges free) {
    public MeteredWork {
        Objects.requireNonNull(content);
        Objects.requireNonNull(free);
        if (bytes < 0) {
            throw new IllegalArgumentException("a work of " + bytes + " bytes");
        }
    }
}
