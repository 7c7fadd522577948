package org.tallystick.platform.app;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does chores at a fixed interval, and once more when it closes: removes what is kept for a time only, writes down what waits in
 * memory. A chore that fails is tried again with the next turn, and keeps no other from being done.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Thread thread;

    /**
     * Begins, with the first turn at once.
     *
     * @param chores what each deals with, in words, and what does it and answers with how many of them it dealt
     * @param every how long between two turns
     */
    Housekeeping(Map<String, IntSupplier> chores, Duration every) {
        this.thread = Thread.ofVirtual().name("housekeeping").start(() -> run(chores, every));
    }

    private static void run(Map<String, IntSupplier> chores, Duration every) {
        try {
            while (true) {
                chores.forEach(Housekeeping::turn);
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            chores.forEach(Housekeeping::turn);
        }
    }

    private static void turn(String what, IntSupplier chore) {
        try {
            int done = chore.getAsInt();
            if (done > 0) {
                LOG.info("{} {}", done, what);
            }
        } catch (RuntimeException e) {
            LOG.warn("not done until the next turn: {}", what, e);
        }
    }

    /** Stops after a last turn; a turn that has begun is finished. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
