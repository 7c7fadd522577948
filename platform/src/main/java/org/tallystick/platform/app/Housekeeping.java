package org.tallystick.platform.app;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, at a fixed interval, what is kept for a time only. A chore that fails is tried again with the next turn, and keeps no other. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Thread thread;

    /**
     * Begins, with the first turn at once.
     *
     * @param chores what each removes, in words, and what does it and answers how many it removed
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
            LOG.debug("closed");
        }
    }

    private static void turn(String what, IntSupplier chore) {
        try {
            int removed = chore.getAsInt();
            if (removed > 0) {
                LOG.info("removed: {} {}", removed, what);
            }
        } catch (RuntimeException e) {
            LOG.warn("not removed until the next turn: {}", what, e);
        }
    }

    /** Stops; a turn that has begun is finished. */
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
