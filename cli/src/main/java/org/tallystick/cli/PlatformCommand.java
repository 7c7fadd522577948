package org.tallystick.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.ConfigException;
import org.tallystick.platform.app.Platform;
import org.tallystick.protocol.codec.Reasons;

/** {@code tallystick platform}: the platform on its own. Runs until it is stopped. */
final class PlatformCommand {
    private PlatformCommand() {}

    static Command command() {
        return new Command(
                "platform",
                "",
                0,
                0,
                "run the platform on its own: API, log and its PostgreSQL",
                List.of(
                        "Settings come from the command line, else from TALLYSTICK_PLATFORM_… in the environment, else"
                                + " from",
                        "tallystick.properties in the data folder. With database.url it uses your PostgreSQL."),
                List.of(
                        Option.valued(
                                "--data", "DIR", "everything the platform keeps, .tallystick/platform by default"),
                        Option.valued("--host", "ADDRESS", "address to listen on, 127.0.0.1 by default"),
                        Option.valued("--port", "N", "port of the API, 8080 by default"),
                        Option.valued(
                                "--set", "A=B,C=D", "further settings by name, for example origin=example.org/log"),
                        Option.flag("--tethered", "stop when standard input closes")),
                PlatformCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) throws InterruptedException {
        Path data = arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("platform"));
        Config config = config(arguments.value("--set"), arguments.value("--host"), arguments.value("--port"), data);
        Optional<String> stopped;
        try (Platform platform = Platform.open(config, InstantSource.system())) {
            terminal.note("the platform listens on " + platform.serve(config) + "; the operator's key is in "
                    + data.resolve("operator.key"));
            stopped = StopSignal.untilStopped(arguments.has("--tethered"), platform::stopped);
        } catch (RuntimeException e) {
            throw CommandFailure.unavailable(
                    "the platform does not start: " + Reasons.of(e),
                    "check that the port is free and no other process uses " + data,
                    e);
        }
        if (stopped.isPresent()) {
            throw CommandFailure.unavailable(
                    "the platform has stopped: " + stopped.get(),
                    "start it again; if it stops again, tallystick fsck --data " + data + " says what is wrong");
        }
        return ExitCode.OK;
    }

    /** The settings of a platform; refuses what cannot be one. */
    static Config config(Optional<String> set, Optional<String> host, Optional<String> port, Path data) {
        Map<String, String> flags = new HashMap<>(Settings.parse(set, "platform"));
        host.ifPresent(given -> flags.put("host", given));
        port.ifPresent(given -> flags.put("port", given));
        try {
            flags.put("data", data.toString());
            Optional<Path> file =
                    Optional.of(data.resolve("tallystick.properties")).filter(Files::exists);
            return Config.from(flags, System.getenv(), file);
        } catch (ConfigException e) {
            throw CommandFailure.usage(
                    "the platform cannot be set up like this: " + Reasons.of(e), "tallystick platform --help");
        }
    }
}
