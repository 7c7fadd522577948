package org.tallystick.bench.soak;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.Delivery;
import org.tallystick.sdk.EdgeClient;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.TallystickClient;

/**
 * The buyer's workers. Each opens one job after another, fetches every work until it holds its receipt, and closes the
 * job. They try again when nothing answers; any other error ends the test. The number of uses is exact: jobs times
 * works.
 */
final class Load implements AutoCloseable {
    /** Retries for longer than any number of successive kills keeps a process away. */
    static final Retry PATIENT = new Retry(600, Duration.ofMillis(50), Duration.ofMillis(400));

    private static final Duration TOKEN_LIFE = Duration.ofHours(2);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final int WORKERS = 4;
    private static final int AGAIN = 4;

    private final LoadSetup setup;
    private final HeldReceipts received;
    private final TallystickClient buyer;
    private final EdgeClient edge;
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    private final List<Future<?>> workers = new ArrayList<>();
    private volatile boolean stopping;

    Load(LocalSystem system, TallystickClient operator, HttpClient http, LoadSetup setup, HeldReceipts received) {
        this.setup = setup;
        this.received = received;
        this.buyer = operator.as(setup.buyerKey());
        this.edge = EdgeClient.builder(system.edgeAddress(), operator.keys().platform())
                .verifier(Ed25519.verifier())
                .http(http)
                .retry(PATIENT)
                .timeout(ANSWER_WITHIN)
                .build();
    }

    /** Starts the workers. Returns after the given time, or earlier when a worker cannot go on. */
    void run(Duration time, SplittableRandom random) throws InterruptedException {
        for (int i = 0; i < WORKERS; i++) {
            SplittableRandom own = random.split();
            workers.add(threads.submit(() -> work(own)));
        }
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && workers.stream().noneMatch(Future::isDone)) {
            Thread.sleep(50);
        }
    }

    /** Waits until every job that was begun is done. */
    void finish() throws InterruptedException {
        stopping = true;
        try {
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new Violation("a buyer cannot go on: " + e.getCause(), e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }

    private void work(SplittableRandom random) {
        try {
            while (!stopping) {
                job(random);
            }
        } finally {
            stopping = true;
        }
    }

    private void job(SplittableRandom random) {
        String job = setup.nextJob();
        buyer.openJob(LoadSetup.CONTRACT, Optional.of(job), "a model");
        String token = buyer.issueToken(job, Scope.TRAINING, TOKEN_LIFE, Optional.empty())
                .text();
        List<ContentId> works = new ArrayList<>(setup.works());
        for (int i = works.size(); i > 0; i--) {
            ContentId work = works.remove(random.nextInt(i));
            keep(edge.fetch(work, token));
            if (random.nextInt(AGAIN) == 0) {
                again(work, token, random);
            }
        }
        buyer.closeJob(job, setup.works());
        received.jobDone();
    }

    /** Repeats a fetch in other ways, as a data loader does; this must not cost anything more. */
    private void again(ContentId work, String token, SplittableRandom random) {
        keep(
                switch (random.nextInt(4)) {
                    case 0 -> edge.fetch(work, token);
                    case 1 -> edge.fetchRange(work, token, 0, 0);
                    case 2 -> edge.revalidate(work, token);
                    default -> edge.head(work, token);
                });
    }

    private void keep(Delivery delivery) {
        received.add(delivery.receipt().leaf());
    }
}
