package org.tallystick.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Runs a task for each element of a list, several at a time. The first failure stops the rest and is thrown. */
final class Parallel {
    private Parallel() {}

    /** The task for one element. */
    @FunctionalInterface
    interface Task<A, B> {
        B apply(A one) throws Exception;
    }

    /** The results, in the order of the elements. */
    static <A, B> List<B> each(List<A> all, int atOnce, Task<A, B> task) throws InterruptedException {
        Semaphore places = new Semaphore(atOnce);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<B>> futures = new ArrayList<>(all.size());
            for (A one : all) {
                places.acquire();
                futures.add(threads.submit(() -> {
                    try {
                        return task.apply(one);
                    } finally {
                        places.release();
                    }
                }));
                if (hasFailed(futures.getLast())) {
                    break;
                }
            }
            return results(threads, futures);
        }
    }

    private static boolean hasFailed(Future<?> future) {
        return future.state() == Future.State.FAILED;
    }

    private static <B> List<B> results(ExecutorService threads, List<Future<B>> futures) throws InterruptedException {
        List<B> results = new ArrayList<>(futures.size());
        for (Future<B> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw Failures.asRuntime(e);
            }
        }
        return results;
    }
}
