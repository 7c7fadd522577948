package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.system.LocalSystem;

/**
 * Kills the platform, the edge and the database, each as {@code kill -9} does, in the middle of the deliveries. The supervisor
 * and the platform bring them back; no amount may change. A thread of its own watches how far the deliveries are.
 */
final class Havoc {
    private static final int KILLS = 4;

    private final LocalSystem system;
    private final Progress deliveries;
    private final long planned;
    private final Terminal terminal;
    private final List<String> killed = new ArrayList<>();

    Havoc(LocalSystem system, Progress deliveries, long planned, Terminal terminal) {
        this.system = system;
        this.deliveries = deliveries;
        this.planned = planned;
        this.terminal = terminal;
    }

    /** Starts watching; interrupt the thread to stop early. */
    Thread start() {
        return Thread.ofPlatform().daemon().name("havoc").start(this::run);
    }

    /** What was killed, in order; everything must have been, or nothing was shown. */
    synchronized List<String> allKilled() {
        if (killed.size() != KILLS) {
            throw new DoesNotAddUpException("only " + killed + " could be killed before the deliveries ended");
        }
        return List.copyOf(killed);
    }

    private void run() {
        try {
            at(20, "edge", () -> system.edge().killHard());
            at(40, "platform", () -> system.platform().killHard());
            at(60, "database", this::killDatabase);
            at(75, "edge and platform together", () -> {
                system.platform().killHard();
                system.edge().killHard();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void at(int percent, String what, Runnable kill) throws InterruptedException {
        while (deliveries.done() * 100 < planned * percent) {
            Thread.sleep(20);
        }
        terminal.note("chaos: kill -9 of the " + what);
        kill.run();
        synchronized (this) {
            killed.add(what);
        }
    }

    /** The first line of {@code postmaster.pid} is the server's process id. */
    private void killDatabase() {
        try (Stream<Path> files =
                Files.find(system.layout().platform(), 4, (path, attributes) -> path.endsWith("postmaster.pid"))) {
            Optional<Path> file = files.findFirst();
            if (file.isEmpty()) {
                throw new DoesNotAddUpException("no database server was found to kill");
            }
            long pid = Long.parseLong(Files.readAllLines(file.get()).getFirst().strip());
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException e) {
            throw new DoesNotAddUpException("the database server cannot be found: " + e.getMessage());
        }
    }
}
