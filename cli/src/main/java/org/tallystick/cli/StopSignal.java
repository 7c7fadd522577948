package org.tallystick.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.supervise.ParentPipe;

/**
 * Lets a server wait until it should stop: on a signal to the process, or when its supervisor has ended. The caller
 * then closes what is open; the JVM waits for it before it ends.
 */
final class StopSignal {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final CountDownLatch FINISHED = new CountDownLatch(1);

    private StopSignal() {}

    /**
     * Returns when it is time to stop.
     *
     * @param tethered whether standard input is a pipe from a supervisor
     */
    static void untilStopped(boolean tethered) throws InterruptedException {
        untilStopped(tethered, Optional::empty);
    }

    /**
     * As above, or when what runs has ended by itself.
     *
     * @param ended asked every second: why it has ended, empty while it runs
     * @return why it has ended, empty where it should stop
     */
    static Optional<String> untilStopped(boolean tethered, Supplier<Optional<String>> ended)
            throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            awaitFinished();
                        },
                        "stop"));
        if (tethered) {
            ParentPipe.hold(System.in, stop::countDown);
        }
        Optional<String> why = ended.get();
        while (why.isEmpty() && !stop.await(1, TimeUnit.SECONDS)) {
            why = ended.get();
        }
        return why;
    }

    /** Reports that everything is closed, so that the JVM may end. */
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
