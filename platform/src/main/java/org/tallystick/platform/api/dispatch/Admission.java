package org.tallystick.platform.api.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts what each caller asks for: a party by its id, whatever keys it shows and wherever it asks from; whoever shows no key
 * by the address. A caller that asks for too much is refused before anything is read or done for it. What is remembered is
 * bounded. Safe from any thread.
 */
final class Admission {
    /** As many seconds' worth of requests may come at once. */
    private static final int BURST_SECONDS = 10;

    /** Callers whose rate is remembered; the longest unheard of is forgotten first, and begins anew. */
    private static final int REMEMBERED = 10_000;

    private final Limits limits;
    private final InstantSource clock;
    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };
    private int all;

    Admission(Limits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * How many more requests may come at once.
     *
     * @param left in thousandths of a request
     * @param at when it was so
     */
    private record Bucket(long left, Instant at) {}

    /** A request that was let in; closed when it has been answered. */
    @FunctionalInterface
    interface Ticket extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Lets a request in.
     *
     * @param caller a party's id, or an address
     * @throws HttpRefusedException 429 where the caller asks for too much, 503 where all together do
     */
    synchronized Ticket enter(String caller) {
        int mine = running.getOrDefault(caller, 0);
        if (mine >= limits.of(Limit.REQUESTS)) {
            throw Limits.passed(
                    Limit.REQUESTS,
                    mine + " requests of yours are not answered yet; wait for some of them, then ask again");
        }
        if (all >= limits.of(Limit.ALL_REQUESTS)) {
            throw Limits.passed(Limit.ALL_REQUESTS, "too many ask at the same moment; ask again");
        }
        spend(caller);
        running.put(caller, mine + 1);
        all++;
        return () -> leave(caller);
    }

    private void spend(String caller) {
        long rate = limits.of(Limit.RATE);
        long most = rate * 1_000 * BURST_SECONDS;
        Instant now = clock.instant();
        Bucket known = buckets.getOrDefault(caller, new Bucket(most, now));
        long passed = Math.clamp(Duration.between(known.at(), now).toMillis(), 0, BURST_SECONDS * 1_000L);
        long left = Math.min(most, known.left() + passed * rate);
        if (left < 1_000) {
            throw Limits.passed(
                    Limit.RATE, "you ask more than " + rate + " times a second; wait a second, then ask more slowly");
        }
        buckets.put(caller, new Bucket(left - 1_000, now));
    }

    private synchronized void leave(String caller) {
        all--;
        running.computeIfPresent(caller, (name, count) -> count == 1 ? null : count - 1);
    }
}
