package org.tallystick.bench.soak;

import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.bench.sim.ActionCounts;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.LocalSystem;

/**
 * Kills processes as {@code kill -9} does at random moments: under load, and while they are starting again after the
 * kill before. Runs on a thread of its own.
 */
final class RandomKiller implements AutoCloseable {
    /** Longest pause between two kills, in milliseconds. */
    private static final int LONGEST_PAUSE = 1_500;

    /** Every third kill comes before the process killed last is ready again. */
    private static final int AT_ONCE = 3;

    /**
     * Most kills in a row of a process that is not ready. After five the supervisor would give up, which is not what is
     * tested here.
     */
    private static final int MOST_AT_ONCE = 2;

    private final LocalSystem system;
    private final SplittableRandom random;
    private final ActionCounts counts = new ActionCounts();
    private final Thread thread;
    private volatile boolean stopping;
    private volatile Optional<Violation> found = Optional.empty();

    /** The process to kill. */
    private enum Victim {
        EDGE("the edge"),
        PLATFORM("the platform"),
        DATABASE("the database"),
        EDGE_AND_PLATFORM("edge and platform together"),
        ALL("edge, platform and database together");

        private final String words;

        Victim(String words) {
            this.words = words;
        }
    }

    RandomKiller(LocalSystem system, SplittableRandom random) {
        this.system = system;
        this.random = random;
        this.thread = Thread.ofPlatform().daemon().name("killer").start(this::run);
    }

    private void run() {
        try {
            int atOnce = 0;
            while (!stopping) {
                Thread.sleep(random.nextInt(LONGEST_PAUSE));
                if (stopping) {
                    break;
                }
                kill(Victim.values()[random.nextInt(Victim.values().length)]);
                atOnce = random.nextInt(AT_ONCE) == 0 ? atOnce + 1 : 0;
                if (atOnce == 0 || atOnce > MOST_AT_ONCE) {
                    awaitAll();
                    atOnce = 0;
                }
            }
            awaitAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StartFailure e) {
            found = Optional.of(new Violation(e.sentence() + "\n" + String.join("\n", e.lastLines()), e));
        }
    }

    private void awaitAll() throws StartFailure, InterruptedException {
        system.platform().awaitReady();
        system.edge().awaitReady();
    }

    private void kill(Victim victim) {
        boolean killed = true;
        switch (victim) {
            case EDGE -> system.edge().killHard();
            case PLATFORM -> system.platform().killHard();
            case DATABASE -> killed = killDatabase();
            case EDGE_AND_PLATFORM -> {
                system.edge().killHard();
                system.platform().killHard();
            }
            case ALL -> {
                killed = killDatabase();
                system.platform().killHard();
                system.edge().killHard();
            }
        }
        if (killed) {
            counts.add("kill -9 of " + victim.words);
        }
    }

    private boolean killDatabase() {
        return system.databaseServer().map(ProcessHandle::destroyForcibly).orElse(false);
    }

    /**
     * Stops killing and waits until every process is ready again.
     *
     * @return what was killed, and how often
     */
    ActionCounts stop() throws InterruptedException {
        stopping = true;
        thread.join();
        if (found.isPresent()) {
            throw found.get();
        }
        return counts;
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
    }
}
