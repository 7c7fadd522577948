package org.tallystick.platform.delivery;

import org.jdbi.v3.core.Handle;

/** Empties all tables of the room, for a rebuild. Stateless. */
final class ResetStore {
    private ResetStore() {}

    static void empty(Handle tx) {
        tx.execute("truncate delivery.usage_event, delivery.equivocation, delivery.gap,"
                + " delivery.shipment, delivery.stream, delivery.edge_revocation, delivery.certificate,"
                + " delivery.edge, delivery.token_revocation, delivery.token, delivery.job_order,"
                + " delivery.job_closing, delivery.job");
    }
}
