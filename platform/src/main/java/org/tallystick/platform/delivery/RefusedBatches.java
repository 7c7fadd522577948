package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.receipt.SignedHeader;

/**
 * What was signed with a revoked key and refused since: whoever signs it is no longer the edge. Aggregated, so that nobody
 * can fill anything with it.
 *
 * @param reason the problem it was refused with
 * @param first the least sequence number refused
 * @param last the greatest
 * @param shipments how often something was refused, repeats included
 * @param firstAt when that was first
 * @param lastAt when last
 * @param header the last one refused; its signature holds under the certificate of the epoch
 */
public record RefusedBatches(
        int edge,
        int epoch,
        String reason,
        long first,
        long last,
        long shipments,
        Instant firstAt,
        Instant lastAt,
        SignedHeader header) {
    public RefusedBatches {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(header);
        if (first < 1 || last < first || shipments < 1 || lastAt.isBefore(firstAt)) {
            throw new IllegalArgumentException("refused " + shipments + " times: " + first + " to " + last);
        }
    }

    /** In a line, for people. */
    public String words() {
        return "edge " + edge + " epoch " + epoch + ": " + shipments + " shipments with the numbers " + first + " to "
                + last + " refused as " + reason + ", first " + firstAt + ", last " + lastAt;
    }
}
