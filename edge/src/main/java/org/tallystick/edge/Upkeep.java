package org.tallystick.edge;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.keys.Identity;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.sealing.Epochs;
import org.tallystick.edge.status.Standing;
import org.tallystick.edge.tokens.Revocations;
import org.tallystick.protocol.codec.Reasons;

/**
 * Keeps the edge able to serve: fetches the platform's key at the first start, begins a new epoch before the
 * certificate expires, and polls for revocations. One thread; what fails is tried again, each wait twice the one
 * before.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final Identity identity;
    private final Epochs epochs;
    private final Revocations revocations;
    private final PlatformClient platform;
    private final Standing standing;
    private final Settings settings;
    private final Thread thread;

    private final Object lock = new Object();
    private boolean closed; // guarded by lock

    /**
     * How often to look.
     *
     * @param interval time between two rounds that succeeded
     * @param retryMin wait after the first round that failed
     * @param retryMax longest wait after a failure; each is twice the one before
     */
    record Settings(Duration interval, Duration retryMin, Duration retryMax) {}

    Upkeep(
            Settings settings,
            Identity identity,
            Epochs epochs,
            Revocations revocations,
            PlatformClient platform,
            Standing standing) {
        this.settings = settings;
        this.identity = identity;
        this.epochs = epochs;
        this.revocations = revocations;
        this.platform = platform;
        this.standing = standing;
        this.thread = Thread.ofPlatform().name("edge-upkeep").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration wait = Duration.ZERO;
        Duration afterFailure = settings.retryMin();
        while (pause(wait)) {
            try {
                once();
                standing.reached();
                wait = settings.interval();
                afterFailure = settings.retryMin();
            } catch (IOException | RuntimeException e) {
                standing.failed(Reasons.of(e));
                LOG.info("upkeep is put off: {}", e.toString());
                wait = afterFailure;
                Duration doubled = afterFailure.multipliedBy(2);
                afterFailure = doubled.compareTo(settings.retryMax()) > 0 ? settings.retryMax() : doubled;
            }
        }
    }

    private void once() throws IOException {
        if (identity.platformKey().isEmpty()) {
            identity.trust(platform.key());
        }
        epochs.upkeep();
        revocations.poll();
    }

    private boolean pause(Duration wait) {
        synchronized (lock) {
            long until = System.nanoTime() + wait.toNanos();
            long left = wait.toMillis();
            while (!closed && left > 0) {
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    LOG.warn("upkeep is not to be interrupted");
                }
                left = (until - System.nanoTime()) / 1_000_000;
            }
            return !closed;
        }
    }

    /** Ends after the request under way, which the caller breaks off by closing the platform client. */
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
