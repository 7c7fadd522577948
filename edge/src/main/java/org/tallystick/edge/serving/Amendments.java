package org.tallystick.edge.serving;

import java.time.InstantSource;
import org.tallystick.edge.sealing.PendingLeaf;
import org.tallystick.edge.sealing.SealedBatch;
import org.tallystick.edge.sealing.Sealer;
import org.tallystick.edge.status.Metrics;

/**
 * Says of deliveries whose leaf is sealed and whose bytes did not all reach the socket how many did, by a leaf of its own:
 * those bytes are a use, whatever became of the rest. Safe from any thread.
 */
final class Amendments {
    private final Sealer sealer;
    private final InstantSource clock;
    private final Metrics metrics;

    Amendments(Sealer sealer, InstantSource clock, Metrics metrics) {
        this.sealer = sealer;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Amends the delivery whose leaf stands at an index of a batch; {@code handed} bytes went to the socket. */
    void amend(PendingLeaf.Delivery delivery, SealedBatch batch, int index, long handed) {
        long time = Math.max(delivery.time(), clock.millis());
        if (!sealer.submit(new PendingLeaf.Amendment(delivery, batch, index, handed, time))) {
            metrics.lostAmendments.increment();
        }
    }
}
