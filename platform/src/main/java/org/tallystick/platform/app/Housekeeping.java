package org.tallystick.platform.app;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a chore at a fixed interval, and once more when it closes. A turn that fails is tried again with the next. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Thread thread;

    /**
     * Begins, with the first turn at once.
     *
     * @param undone what is the case where a turn fails, for the log
     * @param every how long between two turns
     */
    Housekeeping(String undone, Runnable chore, Duration every) {
        this.thread = Thread.ofVirtual().name("housekeeping").start(() -> run(undone, chore, every));
    }

    private static void run(String undone, Runnable chore, Duration every) {
        try {
            while (true) {
                turn(undone, chore);
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            turn(undone, chore);
        }
    }

    private static void turn(String undone, Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException e) {
            LOG.warn("{} until the next turn", undone, e);
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
