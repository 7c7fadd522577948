package org.tallystick.platform.delivery;

import java.util.Objects;
import org.tallystick.protocol.receipt.SignedHeader;

/**
 * Two headers an edge signed that cannot both be true: proof for anyone who has its certificate.
 *
 * @param position log position of the entry that keeps both
 * @param recorded what was taken in first and stands
 * @param presented what was refused
 */
public record Equivocation(long position, SignedHeader recorded, SignedHeader presented) {
    public Equivocation {
        Objects.requireNonNull(recorded);
        Objects.requireNonNull(presented);
    }
}
