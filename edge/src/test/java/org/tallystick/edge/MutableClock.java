package org.tallystick.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that tests move. Safe from any thread. */
final class MutableClock implements InstantSource {
    private volatile Instant now;

    MutableClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void step(Duration by) {
        now = now.plus(by);
    }
}
