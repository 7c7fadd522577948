package org.tallystick.platform.delivery;

import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;

/**
 * Where a batch of receipts lies.
 *
 * @param position its log position
 * @param bundle SHA-256 of the bundle it came in
 * @param offset in the bundle, in bytes
 */
public record BatchPlace(long position, Hash bundle, int offset, Batch batch) {
    public BatchPlace {
        Objects.requireNonNull(bundle);
        Objects.requireNonNull(batch);
    }
}
