package org.tallystick.platform.audit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does work on all cores ahead of the one thread that takes the results, which come in the order in which the work was
 * given. How far ahead is bounded, so that memory is too. Used by one thread.
 */
final class OrderedPrefetch<T> {
    /** More than so many cores would hold too many bundles at once. */
    private static final int MOST_THREADS = 8;

    private final ExecutorService pool;
    private final Deque<Future<T>> underWay = new ArrayDeque<>();

    /** @param pool from {@link #threads}, may be shared */
    OrderedPrefetch(ExecutorService pool) {
        this.pool = pool;
    }

    /** One thread for each core; to be closed. */
    static ExecutorService threads() {
        return Executors.newFixedThreadPool(
                cores(), Thread.ofPlatform().name("replay-", 0).daemon().factory());
    }

    private static int cores() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    }

    /** Whether enough has been given that no core is idle for long. */
    boolean isFull() {
        return underWay.size() >= 2 * cores();
    }

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    void give(Callable<T> work) {
        underWay.addLast(pool.submit(work));
    }

    /** Waits for the result of the work given first of what is left; throws what that work threw. */
    T take() {
        try {
            return underWay.removeFirst().get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException("work of a replay failed", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while replaying", e);
        }
    }
}
