package org.tallystick.bench.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The simulated time, and how much the platform's own clock differs from it. Moves only when it is told to. */
final class SimClock implements InstantSource {
    static final Instant BEGIN = Instant.parse("2026-02-01T00:00:00Z");

    private volatile long millis = BEGIN.toEpochMilli();
    private volatile long skew;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis);
    }

    @Override
    public long millis() {
        return millis;
    }

    void advance(Duration by) {
        advanceTo(millis + by.toMillis());
    }

    /** Moves to a later moment; does nothing for an earlier one. */
    void advanceTo(long moment) {
        millis = Math.max(millis, moment);
    }

    /** Sets how much the platform's clock is ahead of the simulated time (negative: behind). */
    void skew(Duration by) {
        skew = by.toMillis();
    }

    /** The platform's clock. */
    InstantSource ofPlatform() {
        return () -> Instant.ofEpochMilli(millis + skew);
    }
}
