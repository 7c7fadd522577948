package org.tallystick.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.demo.Demo;
import org.tallystick.cli.demo.DemoOptions;
import org.tallystick.cli.demo.Report;
import org.tallystick.cli.demo.WrongSumException;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.UnreachableException;
import org.tallystick.sdk.UntrustedException;

/** {@code tallystick demo}: the whole loop on real files. */
final class DemoCommand {
    private DemoCommand() {}

    static Command command() {
        return new Command(
                "demo",
                "",
                0,
                0,
                "run the whole pay-for-training loop on real files, from upload to verified statements",
                List.of(
                        "Each first-level folder of the content is a creator, each file below it a work. Two buyers"
                                + " train",
                        "on all of it; every receipt is verified; money is settled, stated and checked to the last"
                                + " unit.",
                        "Exit code 1 says that something did not add up, and what."),
                List.of(
                        Option.valued("--content", "DIR|ZIP", "the works; the JDK's own sources without it"),
                        Option.valued(
                                "--data",
                                "DIR",
                                "where the run lies; by default a folder of its own per content below .tallystick"),
                        Option.flag("--fresh", "clear what earlier runs left there; else published works are kept"),
                        Option.valued("--report", "FILE", "write what was found as JSON"),
                        Option.valued("--workers", "N", "workers of each job, 4 by default"),
                        Option.flag("--headless", "plain lines, no bars, never wait for anybody"),
                        Option.flag("--chaos", "kill platform, edge and database in the middle of the deliveries"),
                        Option.flag("--keep-running", "leave everything running afterwards, until interrupted")),
                DemoCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        Terminal shown = arguments.has("--headless") ? terminal.plain() : terminal;
        DemoOptions options = new DemoOptions(
                arguments.path("--content"),
                arguments.path("--data").orElseGet(() -> folderFor(arguments.path("--content"))),
                arguments.has("--fresh"),
                arguments.path("--report"),
                arguments.has("--chaos") ? 4 : 0,
                arguments.has("--keep-running"),
                arguments.number("--workers", 4, 1, 64));
        try {
            Report report = Demo.run(
                    options, shown, InstantSource.system(), (found, system) -> finish(options, shown, found, system));
            return report.verified() ? ExitCode.OK : ExitCode.WRONG;
        } catch (WrongSumException | UntrustedException e) {
            throw CommandFailure.wrong(
                    "the demo does not add up: " + Reasons.of(e), "the run lies in " + options.data());
        } catch (StartFailure e) {
            e.lastLines().forEach(shown::note);
            throw CommandFailure.unavailable(e.sentence(), "read " + e.log(), e);
        } catch (ProblemException e) {
            throw CommandFailure.wrong("the platform refused a step of the demo: " + Reasons.of(e), logsIn(options));
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable("a server is gone: " + Reasons.of(e), logsIn(options), e);
        } catch (IOException e) {
            throw CommandFailure.unavailable("the demo cannot run: " + Reasons.of(e), "tallystick demo --help", e);
        }
    }

    /** The demo's data folder. Each content has one of its own, so that figures of different contents do not mix. */
    private static Path folderFor(Optional<Path> content) {
        return content.map(path -> Sha256.hash(
                                path.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8))
                        .hex()
                        .substring(0, 8))
                .map(name -> StateFolder.state().resolve("demo-" + name))
                .orElseGet(() -> StateFolder.state().resolve("demo"));
    }

    private static String logsIn(DemoOptions options) {
        return "read the logs in " + options.data().resolve("logs");
    }

    private static void finish(DemoOptions options, Terminal terminal, Report report, LocalSystem system)
            throws IOException, InterruptedException {
        if (options.report().isPresent()) {
            write(options.report().get(), report.json());
        }
        terminal.line(report.verified() ? "Everything adds up." : "Something does not add up.");
        if (options.keepRunning()) {
            for (Map.Entry<String, String> where : system.whereToLook().entrySet()) {
                terminal.note(where.getKey() + ": " + where.getValue());
            }
            terminal.note("running until you stop it (Ctrl-C)");
            StopSignal.untilStopped(false);
        }
    }

    private static void write(Path file, Json.Obj report) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, report + "\n", StandardCharsets.UTF_8);
    }
}
