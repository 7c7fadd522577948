package org.tallystick.platform.delivery;

import java.time.Duration;
import java.time.InstantSource;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The room: {@link Jobs} and tokens for buyers, {@link Edges} for operators, {@link Intake} for edges, {@link
 * UsageEvents} for training loops. Safe from any thread.
 */
public final class Deliveries {
    /** How far ahead of our clock anyone else's may be. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final Jobs jobs;
    private final Edges edges;
    private final Intake intake;
    private final UsageEvents usageEvents;

    /**
     * The rooms and tools this one stands on.
     *
     * @param verifier checks signatures of edges and buyers
     * @param clock judges what is too far in the future; what is recorded carries the sequencer's time
     */
    public record Dependencies(
            Database database,
            Sequencer sequencer,
            BlobStore blobs,
            Parties parties,
            Contracts contracts,
            Verifier verifier,
            InstantSource clock) {}

    /**
     * The platform as it signs.
     *
     * @param issuer name in tokens: the log's origin
     * @param signer signs tokens and certificates
     * @param certificateValidity how long an edge may use one key
     */
    public record Authority(String issuer, Signer signer, Duration certificateValidity) {
        /** Validity of certificates where nothing else is set. */
        public static final Duration USUAL_VALIDITY = Duration.ofDays(30);

        public Authority {
            if (certificateValidity.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException("a certificate is valid for a minute at least");
            }
        }
    }

    public Deliveries(Dependencies ground, Authority authority) {
        this.jobs = new Jobs(ground, authority);
        this.edges = new Edges(ground, authority);
        this.intake = new Intake(ground);
        this.usageEvents = new UsageEvents(ground);
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new DeliveryProjection();
    }

    public Jobs jobs() {
        return jobs;
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
