package org.tallystick.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.system.LocalSystem;

/**
 * Kills the platform, the edge and the database, each as {@code kill -9} does, while deliveries are under way. The
 * supervisor and the platform start them again, and no amount may change. Runs on a thread of its own that watches the
 * number of deliveries.
 */
final class ProcessKiller {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST = 20;
    private static final int SPAN = 60;

    private final LocalSystem system;
    private final Progress deliveries;
    private final Aim aim;
    private final Terminal terminal;
    private final List<String> killed = new ArrayList<>();

    /**
     * How many kills, and when.
     *
     * @param planned number of deliveries planned
     * @param kills number of kills, spread over the middle of the deliveries
     */
    record Aim(long planned, int kills) {}

    ProcessKiller(LocalSystem system, Progress deliveries, Aim aim, Terminal terminal) {
        this.system = system;
        this.deliveries = deliveries;
        this.aim = aim;
        this.terminal = terminal;
    }

    /** Starts watching; interrupt the thread to stop early. */
    Thread start() {
        return Thread.ofPlatform().daemon().name("process-killer").start(this::run);
    }

    /**
     * The names of the killed processes, in order.
     *
     * @throws WrongSumException where fewer were killed than planned, because the run would then show nothing
     */
    synchronized List<String> allKilled() {
        if (killed.size() != aim.kills()) {
            throw new WrongSumException("only " + killed + " could be killed before the deliveries ended");
        }
        return List.copyOf(killed);
    }

    private void run() {
        try {
            for (int i = 0; i < aim.kills(); i++) {
                double percent = FIRST + (double) SPAN * i / aim.kills();
                switch (i % 4) {
                    case 0 -> at(percent, "edge", () -> system.edge().killHard());
                    case 1 -> at(percent, "platform", () -> system.platform().killHard());
                    case 2 -> at(percent, "database", this::killDatabase);
                    default ->
                        at(percent, "edge and platform together", () -> {
                            system.platform().killHard();
                            system.edge().killHard();
                        });
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void at(double percent, String what, Runnable kill) throws InterruptedException {
        while (deliveries.done() * 100 < aim.planned() * percent) {
            Thread.sleep(20);
        }
        terminal.note("chaos: kill -9 of the " + what);
        kill.run();
        synchronized (this) {
            killed.add(what);
        }
    }

    private void killDatabase() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<ProcessHandle> server = system.databaseServer();
            if (server.isPresent()) {
                server.get().destroyForcibly();
                return;
            }
            Thread.onSpinWait();
        }
        throw new WrongSumException("no database server was found to kill");
    }
}
