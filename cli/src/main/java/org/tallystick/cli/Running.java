package org.tallystick.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.supervise.Tether;

/**
 * Waits until a server is to stop: on a signal, or when its supervisor is gone. The caller then closes what it has open; the
 * JVM waits for that before it ends.
 */
final class Running {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final CountDownLatch FINISHED = new CountDownLatch(1);

    private Running() {}

    /**
     * Returns when it is time to stop.
     *
     * @param tethered whether standard input is a pipe from a supervisor
     */
    static void untilStopped(boolean tethered) throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            awaitFinished();
                        },
                        "stop"));
        if (tethered) {
            Tether.hold(System.in, stop::countDown);
        }
        stop.await();
    }

    /** Says that everything is closed; the JVM may end. */
    static void finished() {
        FINISHED.countDown();
    }

    private static void awaitFinished() {
        try {
            if (!FINISHED.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(ExitCode.FAULT.number());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
