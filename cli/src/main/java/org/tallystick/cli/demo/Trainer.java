package org.tallystick.cli.demo;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tallystick.cli.content.Work;
import org.tallystick.cli.shell.Progress;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.CrossCheck;
import org.tallystick.sdk.Delivery;
import org.tallystick.sdk.EdgeClient;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.JobOrders;
import org.tallystick.sdk.OrderedWorks;
import org.tallystick.sdk.ReleaseSecret;
import org.tallystick.sdk.Token;
import org.tallystick.sdk.UsageEvent;

/**
 * A buyer's training loop: opens a job, orders its works, pulls them from the edge with several workers, reports signed usage events
 * (some of them twice), closes the job with its training manifest and acknowledges what arrived. The edge client verifies every receipt offline.
 */
final class Trainer {
    private static final Duration TOKEN_LIFE = Duration.ofHours(2);
    private static final int EVENT_SAMPLES = 500;
    private static final int REPEAT_EVERY = 5;

    private final DemoParty buyer;
    private final JobOrders orders;
    private final Contract contract;
    private final EdgeClient edge;
    private final URI edgeAddress;
    private final DeliveryCounts counts;
    private final Progress progress;
    private final InstantSource clock;

    Trainer(
            DemoParty buyer,
            ReleaseSecret secret,
            Contract contract,
            EdgeClient edge,
            URI edgeAddress,
            DeliveryCounts counts,
            Progress progress,
            InstantSource clock) {
        this.buyer = buyer;
        this.orders = new JobOrders(buyer.client(), buyer.signer(), secret);
        this.contract = contract;
        this.edge = edge;
        this.edgeAddress = edgeAddress;
        this.counts = counts;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * Runs a whole job.
     *
     * @param jobId chosen by the buyer, so that opening it again is the same job
     * @param workers how many pull at once
     */
    Job run(String jobId, TrainingPlan plan, int workers) throws InterruptedException {
        Job job = buyer.client().openJob(contract.id(), Optional.of(jobId), "demo-model-" + buyer.id());
        OrderedWorks works = orders.order(job, Scope.TRAINING, wanted(plan), contract.expires());
        Token token = orders.token(works, TOKEN_LIFE, Optional.empty());
        EdgeClient showing = edge.showing(works);
        Parallel.each(shares(plan, workers), workers, share -> {
            for (Fetch fetch : share) {
                fetch(showing, works, fetch, token.text());
                progress.add(1);
            }
            return share.size();
        });
        report(job, plan.works().size());
        List<ContentId> trainedOn = plan.works().stream().map(Work::content).toList();
        return orders.close(job, trainedOn, trainedOn, List.of());
    }

    private static Predicate<ContentId> wanted(TrainingPlan plan) {
        Set<ContentId> wanted = plan.works().stream().map(Work::content).collect(Collectors.toSet());
        return wanted::contains;
    }

    /** The fetches of each worker. All fetches of one work go to one worker, so that they keep their order. */
    private static List<List<Fetch>> shares(TrainingPlan plan, int workers) {
        List<List<Fetch>> shares = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            shares.add(new ArrayList<>());
        }
        for (Fetch fetch : plan.fetches()) {
            int worker = Math.floorMod(fetch.work().content().hashCode(), workers);
            shares.get(worker).add(fetch);
        }
        return shares;
    }

    private void fetch(EdgeClient showing, OrderedWorks works, Fetch fetch, String token) {
        Work work = fetch.work();
        switch (fetch.how()) {
            case WHOLE -> count(showing.fetch(work.content(), token), LeafKind.FULL);
            case RANGE ->
                count(showing.fetchRange(work.content(), token, work.bytes() / 2, work.bytes() - 1), LeafKind.PARTIAL);
            case REVALIDATE -> count(showing.revalidate(work.content(), token), LeafKind.NOT_MODIFIED);
            case HEAD -> count(showing.head(work.content(), token), LeafKind.HEAD);
            case BROKEN_OFF -> {
                if (InterruptedFetch.fetch(edgeAddress, work.content(), token, works.key(work.content()))) {
                    counts.brokeOff();
                }
            }
        }
    }

    private void count(Delivery delivery, LeafKind expected) {
        if (delivery.kind() != expected) {
            throw new WrongSumException("asked for " + expected + ", the receipt says " + delivery.kind());
        }
        counts.delivered(delivery, clock.instant());
    }

    private void report(Job job, int samples) {
        for (int from = 0, sequence = 1; from < samples; from += EVENT_SAMPLES, sequence++) {
            UsageEvent event = UsageEvent.of(
                            contract.id(),
                            "batch-" + job.id() + "-" + sequence,
                            Math.min(EVENT_SAMPLES, samples - from),
                            clock.instant())
                    .job(job.id())
                    .sequence(sequence)
                    .epoch(0)
                    .model(job.model())
                    .datasetVersion(contract.root())
                    .pricePerSampleUsd(new BigDecimal(DemoContracts.PRICE.toDecimal()))
                    .sign(buyer.signer());
            buyer.client().report(event);
            if (sequence % REPEAT_EVERY == 1 && !buyer.client().report(event)) {
                throw new WrongSumException("usage event " + sequence + " of " + job.id() + " was counted twice");
            }
        }
    }

    /**
     * Waits until the platform has metered everything delivered, then checks that receipts, training manifest and usage
     * events agree.
     */
    CrossCheck crossCheck(Job job, int works, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        CrossCheck check = buyer.client().crossCheck(job.id());
        while (check.delivered() < works && System.nanoTime() < deadline) {
            Thread.sleep(100);
            check = buyer.client().crossCheck(job.id());
        }
        boolean clean = check.delivered() == works
                && check.trained() == works
                && check.events().stream()
                        .allMatch(events ->
                                events.samples() == works && events.gaps().isEmpty())
                && check.withoutReceipt().isEmpty()
                && check.withoutTraining().isEmpty();
        if (!clean) {
            throw new WrongSumException(
                    "the cross-check of " + job.id() + " is not clean: " + works + " works used, " + check);
        }
        return check;
    }
}
