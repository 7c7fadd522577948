package org.tallystick.edge.shipping;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When each epoch may be tried again after a shipment failed: each wait is twice the one before, with jitter, so that
 * many edges do not come back at once. Used by the shipper's thread alone.
 */
final class Retries {
    private final Duration min;
    private final Duration max;
    private final Map<Integer, Wait> waits = new HashMap<>();

    /** Until when an epoch waits, on the clock of {@link System#nanoTime}, and how long it was told to wait. */
    private record Wait(long untilNanos, Duration length) {}

    Retries(Duration min, Duration max) {
        this.min = min;
        this.max = max;
    }

    /** Whether an epoch's wait, if it has one, is over. */
    boolean mayTry(int epoch) {
        Wait wait = waits.get(epoch);
        return wait == null || System.nanoTime() - wait.untilNanos() >= 0;
    }

    /** The epoch is not to wait any more, and its next wait is the shortest again. */
    void clear(int epoch) {
        waits.remove(epoch);
    }

    /**
     * Lets an epoch wait.
     *
     * @param asked how long the platform asks to wait, at least; zero where it does not ask
     * @return how long it will wait, in milliseconds
     */
    long putOff(int epoch, Duration asked) {
        Wait before = waits.get(epoch);
        Duration length = before == null ? min : before.length().multipliedBy(2);
        length = longer(asked, length.compareTo(max) > 0 ? max : length);
        long nanos = length.toNanos() / 2 + ThreadLocalRandom.current().nextLong(length.toNanos() / 2 + 1);
        nanos = Math.max(nanos, asked.toNanos());
        waits.put(epoch, new Wait(System.nanoTime() + nanos, length));
        return nanos / 1_000_000;
    }

    /** Milliseconds until the first wait is over, at least 1; the longest wait where nothing waits. */
    long untilNext() {
        long now = System.nanoTime();
        long next = max.toMillis();
        for (Wait wait : waits.values()) {
            next = Math.min(next, (wait.untilNanos() - now) / 1_000_000);
        }
        return Math.max(1, next);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
