package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.edge.EdgeConfig;
import org.tallystick.edge.EdgeServer;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.sdk.SecretFile;

/** {@code tallystick edge}: an edge on its own, against a platform elsewhere. Runs until it is stopped. */
final class EdgeCommand {
    private EdgeCommand() {}

    static Command command() {
        return new Command(
                "edge",
                "",
                0,
                0,
                "run an edge on its own, against a platform elsewhere",
                List.of(
                        "Register the edge first: POST /edges at the platform gives its number and its API key.",
                        "Stopping it loses nothing: what the platform has not acknowledged is shipped after the next"
                                + " start."),
                List.of(
                        Option.valued("--platform", "URL", "the platform's address"),
                        Option.valued("--number", "N", "the edge's number"),
                        Option.valued("--key-file", "FILE", "holds the edge's API key, readable by its owner only"),
                        Option.valued("--data", "DIR", "the edge's own folder: keys, spool, cache"),
                        Option.valued("--host", "ADDRESS", "address to listen on, 127.0.0.1 by default"),
                        Option.valued("--port", "N", "port to listen on, 8081 by default"),
                        Option.valued("--region", "CODE", "where it delivers: a country code, EU or EEA"),
                        Option.valued("--set", "A=B,C=D", "further settings by name, for example spoolBytes=64MiB"),
                        Option.flag("--tethered", "stop when standard input closes")),
                EdgeCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) throws InterruptedException {
        EdgeConfig config = config(arguments);
        try (EdgeServer server = EdgeServer.start(config)) {
            terminal.note("edge " + config.edge() + " listens on " + config.host() + ":" + server.port());
            StopSignal.untilStopped(arguments.has("--tethered"));
        } catch (IOException | IllegalStateException e) {
            throw CommandFailure.unavailable(
                    "the edge does not start: " + Reasons.of(e),
                    "check that the port is free and the folder is not used by another edge",
                    e);
        }
        return ExitCode.OK;
    }

    private static EdgeConfig config(Arguments arguments) {
        URI platform = arguments.address("--platform");
        int number = arguments.number("--number", 0, 1, Integer.MAX_VALUE);
        Path keyFile = Path.of(arguments.required("--key-file"));
        Path data = Path.of(arguments.required("--data"));
        Map<String, String> settings = new HashMap<>(Settings.parse(arguments.value("--set"), "edge"));
        settings.put("host", arguments.value("--host").orElse("127.0.0.1"));
        arguments.value("--region").ifPresent(region -> settings.put("region", region));
        settings.put("port", Integer.toString(arguments.number("--port", 8081, 0, 65_535)));
        try {
            return EdgeConfig.of(
                            data, platform, number, SecretFile.read(keyFile).strip())
                    .with(settings);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(
                    "the edge cannot be set up like this: " + Reasons.of(e), "tallystick edge --help");
        } catch (IOException e) {
            throw CommandFailure.usage("the edge's key cannot be read: " + Reasons.of(e), "tallystick edge --help");
        }
    }
}
