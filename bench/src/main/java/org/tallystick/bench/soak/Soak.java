package org.tallystick.bench.soak;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.tallystick.bench.Scratch;
import org.tallystick.bench.sim.ActionCounts;
import org.tallystick.bench.sim.Simulation;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.shell.Logging;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Reasons;

/**
 * {@code tallystick soak [--minutes N] [--seed N] [--json]}: tries to make the system lose, double or misstate something
 * until the time is up. By turns a simulated world and a round of real processes, the decoders fuzzed beside both.
 */
public final class Soak {
    private static final String USAGE = """
        Usage: tallystick soak [--minutes N] [--seed N] [--json]

        By turns simulated worlds, with every decoder fuzzed beside them, and real processes killed under load, for
        N minutes (10) and a little more, since what has begun is finished. Ends with what was done to the system.
        Exit code 1 says what did not hold, and the seed that shows it again where a seed decides.\
        """;

    private static final int EVENTS = 250;

    /** How long simulations run before real processes are tested, and the other way round. */
    private static final Duration TURN = Duration.ofSeconds(40);

    private static final Duration FIRST_TURN = Duration.ofSeconds(15);

    private final PrintStream progress;
    private final ActionCounts counts = new ActionCounts();
    private long seed;

    private Soak(PrintStream progress, long seed) {
        this.progress = progress;
        this.seed = seed;
    }

    public static void main(String[] args) throws Exception {
        Map<String, Long> numbers = new java.util.TreeMap<>();
        boolean json = false;
        for (int i = 0; i < args.length; i++) {
            boolean numbered = List.of("--minutes", "--seed").contains(args[i]) && i + 1 < args.length;
            if (args[i].equals("--json")) {
                json = true;
            } else if (numbered && args[i + 1].matches("[0-9]{1,18}")) {
                numbers.put(args[i], Long.parseLong(args[++i]));
            } else {
                System.err.println(USAGE);
                System.exit(args[i].equals("--help") ? 0 : 2);
            }
        }
        Logging.silent();
        long minutes = numbers.getOrDefault("--minutes", 10L);
        Soak soak = new Soak(
                System.err,
                numbers.getOrDefault("--seed", InstantSource.system().millis()));
        boolean sound = soak.run(Duration.ofMinutes(minutes));
        soak.report(sound, json);
        System.exit(sound ? 0 : 1);
    }

    private boolean run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        try (Scratch scratch = Scratch.open();
                Fuzz fuzz = new Fuzz(seed);
                Database database = Database.open(
                        new DatabaseConfig.Embedded(scratch.path().resolve("db")), InstantSource.system())) {
            Processes processes = new Processes(scratch.path(), new SplittableRandom(seed));
            Duration turn = FIRST_TURN;
            while (System.nanoTime() < end) {
                worlds(database, scratch.path(), Math.min(end, System.nanoTime() + turn.toNanos()));
                fuzz.check();
                if (System.nanoTime() < end) {
                    fuzz.pause();
                    underFire(processes, min(turn, Duration.ofNanos(end - System.nanoTime())), scratch.path());
                    fuzz.goOn();
                }
                turn = TURN;
            }
            fuzz.stop();
            fuzz.check();
            fuzz.inputs().forEach((decoder, inputs) -> counts.add("inputs to decoder: " + decoder, inputs));
            return true;
        } catch (Violation e) {
            progress.println("VIOLATION: " + Reasons.of(e));
            return false;
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void underFire(Processes processes, Duration time, Path scratch) throws Exception {
        ActionCounts round;
        try {
            round = processes.round(time);
        } catch (Violation e) {
            Path kept = scratch.resolveSibling("soak-" + seed);
            processes.keep(kept);
            throw new Violation(Reasons.of(e) + "\nThe system lies in " + kept, e);
        }
        counts.addAll(round);
        long kills = round.counts().entrySet().stream()
                .filter(count -> count.getKey().startsWith("kill -9"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        note("real processes: " + kills + " kills under load, "
                + round.of(RecordAudit.FOUND) + " receipts found in the log, "
                + round.of(RecordAudit.GAPS) + " gaps listed");
    }

    /** Runs one simulation after another until the time is over; the last one is completed. */
    private void worlds(Database database, Path scratch, long until) throws Exception {
        long first = seed;
        while (System.nanoTime() < until) {
            world(database, scratch);
        }
        note("worlds of " + EVENTS + " events: seeds " + first + " to " + (seed - 1));
    }

    private void world(Database database, Path scratch) throws Exception {
        Path folder = Files.createTempDirectory(scratch, "world");
        counts.addAll(Simulation.run(seed++, EVENTS, database, folder));
        counts.add("worlds");
    }

    private void note(String what) {
        progress.println("soak: " + what);
    }

    private void report(boolean sound, boolean json) {
        if (json) {
            Json.Builder done = Json.object();
            counts.counts().forEach(done::put);
            System.out.println(Json.object()
                    .put("violations", sound ? 0 : 1)
                    .put("done", done.build())
                    .build());
        } else {
            counts.counts().forEach((what, times) -> System.out.printf(Locale.ROOT, "%,15d  %s%n", times, what));
            System.out.println(sound ? "Zero violations." : "A violation: see above.");
        }
    }
}
