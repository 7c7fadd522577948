package org.tallystick.platform.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A command in the sequencer's queue, with the future that its caller waits for.
 *
 * @param <R> what the asker is told
 */
final class Pending<R> {
    private final Command<R> command;
    private final CompletableFuture<R> future = new CompletableFuture<>();
    private final long since = System.nanoTime();

    Pending(Command<R> command) {
        this.command = command;
    }

    Command<R> command() {
        return command;
    }

    CompletableFuture<R> future() {
        return future;
    }

    boolean hasWaited(Duration atLeast) {
        return System.nanoTime() - since >= atLeast.toNanos();
    }

    void fail(Throwable cause) {
        future.completeExceptionally(cause);
    }
}
