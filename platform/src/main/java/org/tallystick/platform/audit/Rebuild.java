package org.tallystick.platform.audit;

import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.metering.Metering;

/**
 * Makes the database again from the log and the blobs. Personal data, which the log must not hold, stays; everything
 * else is emptied and replayed, and comes out the same.
 */
public final class Rebuild {
    private final Sequencer sequencer;
    private final Metering metering;

    public Rebuild(Sequencer sequencer, Metering metering) {
        this.sequencer = sequencer;
        this.metering = metering;
    }

    /**
     * What was replayed.
     *
     * @param entries of the log applied to the rooms
     * @param folded entries folded into usage sets
     */
    public record Replayed(long entries, long folded) {}

    /** Rebuilds. Commands wait until it is done; safe to repeat. */
    public Replayed run() {
        long entries = sequencer.rebuild();
        return new Replayed(entries, metering.rebuild());
    }
}
