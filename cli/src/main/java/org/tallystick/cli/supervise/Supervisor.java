package org.tallystick.cli.supervise;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.tallystick.platform.kernel.LogRotation;
import org.tallystick.platform.kernel.PrivateFolder;

/**
 * Starts children in order, keeps each running, stops them in reverse: the last started depends on the first. Closes
 * itself when the JVM ends by a signal. Safe from any thread.
 */
public final class Supervisor implements AutoCloseable {
    private static final Duration ROTATED_EVERY = Duration.ofMinutes(1);

    private final Path logs;
    private final Consumer<String> notes;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(2))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final List<Child> children = new ArrayList<>();
    private final Thread hook = new Thread(this::stopAll, "stop-children");
    private final Thread rotation = Thread.ofVirtual().name("rotate-logs").unstarted(this::rotate);

    /**
     * @param logs folder for the children's output, created where it is missing
     * @param notes told, in a sentence, whenever a child is started again
     */
    public Supervisor(Path logs, Consumer<String> notes) throws IOException {
        this.logs = PrivateFolder.own(logs);
        this.notes = notes;
        Runtime.getRuntime().addShutdownHook(hook);
        rotation.start();
    }

    private void rotate() {
        try {
            while (true) {
                Thread.sleep(ROTATED_EVERY);
                List<Path> all;
                synchronized (children) {
                    all = children.stream().map(Child::log).toList();
                }
                all.forEach(this::rotate);
            }
        } catch (InterruptedException e) {
            return; // closed
        }
    }

    private void rotate(Path log) {
        try {
            LogRotation.rotate(log, LogRotation.MOST);
        } catch (IOException e) {
            notes.accept(log + " cannot be rotated: " + e);
        }
    }

    /** Starts a child and returns at once; {@link Child#awaitReady} waits for it. */
    public Child start(ChildSpec spec) throws IOException {
        synchronized (children) {
            Child child = Child.start(spec, logs.resolve(spec.name() + ".log"), notes, http);
            children.add(child);
            return child;
        }
    }

    @Override
    public void close() {
        rotation.interrupt();
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending already, and the hook is what runs
        }
    }

    private void stopAll() {
        List<Child> reversed;
        synchronized (children) {
            reversed = children.reversed().stream().toList();
            children.clear();
        }
        for (Child child : reversed) {
            try {
                child.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                child.killHard();
            }
        }
        http.shutdownNow();
    }
}
