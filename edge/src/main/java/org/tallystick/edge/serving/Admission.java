package org.tallystick.edge.serving;

import java.time.InstantSource;
import java.util.Optional;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.sealing.Epoch;
import org.tallystick.edge.sealing.Epochs;
import org.tallystick.edge.sealing.PendingLeaf;
import org.tallystick.edge.sealing.Sealer;
import org.tallystick.edge.spool.Backlog;
import org.tallystick.edge.spool.Spool;
import org.tallystick.edge.status.Standing;

/**
 * Lets a delivery into the open batch only where it can be kept: within the certificate, the spool's bound, the
 * sealer's queue, and the token's quota and limit in bytes. What cannot be kept is refused, never delivered without a receipt. Safe from
 * any thread.
 */
public final class Admission {
    private final long spoolBytes;
    private final Account.Limits limits;
    private final InstantSource clock;
    private final Standing standing;
    private final Epochs epochs;
    private final Backlog backlog;
    private final Sealer sealer;

    /**
     * What admission is told.
     *
     * @param spoolBytes most bytes of batches not yet acknowledged
     * @param limits how many bytes may be sent under one token
     */
    public record Settings(long spoolBytes, Account.Limits limits) {}

    public Admission(
            Settings settings, InstantSource clock, Standing standing, Epochs epochs, Backlog backlog, Sealer sealer) {
        this.spoolBytes = settings.spoolBytes();
        this.limits = settings.limits();
        this.clock = clock;
        this.standing = standing;
        this.epochs = epochs;
        this.backlog = backlog;
        this.sealer = sealer;
    }

    /** The time now, in milliseconds since 1970. */
    long now() {
        return clock.millis();
    }

    /** Why no delivery at all is possible now; empty where deliveries are possible. */
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

    /** Hands a delivery to the sealer; where it cannot, the reason. */
    Optional<Refusal> admit(PendingLeaf.Delivery delivery, Account account) {
        if (isFull()) {
            return Optional.of(Refusal.of(RefusalReason.SPOOL_FULL));
        }
        Optional<Refusal> over = account.open(limits);
        if (over.isPresent()) {
            return over;
        }
        if (!sealer.submit(delivery)) {
            account.cancel();
            return Optional.of(Refusal.of(RefusalReason.EDGE_OVERLOADED));
        }
        return Optional.empty();
    }
}
