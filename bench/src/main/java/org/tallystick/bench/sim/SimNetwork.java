package org.tallystick.bench.sim;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A network in which some messages are lost, some arrive twice, and each takes its own time, so that later ones can
 * arrive first.
 */
final class SimNetwork {
    private final SimClock clock;
    private final SplittableRandom random;
    private final PriorityQueue<Message> under =
            new PriorityQueue<>(Comparator.comparingLong(Message::at).thenComparingLong(Message::order));
    private long order;
    private boolean kind;
    private long dropped;
    private long repeated;

    private record Message(long at, long order, Runnable arrival) {}

    SimNetwork(SimClock clock, SplittableRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Sends something on its way. */
    void send(Runnable arrival) {
        if (!kind && random.nextInt(8) == 0) {
            dropped++;
            return;
        }
        carry(arrival);
        if (!kind && random.nextInt(6) == 0) {
            repeated++;
            carry(arrival);
        }
    }

    private void carry(Runnable arrival) {
        boolean slow = !kind && random.nextInt(10) == 0;
        Duration most = slow ? Duration.ofMinutes(20) : Duration.ofSeconds(2);
        under.add(new Message(clock.millis() + 1 + random.nextLong(most.toMillis()), order++, arrival));
    }

    /** The next message that has arrived by now, if there is one. */
    Optional<Runnable> due() {
        return !under.isEmpty() && under.peek().at() <= clock.millis()
                ? Optional.of(under.remove().arrival())
                : Optional.empty();
    }

    /** The next message, however late it is; moves the time to its arrival. */
    Optional<Runnable> next() {
        if (under.isEmpty()) {
            return Optional.empty();
        }
        clock.advanceTo(under.peek().at());
        return Optional.of(under.remove().arrival());
    }

    /** From now on no message is lost or repeated. */
    void beKind() {
        kind = true;
    }

    long dropped() {
        return dropped;
    }

    long repeated() {
        return repeated;
    }
}
