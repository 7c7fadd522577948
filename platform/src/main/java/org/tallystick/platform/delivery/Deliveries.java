package org.tallystick.platform.delivery;

import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.protocol.sign.Verifier;

/**
 * The room's façade: {@link Jobs}, {@link Orders} and tokens for buyers, {@link Edges} for operators, {@link Intake} for edges, {@link
 * UsageEvents} for training loops. Safe from any thread.
 */
public final class Deliveries {
    private final Jobs jobs;
    private final Orders orders;
    private final Edges edges;
    private final Intake intake;
    private final UsageEvents usageEvents;

    /**
     * @param reservations asked before works may be used
     * @param verifier checks signatures of edges and buyers
     * @param clock judges what is too far in the future; what is recorded carries the sequencer's time
     */
    public Deliveries(
            Database database,
            Sequencer sequencer,
            BlobStore blobs,
            Parties parties,
            Contracts contracts,
            Reservations reservations,
            Verifier verifier,
            InstantSource clock,
            Authority authority) {
        this.jobs = new Jobs(database, sequencer, parties, contracts, verifier, reservations, authority);
        this.orders = new Orders(database, sequencer, blobs, parties, jobs, reservations, verifier);
        this.edges = new Edges(database, sequencer, parties, contracts, verifier, clock, authority);
        this.intake = new Intake(database, sequencer, blobs, verifier, clock);
        this.usageEvents = new UsageEvents(database, sequencer, parties, contracts, verifier, clock);
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new DeliveryProjection();
    }

    public Jobs jobs() {
        return jobs;
    }

    /** The log position of the latest entry that ended a token, a job, or what an edge may sign; -1 for none. */
    public long lastEnding(Handle tx) {
        return JobStore.lastEnding(tx);
    }

    public Orders orders() {
        return orders;
    }

    public Edges edges() {
        return edges;
    }

    public Intake intake() {
        return intake;
    }

    public UsageEvents usageEvents() {
        return usageEvents;
    }
}
