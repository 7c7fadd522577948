package org.tallystick.bench.soak;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.tallystick.bench.Scratch;
import org.tallystick.bench.sim.Simulation;
import org.tallystick.bench.sim.Tallies;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.shell.Logging;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;
import org.tallystick.protocol.Json;

/**
 * {@code tallystick soak [--minutes N] [--seed N] [--json]}: tries to make the system lose, double or misstate something
 * until the time is up. By turns a simulated world and a round of real processes, the decoders fuzzed beside both.
 */
public final class Soak {
    private static final String USAGE = """
            Usage: tallystick soak [--minutes N] [--seed N] [--json]

            Simulated worlds, real processes killed under load, every decoder fuzzed, for N minutes (10) and a
            little more, since what has begun is finished. Ends with what was done to the system. Exit code 1
            says what did not hold, and the seed that shows it again.""";

    private static final int EVENTS = 1_500;
    private static final int WORLDS_A_TURN = 2;

    private final PrintStream progress;
    private final Tallies tallies = new Tallies();
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
            while (System.nanoTime() < end) {
                for (int i = 0; i < WORLDS_A_TURN && System.nanoTime() < end; i++) {
                    world(database, scratch.path());
                }
                if (System.nanoTime() < end) {
                    note("real processes, killed under load");
                    tallies.addAll(processes.round());
                }
                fuzz.check();
            }
            tallies.add("inputs to decoders", fuzz.all());
            tallies.add("inputs to each decoder, at least", fuzz.fewest());
            return true;
        } catch (Violation e) {
            progress.println("VIOLATION: " + e.getMessage());
            return false;
        }
    }

    private void world(Database database, Path scratch) throws Exception {
        note("a world of " + EVENTS + " events, seed " + seed);
        Path folder = Files.createTempDirectory(scratch, "world");
        tallies.addAll(Simulation.run(seed++, EVENTS, database, folder));
        tallies.add("worlds");
    }

    private void note(String what) {
        progress.println("soak: " + what);
    }

    private void report(boolean sound, boolean json) {
        if (json) {
            Json.Builder counts = Json.object();
            tallies.counts().forEach(counts::put);
            System.out.println(Json.object()
                    .put("violations", sound ? 0 : 1)
                    .put("done", counts.build())
                    .build());
        } else {
            tallies.counts().forEach((what, times) -> System.out.printf("%,15d  %s%n", times, what));
            System.out.println(sound ? "Zero violations." : "A violation: see above.");
        }
    }
}
