package org.tallystick.cli.demo;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work on a thread of its own while the caller waits for something else. Closing it before it has finished interrupts
 * it.
 */
final class Background<T> implements AutoCloseable {
    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> work) {
        this.task = new FutureTask<>(work);
        this.thread = Thread.ofPlatform().daemon().name("background").unstarted(task);
    }

    static <T> Background<T> start(Callable<T> work) {
        Background<T> background = new Background<>(work);
        background.thread.start();
        return background;
    }

    /**
     * Waits for the result.
     *
     * @throws Exception what the work threw
     */
    T result() throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
