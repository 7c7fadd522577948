package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.tallystick.cli.content.ContentSource;
import org.tallystick.cli.content.Inventory;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.LocalSystem;

/** The whole demo: starts a system, reads the content at the same time, runs {@link DemoRun}, and stops the system. */
public final class Demo {
    private Demo() {}

    /** What the caller does with the report before the system is stopped. */
    @FunctionalInterface
    public interface BeforeStop {
        void run(Report report, LocalSystem system) throws IOException, InterruptedException;
    }

    /**
     * Runs the demo.
     *
     * @param beforeStop runs once the report is made and shown, while everything still runs
     * @throws WrongSumException where a check fails
     * @throws StartFailure where a process does not start
     */
    public static Report run(DemoOptions options, Terminal terminal, InstantSource clock, BeforeStop beforeStop)
            throws Exception {
        Path data = options.data().toAbsolutePath().normalize();
        DemoFolder.prepare(data, options.fresh());
        DemoSteps steps = new DemoSteps(clock);
        DeliveryCounts counts = new DeliveryCounts(clock.instant());
        List<Integer> ports = Ports.free(2);
        LocalSystem.Settings settings =
                new LocalSystem.Settings(data, ports.get(0), ports.get(1), List.of(), List.of("--region", "EU"));
        try (ContentSource source = ContentSource.open(options.content());
                Background<Inventory> reading =
                        Background.start(() -> read(source, data.resolve("content"), terminal));
                LocalSystem system = steps.run("start", () -> LocalSystem.start(settings, terminal::note))) {
            terminal.note("platform and edge are running; their output goes to "
                    + system.layout().logs());
            Inventory inventory = steps.run("read", reading::result);
            if (inventory.works().isEmpty()) {
                throw new IOException(source.location() + " holds no file that can be read");
            }
            DemoRun run = new DemoRun(
                    new DemoRun.Context(options, data, terminal, clock, system, steps, counts), source, inventory);
            Report report = run.run();
            beforeStop.run(report, system);
            return report;
        }
    }

    private static Inventory read(ContentSource source, Path memory, Terminal terminal)
            throws IOException, InterruptedException {
        ContentSource.Listing listing = source.list();
        try (Progress progress = terminal.progress("read", listing.files().size(), "files")) {
            return Inventory.of(source, listing, memory, progress);
        }
    }
}
