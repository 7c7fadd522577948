package org.tallystick.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Reasons;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.ConfigException;
import org.tallystick.platform.app.Inspection;
import org.tallystick.platform.audit.Finding;

/** {@code tallystick fsck}: recomputes everything a platform keeps and says what differs. Changes nothing. */
final class FsckCommand {
    private FsckCommand() {}

    static Command command() {
        return new Command(
                "fsck",
                "",
                0,
                0,
                "recompute everything a platform keeps and say what differs",
                List.of(
                        "Log, blobs, bundles of receipts, usage sets, ledger, statements; where the log is too damaged"
                                + " for",
                        "some of it, the rest. Lists the gaps in edges' numbers, and what revoked keys have signed"
                                + " since. Exit",
                        "code 1 says that something differs. The platform must not be running."),
                List.of(
                        Option.valued("--data", "DIR", "the folder of up or demo, .tallystick/up by default"),
                        Option.flag("--json", "answer as JSON")),
                FsckCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        Path folder = DataFolder.platform(
                arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up")));
        return Findings.say(
                inspect(folder, terminal), arguments.has("--json"), "Everything is as the log says.", terminal);
    }

    private static List<Finding> inspect(Path folder, Terminal terminal) {
        try {
            return Inspection.of(
                    DataFolder.config(folder), InstantSource.system(), area -> terminal.note("checking " + area));
        } catch (ConfigException e) {
            throw CommandFailure.usage("the settings in " + folder + " cannot be used: " + Reasons.of(e), "");
        } catch (RuntimeException e) {
            throw DataFolder.doesNotOpen(folder, e);
        }
    }
}
