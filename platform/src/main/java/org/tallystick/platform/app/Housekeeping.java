package org.tallystick.platform.app;

import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, at a fixed interval, the uploads that nobody has continued for too long. A run that fails is tried again with the next. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Thread thread;

    /**
     * Begins, with the first turn at once.
     *
     * @param expire answers how many uploads it gave up
     * @param every how long between two turns
     */
    Housekeeping(IntSupplier expire, Duration every) {
        this.thread = Thread.ofVirtual().name("housekeeping").start(() -> run(expire, every));
    }

    private static void run(IntSupplier expire, Duration every) {
        try {
            while (true) {
                turn(expire);
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            LOG.debug("closed");
        }
    }

    private static void turn(IntSupplier expire) {
        try {
            int given = expire.getAsInt();
            if (given > 0) {
                LOG.info("{} uploads nobody went on with were given up", given);
            }
        } catch (RuntimeException e) {
            LOG.warn("uploads that expired stay until the next turn", e);
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
