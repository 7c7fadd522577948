package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.Layout;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.edge.EdgeConfig;
import org.tallystick.protocol.codec.Reasons;

/** {@code tallystick up}: platform and edge for real, their data kept. Runs until it is stopped. */
final class UpCommand {
    private UpCommand() {}

    static Command command() {
        return new Command(
                "up",
                "",
                0,
                0,
                "run platform and edge for real and keep their data",
                List.of("What dies is started again. Stop it with Ctrl-C; the next start goes on where this one"
                        + " ended."),
                List.of(
                        Option.valued("--data", "DIR", "where everything is kept, .tallystick/up by default"),
                        Option.valued("--port", "N", "port of the API, 8080 by default"),
                        Option.valued("--edge-port", "N", "port of the edge, 8081 by default"),
                        Option.valued("--region", "CODE", "where the edge delivers: a country code, EU or EEA"),
                        Option.valued("--set", "A=B,C=D", "settings of the platform, see tallystick platform --help")),
                UpCommand::run);
    }

    /** Refuses at once what could only fail in the processes, over and over. */
    private static void check(Arguments arguments, Path data, int port, int edgePort) {
        if (port == edgePort) {
            throw CommandFailure.usage(
                    "--port and --edge-port are both " + port + ": two servers cannot share a port",
                    "tallystick up --help");
        }
        if (Files.exists(data) && !Files.isDirectory(data)) {
            throw CommandFailure.usage(data + " is a file, not a folder", "name a folder with --data");
        }
        Layout layout = new Layout(data);
        PlatformCommand.config(arguments.value("--set"), Optional.empty(), Optional.empty(), layout.platform());
        arguments.value("--region").ifPresent(region -> {
            try {
                EdgeConfig.of(layout.edge(), URI.create("http://127.0.0.1"), 1, "none")
                        .with(Map.of("region", region));
            } catch (IllegalArgumentException e) {
                throw CommandFailure.usage(
                        "--region " + region + " cannot be: " + Reasons.of(e), "tallystick up --help");
            }
        });
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) throws InterruptedException {
        Path data = arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up"));
        int port = arguments.number("--port", 8080, 1, 65_535);
        int edgePort = arguments.number("--edge-port", 8081, 1, 65_535);
        check(arguments, data, port, edgePort);
        for (int wanted : List.of(port, edgePort)) {
            Ports.objection(wanted).ifPresent(why -> {
                throw CommandFailure.unavailable(
                        "port " + wanted + " " + why, "choose others: tallystick up --port N --edge-port M");
            });
        }
        List<String> platformOptions =
                arguments.value("--set").map(text -> List.of("--set", text)).orElse(List.of());
        List<String> edgeOptions = arguments
                .value("--region")
                .map(region -> List.of("--region", region))
                .orElse(List.of());
        LocalSystem.Settings settings = new LocalSystem.Settings(data, port, edgePort, platformOptions, edgeOptions);
        try (LocalSystem system = LocalSystem.start(settings, terminal::note)) {
            system.whereToLook().forEach((what, where) -> terminal.line(what + ": " + where));
            terminal.line("Ready. Stop with Ctrl-C.");
            StopSignal.untilStopped(false);
        } catch (StartFailure e) {
            e.lastLines().forEach(terminal::note);
            throw CommandFailure.unavailable(e.sentence(), "read " + e.log(), e);
        } catch (IOException e) {
            throw CommandFailure.unavailable("the system does not start: " + Reasons.of(e), "", e);
        }
        return ExitCode.OK;
    }
}
