package org.tallystick.edge.serving;

import java.time.InstantSource;
import org.tallystick.edge.sealing.PendingLeaf;
import org.tallystick.edge.sealing.SealedBatch;
import org.tallystick.edge.sealing.Sealer;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.status.Metrics;

/**
 * Takes back deliveries whose leaf is sealed and whose bytes did not all reach the socket: gives the quota back and
 * asks for a void leaf. Safe from any thread.
 */
final class Voids {
    private final Sealer sealer;
    private final InstantSource clock;
    private final Metrics metrics;

    Voids(Sealer sealer, InstantSource clock, Metrics metrics) {
        this.sealer = sealer;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Takes back the delivery whose leaf stands at an index of a batch, counted from 0. */
    void takeBack(PendingLeaf.Delivery delivery, SealedBatch batch, int index) {
        delivery.quota().ifPresent(Quotas.Quota::giveBack);
        if (!sealer.submit(new PendingLeaf.VoidLeaf(delivery, batch, index, clock.millis()))) {
            metrics.lostVoids.increment();
        }
    }
}
