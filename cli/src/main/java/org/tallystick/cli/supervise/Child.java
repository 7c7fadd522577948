package org.tallystick.cli.supervise;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.tallystick.protocol.codec.Reasons;

/**
 * One supervised process. A thread of its own waits for the process to end and starts it again: at once the first time,
 * then after growing pauses as long as it dies before it is ready. Safe from any thread.
 */
public final class Child {
    private static final int MOST_FAILED_STARTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final ChildSpec spec;
    private final Path log;
    private final Consumer<String> notes;
    private final HttpClient http;
    private Process process;
    private int restarts;
    private boolean stopping;
    private boolean givenUp;
    private boolean wasReady;

    private Child(ChildSpec spec, Path log, Consumer<String> notes, HttpClient http) throws IOException {
        this.spec = spec;
        this.log = log;
        this.notes = notes;
        this.http = http;
        this.process = spawn();
    }

    static Child start(ChildSpec spec, Path log, Consumer<String> notes, HttpClient http) throws IOException {
        Files.writeString(log, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Child child = new Child(spec, log, notes, http);
        Thread.ofPlatform().daemon().name("watch-" + spec.name()).start(child::watch);
        return child;
    }

    private Process spawn() throws IOException {
        return new ProcessBuilder(spec.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    public String name() {
        return spec.name();
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    public synchronized long pid() {
        return process.pid();
    }

    /** How often it had to be started again. */
    public synchronized int restarts() {
        return restarts;
    }

    /** Kills the running process as {@code kill -9} does; it will be started again. */
    public synchronized void killHard() {
        process.destroyForcibly();
    }

    /**
     * Waits until the child says it is ready.
     *
     * @throws StartFailure where it dies over and over or its patience runs out
     */
    public void awaitReady() throws StartFailure, InterruptedException {
        long deadline = System.nanoTime() + spec.patience().toNanos();
        HttpRequest request = HttpRequest.newBuilder(spec.health())
                .timeout(Duration.ofSeconds(5))
                .build();
        while (!answers(request)) {
            if (hasGivenUp()) {
                throw failure("does not start");
            }
            if (System.nanoTime() > deadline) {
                throw failure("was not ready within " + spec.patience().toSeconds() + " s");
            }
            Thread.sleep(POLL);
        }
        synchronized (this) {
            wasReady = true;
        }
    }

    private boolean answers(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    private synchronized boolean hasGivenUp() {
        return givenUp;
    }

    private StartFailure failure(String what) {
        return new StartFailure("the " + spec.name() + " " + what, log, lastLines());
    }

    private List<String> lastLines() {
        try {
            List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
            return lines.subList(Math.max(0, lines.size() - 12), lines.size());
        } catch (IOException e) {
            return List.of("(its log cannot be read: " + Reasons.of(e) + ")");
        }
    }

    private void watch() {
        try {
            int failedStarts = 0;
            while (true) {
                int code = current().waitFor();
                synchronized (this) {
                    if (stopping) {
                        return;
                    }
                    failedStarts = wasReady ? 0 : failedStarts + 1;
                    wasReady = false;
                    givenUp = failedStarts >= MOST_FAILED_STARTS;
                }
                if (hasGivenUp()) {
                    notes.accept(
                            "the " + spec.name() + " died " + failedStarts + " times before it was ready; log: " + log);
                    return;
                }
                if (failedStarts > 0) {
                    Thread.sleep(FIRST_PAUSE.multipliedBy(1L << (failedStarts - 1)));
                }
                restart(code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            notes.accept("the " + spec.name() + " cannot be started again: " + Reasons.of(e));
            synchronized (this) {
                givenUp = true;
            }
        }
    }

    private void restart(int code) throws IOException {
        synchronized (this) {
            if (stopping) {
                return;
            }
            restarts++;
            process = spawn();
        }
        notes.accept("the " + spec.name() + " ended (exit " + code + ") and was started again; log: " + log);
        Thread.ofPlatform().daemon().name("ready-" + spec.name()).start(this::noteReadiness);
    }

    private void noteReadiness() {
        try {
            awaitReady();
        } catch (StartFailure e) {
            if (!hasGivenUp()) { // otherwise the failure has been reported already
                notes.accept(e.sentence());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Process current() {
        return process;
    }

    /** Asks the process to stop, waits, and kills it if it does not. */
    void stop() throws InterruptedException {
        Process running;
        synchronized (this) {
            stopping = true;
            running = process;
        }
        if (spec.cache().filter(StartCache::isMissing).isPresent()) {
            notes.accept("the " + spec.name() + " notes what makes its next start quicker, then stops");
        }
        running.destroy();
        if (!running.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            notes.accept("the " + spec.name() + " did not stop within " + STOP_PATIENCE.toSeconds() + " s: killed");
            running.destroyForcibly().waitFor();
        } else if (spec.cache().isPresent()) {
            spec.cache().get().keep();
        }
    }
}
