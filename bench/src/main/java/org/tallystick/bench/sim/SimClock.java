package org.tallystick.bench.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of the world, and how far the platform's own clock is off. Moves only when told to. */
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

    /** Moves on to a moment, if it is still to come. */
    void advanceTo(long moment) {
        millis = Math.max(millis, moment);
    }

    /** Sets how far the platform's clock is ahead of the world's, or behind it. */
    void skew(Duration by) {
        skew = by.toMillis();
    }

    /** What the platform reads. */
    InstantSource ofPlatform() {
        return () -> Instant.ofEpochMilli(millis + skew);
    }
}
