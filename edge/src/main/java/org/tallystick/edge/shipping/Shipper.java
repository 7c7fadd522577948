package org.tallystick.edge.shipping;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.spool.EpochSpool;
import org.tallystick.edge.spool.Outbox;
import org.tallystick.edge.spool.Spool;
import org.tallystick.edge.status.Metrics;
import org.tallystick.edge.status.Standing;
import org.tallystick.protocol.codec.Reasons;

/**
 * Ships sealed batches to the platform beside serving, in order, many at a time, and keeps them until they are
 * acknowledged. It waits between two shipments, so that batches gather: shipping each by itself costs more processor
 * time than serving what is in it. An epoch the platform will not take does not hold up the next. One thread; {@link
 * #wake} is safe from any.
 */
public final class Shipper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
    private static final Duration NOTE_EVERY = Duration.ofSeconds(1);

    private final Spool spool;
    private final PlatformClient platform;
    private final Standing standing;
    private final Metrics metrics;
    private final long intervalNanos;
    private final Duration retryMax;
    private final Retries retries;
    private final Thread thread;

    private final Object lock = new Object();
    private boolean woken; // guarded by lock
    private boolean closed; // guarded by lock

    /**
     * How often to ship.
     *
     * @param interval least time between two shipments, so that batches gather
     * @param retryMin first wait after a failure
     * @param retryMax longest wait after a failure
     */
    public record Settings(Duration interval, Duration retryMin, Duration retryMax) {}

    public Shipper(Settings settings, Spool spool, PlatformClient platform, Standing standing, Metrics metrics) {
        this.spool = spool;
        this.platform = platform;
        this.standing = standing;
        this.metrics = metrics;
        this.intervalNanos = settings.interval().toNanos();
        this.retryMax = settings.retryMax();
        this.retries = new Retries(settings.retryMin(), settings.retryMax());
        this.thread = Thread.ofPlatform().name("edge-shipper").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Tells the shipper that there may be something to ship. */
    public void wake() {
        synchronized (lock) {
            if (!woken) {
                woken = true;
                lock.notifyAll();
            }
        }
    }

    private void run() {
        long noted = System.nanoTime();
        long begun = noted - intervalNanos;
        while (pause(begun + intervalNanos)) {
            begun = System.nanoTime();
            boolean shipped = false;
            boolean full = true;
            while (full && !isClosed()) {
                full = false;
                for (EpochSpool epoch : spool.epochs()) {
                    int bytes = retries.mayTry(epoch.epoch()) ? ship(epoch) : 0;
                    shipped |= bytes > 0;
                    full |= bytes > Outbox.BUNDLE_BYTES / 2;
                }
            }
            if (shipped && spool.backlog().leaves() > 0) {
                wake();
            }
            if (System.nanoTime() - noted > NOTE_EVERY.toNanos()) {
                note();
                noted = System.nanoTime();
            }
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Waits to be woken or for the next retry, and in any case until {@code earliestNanos}; false once closed. */
    private boolean pause(long earliestNanos) {
        synchronized (lock) {
            await(() -> !woken, System.nanoTime() + retries.untilNext() * 1_000_000);
            await(() -> true, earliestNanos);
            woken = false;
            return !closed;
        }
    }

    private void await(BooleanSupplier goOn, long untilNanos) {
        long left = untilNanos - System.nanoTime();
        while (!closed && goOn.getAsBoolean() && left > 0) {
            try {
                lock.wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                LOG.warn("the shipper is not to be interrupted");
            }
            left = untilNanos - System.nanoTime();
        }
    }

    /** Ships the next bundle of an epoch; answers how many bytes of it were taken. */
    private int ship(EpochSpool epoch) {
        try {
            Optional<Outbox.Bundle> bundle = epoch.outbox().next(Outbox.BUNDLE_BYTES);
            if (bundle.isEmpty()) {
                retries.clear(epoch.epoch());
                return 0;
            }
            PlatformClient.Shipped answer = platform.ship(bundle.get().body());
            standing.reached();
            return settle(epoch, bundle.get(), answer) ? bundle.get().body().length : 0;
        } catch (PlatformClient.PlatformException e) {
            standing.failed(Reasons.of(e));
            putOff(epoch, e.retryAfter(), Reasons.of(e));
        } catch (IOException | RuntimeException e) {
            putOff(epoch, Duration.ZERO, e.toString());
        }
        return 0;
    }

    /** Does what the platform's answer asks for; answers whether it took the bundle. */
    private boolean settle(EpochSpool epoch, Outbox.Bundle bundle, PlatformClient.Shipped answer) throws IOException {
        switch (answer) {
            case PlatformClient.Shipped.Acknowledged(int number, long last) -> {
                if (number != epoch.epoch() || last > epoch.last() || last < bundle.first()) {
                    return disagree(
                            epoch,
                            "the platform acknowledges " + number + "/" + last + ", this edge shipped " + epoch.epoch()
                                    + "/" + bundle.first() + " to " + bundle.last());
                }
                epoch.outbox().unblock();
                epoch.outbox().acknowledge(bundle, last);
                metrics.shipped.increment();
                retries.clear(epoch.epoch());
                return true;
            }
            case PlatformClient.Shipped.OutOfOrder(long expected) -> {
                LOG.info("epoch {}: the platform expects {}, not {}", epoch.epoch(), expected, bundle.first());
                if (expected == bundle.first() || expected > epoch.last() + 1) {
                    return disagree(epoch, "the platform expects " + expected + ", which this edge cannot explain");
                }
                if (!epoch.outbox().resync(expected)) {
                    return disagree(epoch, "the platform expects " + expected + ", which is no longer here");
                }
                putOff(epoch, Duration.ZERO, "out of order");
                return false;
            }
            case PlatformClient.Shipped.Revoked(String detail) -> {
                standing.revoke();
                putOff(epoch, retryMax, detail);
                return false;
            }
            case PlatformClient.Shipped.Rejected(String type, String detail) -> {
                epoch.outbox().block("the platform refuses it (" + type + ")");
                putOff(epoch, retryMax, detail);
                return false;
            }
        }
    }

    /**
     * Halts an epoch about which the platform and this edge cannot both be right; its batches stay for a person to look
     * at.
     */
    private static boolean disagree(EpochSpool epoch, String what) {
        epoch.outbox().halt(what);
        return false;
    }

    private void putOff(EpochSpool epoch, Duration asked, String why) {
        metrics.shipFailures.increment();
        long millis = retries.putOff(epoch.epoch(), asked);
        LOG.info("epoch {} is not shipped ({}), again in {} ms", epoch.epoch(), why, millis);
    }

    private void note() {
        for (EpochSpool epoch : spool.epochs()) {
            try {
                epoch.outbox().note();
            } catch (IOException e) {
                LOG.warn("epoch {}: how far it is acknowledged cannot be noted: {}", epoch.epoch(), e.toString());
            }
        }
    }

    /** Ends after the shipment under way, which fails at once where the caller has closed the platform client. */
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
