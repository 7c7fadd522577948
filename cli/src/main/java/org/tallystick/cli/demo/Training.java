package org.tallystick.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tallystick.cli.content.Work;
import org.tallystick.sdk.Job;

/**
 * Which buyer trains on which works. The first buyer runs two jobs one after the other; the second of them uses every
 * third work again and pays again, because a work counts once in a job. The second buyer runs one job over all works at
 * the same time.
 */
final class Training {
    /** The first buyer's second job uses every third work. */
    static final int EVERY = 3;

    private final int run;
    private final List<Work> works;
    private final TrainingPlan first;
    private final TrainingPlan again;
    private final TrainingPlan second;

    /**
     * @param run number of the run, part of the jobs' ids
     */
    Training(List<Work> works, int run) {
        this.run = run;
        this.works = List.copyOf(works);
        this.first = TrainingPlan.thorough(works, 1);
        this.again = TrainingPlan.quick(TrainingPlan.everyNth(works, EVERY), 2);
        this.second = TrainingPlan.quick(works, 3);
    }

    /** A job that was run. */
    record Done(Trainer trainer, Job job, TrainingPlan plan) {}

    /** Number of requests the trainers will make to the edge. */
    long fetches() {
        return (long) first.fetches().size()
                + again.fetches().size()
                + second.fetches().size();
    }

    /** Number of uses the first buyer will pay for. */
    long usesOfFirst() {
        return (long) works.size() + again.works().size();
    }

    /** Number of uses the second buyer will pay for. */
    long usesOfSecond() {
        return works.size();
    }

    /** Runs all jobs to their end. */
    List<Done> run(Trainer firstBuyer, Trainer secondBuyer, int workers) throws InterruptedException {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Future<List<Done>> one = both.submit(() ->
                    List.of(run(firstBuyer, job("1a"), first, workers), run(firstBuyer, job("1b"), again, workers)));
            Future<List<Done>> two = both.submit(() -> List.of(run(secondBuyer, job("2"), second, workers)));
            List<Done> done = new ArrayList<>(result(one));
            done.addAll(result(two));
            return done;
        }
    }

    private String job(String which) {
        return "job-demo-" + run + "-" + which;
    }

    private static Done run(Trainer trainer, String job, TrainingPlan plan, int workers) throws InterruptedException {
        return new Done(trainer, trainer.run(job, plan, workers), plan);
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw Failures.asRuntime(e);
        }
    }
}
