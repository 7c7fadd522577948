package org.tallystick.bench.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.bench.sim.Tallies;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.demo.Demo;
import org.tallystick.cli.demo.DemoOptions;
import org.tallystick.cli.demo.DoesNotAddUpException;
import org.tallystick.cli.demo.Report;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.audit.Finding;

/**
 * The real processes under load, killed with {@code kill -9} again and again. Each round is a whole run of the demo, which
 * compares every receipt handed out with the log and every amount with what was planned; after it, everything that is kept
 * is recomputed.
 */
final class Processes {
    private static final int CREATORS = 6;
    private static final int WORKS = 60;
    private static final int KILLS = 24;

    private final Path content;
    private final Path data;

    Processes(Path folder, SplittableRandom random) throws IOException {
        this.content = folder.resolve("content");
        this.data = folder.resolve("system");
        for (int i = 0; i < CREATORS; i++) {
            Path creator = Files.createDirectories(content.resolve("creator-" + i));
            for (int j = 0; j < WORKS; j++) {
                byte[] work = new byte[random.nextInt(40_000)];
                random.nextBytes(work);
                Files.write(creator.resolve("work-" + j), work);
            }
        }
    }

    /** One round; the data of the rounds before it stays. */
    Tallies round() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(said, said, false, InstantSource.system());
        DemoOptions options = new DemoOptions(Optional.of(content), data, false, Optional.empty(), KILLS, false, 4);
        Tallies tallies = new Tallies();
        try {
            Report report = Demo.run(options, terminal, InstantSource.system(), (found, system) -> {});
            tallies.add("processes killed", KILLS);
            tallies.add("rounds of real processes");
            tallies.add("receipts of real processes", report.deliveries());
            check(tallies);
            return tallies;
        } catch (DoesNotAddUpException e) {
            throw new Violation(e.getMessage() + "\n" + said.toString(StandardCharsets.UTF_8), e);
        }
    }

    /** Recomputes everything that is kept, with nothing running. */
    private void check(Tallies tallies) {
        Config config = Config.from(Map.of("data", data.resolve("platform").toString()), Map.of(), Optional.empty());
        try (Platform platform = Platform.open(config, InstantSource.system())) {
            List<Finding> findings = platform.fsck().run(area -> {});
            for (Finding finding : findings) {
                if (!finding.differences().isEmpty()) {
                    throw new Violation("fsck finds in " + finding.area() + ": " + finding.differences());
                }
            }
            tallies.add("gaps left by killed edges", (long) platform.rooms()
                    .database()
                    .read(tx -> platform.rooms().delivery().intake().gaps(tx).size()));
        }
    }
}
