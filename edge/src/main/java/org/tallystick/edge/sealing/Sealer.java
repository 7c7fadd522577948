package org.tallystick.edge.sealing;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.status.Metrics;
import org.tallystick.protocol.receipt.Leaf;

/**
 * Turns pending leaves into durable, signed batches, on one thread. It seals whatever was submitted while the batch
 * before was being signed and synced: a single request waits for one sync, many at once share one, and no timer is
 * needed. Only after the sync do the answers leave. {@link #submit} is safe from any thread.
 */
public final class Sealer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

    private final Epochs epochs;
    private final Quotas quotas;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Runnable onSealed;
    private final int edge;
    private final int maxLeaves;
    private final int maxPending;
    private final Thread thread;

    private final Object lock = new Object();
    private final ArrayDeque<PendingLeaf> waiting = new ArrayDeque<>(); // guarded by lock
    private boolean idle; // guarded by lock
    private boolean closed; // guarded by lock
    private volatile int pending;
    private final AtomicInteger inProcess = new AtomicInteger();

    /**
     * What the sealer is told.
     *
     * @param edge number of this edge, which every leaf carries
     * @param maxLeaves most leaves in a batch
     * @param maxPending most leaves waiting for a batch; past it deliveries are not taken
     */
    public record Settings(int edge, int maxLeaves, int maxPending) {}

    /** @param onSealed called after each batch, on the sealer's thread; must not block */
    public Sealer(
            Settings settings, Epochs epochs, Quotas quotas, InstantSource clock, Metrics metrics, Runnable onSealed) {
        this.clock = clock;
        this.epochs = epochs;
        this.quotas = quotas;
        this.metrics = metrics;
        this.onSealed = onSealed;
        this.edge = settings.edge();
        this.maxLeaves = settings.maxLeaves();
        this.maxPending = settings.maxPending();
        this.thread = Thread.ofPlatform().name("edge-sealer").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * Queues a leaf. An amendment is always taken while the sealer runs; a delivery only while there is room.
     *
     * @return whether it was taken
     */
    public boolean submit(PendingLeaf leaf) {
        synchronized (lock) {
            if (closed || (waiting.size() >= maxPending && leaf instanceof PendingLeaf.Delivery)) {
                return false;
            }
            waiting.addLast(leaf);
            pending = waiting.size();
            if (idle) {
                idle = false;
                lock.notifyAll();
            }
            return true;
        }
    }

    /** Leaves that wait to be sealed or are being sealed. */
    public int pending() {
        return pending + inProcess.get();
    }

    private void run() {
        List<PendingLeaf> leaves = new ArrayList<>(maxLeaves);
        while (gather(leaves)) {
            long begun = System.nanoTime();
            seal(leaves);
            metrics.sealNanos.add(System.nanoTime() - begun);
            leaves.clear();
            onSealed.run();
        }
    }

    /**
     * Waits for leaves and takes those of one epoch, oldest first; false once the sealer is closed and none are left.
     */
    private boolean gather(List<PendingLeaf> leaves) {
        synchronized (lock) {
            while (waiting.isEmpty()) {
                if (closed) {
                    return false;
                }
                idle = true;
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    LOG.warn("the sealer is not to be interrupted");
                }
            }
            Optional<Epoch> bound = waiting.getFirst().boundTo();
            while (leaves.size() < maxLeaves
                    && !waiting.isEmpty()
                    && waiting.getFirst().boundTo().equals(bound)) {
                leaves.add(waiting.removeFirst());
            }
            inProcess.set(leaves.size());
            pending = waiting.size();
            return true;
        }
    }

    private void seal(List<PendingLeaf> leaves) {
        Optional<Epoch> epoch = leaves.getFirst().boundTo().or(epochs::current);
        if (epoch.isEmpty()) {
            refuse(leaves, RefusalReason.EDGE_STARTING);
            return;
        }
        List<PendingLeaf> outside = new ArrayList<>(0);
        leaves.removeIf(leaf -> !epoch.get().covers(leaf.time()) && outside.add(leaf));
        refuse(outside, RefusalReason.EDGE_CERTIFICATE);
        if (leaves.isEmpty()) {
            return;
        }
        SealedBatch batch;
        try {
            batch = store(leaves, epoch.get());
        } catch (IOException | RuntimeException e) {
            LOG.error("a batch of {} leaves cannot be sealed", leaves.size(), e);
            metrics.sealFailures.increment();
            refuse(leaves, RefusalReason.SPOOL_UNAVAILABLE);
            return;
        }
        inProcess.set(0); // they count as backlog from here on
        complete(leaves, batch);
    }

    private SealedBatch store(List<PendingLeaf> leaves, Epoch epoch) throws IOException {
        long first = epoch.numbers().take(leaves.size());
        byte[] encoded = new byte[leaves.size() * Leaf.LENGTH];
        long minTime = Long.MAX_VALUE;
        long maxTime = 0;
        long bytes = 0;
        int metered = 0;
        List<Quotas.Quota> used = new ArrayList<>(0);
        for (int i = 0; i < leaves.size(); i++) {
            PendingLeaf leaf = leaves.get(i);
            leaf.leaf(edge, epoch, first + i).encode(encoded, i * Leaf.LENGTH);
            minTime = Math.min(minTime, leaf.time());
            maxTime = Math.max(maxTime, leaf.time());
            bytes = Math.addExact(bytes, leaf.bytes());
            metered += leaf.kind().meters() && leaf.scope().meters() ? 1 : 0;
            if (leaf instanceof PendingLeaf.Delivery delivery) {
                delivery.quota().ifPresent(used::add);
            }
        }
        SealedBatch batch =
                SealedBatch.seal(epoch, first, encoded, new SealedBatch.Totals(minTime, maxTime, metered, bytes));
        byte[] additions = quotas.additions(used);
        boolean written = false;
        try {
            epoch.spool().append(batch.header(), batch.signed(), encoded, quotas, additions);
            written = true;
        } finally {
            quotas.settle(used, written);
        }
        return batch;
    }

    /** A delivery and the place of its leaf in the batch. */
    private record Placed(PendingLeaf.Delivery delivery, int index) {}

    private void complete(List<PendingLeaf> leaves, SealedBatch batch) {
        metrics.batches.increment();
        IdentityHashMap<Executor, List<Placed>> answers = new IdentityHashMap<>(4);
        for (int i = 0; i < leaves.size(); i++) {
            PendingLeaf leaf = leaves.get(i);
            metrics.sealed(leaf.kind());
            if (leaf instanceof PendingLeaf.Delivery delivery) {
                answers.computeIfAbsent(delivery.listener().executor(), executor -> new ArrayList<>())
                        .add(new Placed(delivery, i));
            }
        }
        answers.forEach((executor, placed) -> tell(executor, placed, batch));
    }

    private void tell(Executor executor, List<Placed> placed, SealedBatch batch) {
        try {
            executor.execute(() -> {
                for (Placed each : placed) {
                    each.delivery().listener().sealed(batch, each.index());
                }
                for (Placed each : placed) {
                    each.delivery().listener().send();
                }
            });
        } catch (RejectedExecutionException e) { // the edge is stopping and the connections are gone
            for (Placed each : placed) {
                queue(new PendingLeaf.Amendment(each.delivery(), batch, each.index(), 0, clock.millis()));
            }
        }
    }

    private void queue(PendingLeaf leaf) {
        synchronized (lock) {
            waiting.addLast(leaf);
        }
    }

    private void refuse(List<PendingLeaf> leaves, RefusalReason reason) {
        inProcess.addAndGet(-leaves.size());
        for (PendingLeaf leaf : leaves) {
            switch (leaf) {
                case PendingLeaf.Delivery delivery -> unsealed(delivery.listener(), reason);
                case PendingLeaf.Amendment amendment -> lost(amendment, reason);
            }
        }
    }

    private static void unsealed(SealListener listener, RefusalReason reason) {
        try {
            listener.executor().execute(() -> listener.unsealed(reason));
        } catch (RejectedExecutionException e) {
            LOG.debug("the connection of a refused request has closed", e);
        }
    }

    private void lost(PendingLeaf.Amendment amendment, RefusalReason reason) {
        metrics.lostAmendments.increment();
        LOG.error(
                "delivery {} of epoch {} broke off, which cannot be recorded ({})",
                amendment.batch().sequence(amendment.index()),
                amendment.batch().epoch().number(),
                reason.type());
    }

    /** Seals what is queued, then ends. Other threads must have stopped submitting. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
