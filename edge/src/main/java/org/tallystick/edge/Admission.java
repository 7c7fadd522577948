package org.tallystick.edge;

import java.time.InstantSource;
import java.util.Optional;
import org.tallystick.protocol.receipt.LeafKind;

/**
 * Lets a delivery into the open batch only where it can be kept: within the certificate, the spool's bound, the
 * sealer's queue and the token's quota. Better one more refusal than a promise that is lost. Safe from any thread.
 */
final class Admission {
    private final long spoolBytes;
    private final InstantSource clock;
    private final Standing standing;
    private final Epochs epochs;
    private final Backlog backlog;
    private final Sealer sealer;

    Admission(long spoolBytes, InstantSource clock, Standing standing, Epochs epochs, Backlog backlog, Sealer sealer) {
        this.spoolBytes = spoolBytes;
        this.clock = clock;
        this.standing = standing;
        this.epochs = epochs;
        this.backlog = backlog;
        this.sealer = sealer;
    }

    /** Milliseconds since 1970. */
    long now() {
        return clock.millis();
    }

    /** Why nothing at all can be delivered now, if so. */
    Optional<Refusal> ready() {
        if (standing.isStopping()) {
            return Optional.of(Refusal.of(RefusalReason.EDGE_STOPPING));
        }
        if (standing.isRevoked()) {
            return Optional.of(Refusal.of(RefusalReason.EDGE_REVOKED));
        }
        Optional<Epoch> epoch = epochs.current();
        if (epoch.isEmpty()) {
            return Optional.of(Refusal.of(RefusalReason.EDGE_STARTING));
        }
        return epoch.get().covers(now()) ? Optional.empty() : Optional.of(Refusal.of(RefusalReason.EDGE_CERTIFICATE));
    }

    /** Whether the spool has no room for another delivery. */
    boolean isFull() {
        return backlog.bytes() + (sealer.pending() + 1) * Spool.MOST_PER_LEAF > spoolBytes;
    }

    /** Hands a delivery to the sealer, or says why not. */
    Optional<Refusal> admit(PendingLeaf.Delivery delivery) {
        if (isFull()) {
            return Optional.of(Refusal.of(RefusalReason.SPOOL_FULL));
        }
        Optional<Quotas.Quota> quota = delivery.kind() == LeafKind.HEAD ? Optional.empty() : delivery.quota();
        if (quota.isPresent() && !quota.get().take()) {
            return Optional.of(Refusal.of(RefusalReason.TOKEN_QUOTA));
        }
        if (!sealer.submit(delivery)) {
            quota.ifPresent(Quotas.Quota::giveBack);
            return Optional.of(Refusal.of(RefusalReason.EDGE_OVERLOADED));
        }
        return Optional.empty();
    }
}
