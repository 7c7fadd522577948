package org.tallystick.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.LocalSystem;

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
                List.of(
                        "What dies is started again. Stop it with Ctrl-C; the next start goes on where this one ended."),
                List.of(
                        Option.valued("--data", "DIR", "where everything is kept, .tallystick/up by default"),
                        Option.valued("--port", "N", "port of the API, 8080 by default"),
                        Option.valued("--edge-port", "N", "port of the edge, 8081 by default"),
                        Option.valued("--region", "CODE", "where the edge delivers: a country code, EU or EEA"),
                        Option.valued("--set", "A=B,C=D", "settings of the platform, see tallystick platform --help")),
                UpCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) throws InterruptedException {
        Path data = arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up"));
        int port = arguments.number("--port", 8080, 1, 65_535);
        int edgePort = arguments.number("--edge-port", 8081, 1, 65_535);
        for (int wanted : List.of(port, edgePort)) {
            if (Ports.inUse(wanted)) {
                throw CommandFailure.unavailable(
                        "port " + wanted + " is in use", "choose others: tallystick up --port N --edge-port M");
            }
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
            throw CommandFailure.unavailable("the system does not start: " + e.getMessage(), "", e);
        }
        return ExitCode.OK;
    }
}
