package org.tallystick.sdk;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how patiently to try again when the service says it is busy (503) or the connection is lost. Pauses
 * double from the first to the longest, each shortened at random by up to half so that many clients do not come back
 * at once; a longer {@code Retry-After} of the server is honoured up to the longest pause.
 *
 * @param tries at least 1; 1 never tries again
 * @param firstPause before the second try
 * @param longestPause upper bound of any pause
 */
public record Retry(int tries, Duration firstPause, Duration longestPause) {
    /** Checks the bounds. */
    public Retry {
        if (tries < 1 || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("a retry policy needs at least one try and pauses that grow");
        }
    }

    /** Ten tries over about half a minute: long enough for a server to be restarted. */
    public static Retry standard() {
        return new Retry(10, Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    /** Never. */
    public static Retry none() {
        return new Retry(1, Duration.ZERO, Duration.ZERO);
    }

    /** The pause after a number of failed tries (from 1), given what the server asked for. */
    Duration pause(int failed, Duration asked, RandomGenerator random) {
        long longest = longestPause.toMillis();
        long doubled = firstPause.toMillis() << Math.min(failed - 1, 20);
        long grown = Math.min(longest, doubled);
        long jittered = grown - (grown > 1 ? random.nextLong(grown / 2 + 1) : 0);
        return Duration.ofMillis(Math.max(jittered, Math.min(asked.toMillis(), longest)));
    }
}
