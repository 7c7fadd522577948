package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.receipt.SignedHeader;

/**
 * How many batches signed with a revoked key were refused since: whoever signs them is no longer the edge. One row for each
 * edge, epoch and reason, so that sending many cannot fill the database.
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
