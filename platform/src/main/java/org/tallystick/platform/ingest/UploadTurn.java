package org.tallystick.platform.ingest;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.tallystick.platform.kernel.RefusedException;

/**
 * One request's turn at an upload. A newer request takes the turn away, so that a client that has gone silent locks nobody
 * out: whatever the older request still receives is then refused, and not a byte of it is written. Waiting for the network
 * is no part of a step. Safe from any thread.
 */
final class UploadTurn {
    private final ReentrantLock lock = new ReentrantLock();
    private boolean over;
    private boolean lastStep;

    /** What is done to an upload while nobody can take the turn away. */
    interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Does a step to its end before anybody can take the turn.
     *
     * @throws RefusedException {@code upload/superseded} where it has been taken; the step has not begun then
     */
    <T> T step(Step<T> step) throws IOException {
        lock.lock();
        try {
            if (over) {
                throw new RefusedException(IngestProblems.superseded());
            }
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps the turn until the request is answered: from here on, nothing waits for its client.
     *
     * @throws RefusedException {@code upload/superseded}
     */
    void keep() throws IOException {
        step(() -> lastStep = true);
    }

    /** Takes the turn away, after the step that is under way; returns whether that was possible. */
    boolean end() {
        lock.lock();
        try {
            over = over || !lastStep;
            return over;
        } finally {
            lock.unlock();
        }
    }
}
