package org.tallystick.cli;

import java.util.List;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.audit.Rebuild;

/** {@code tallystick rebuild}: makes the database anew from the log and the blobs. */
final class RebuildCommand {
    private RebuildCommand() {}

    static Command command() {
        return new Command(
                "rebuild",
                "",
                0,
                0,
                "make the database anew from the log and the blobs",
                List.of(
                        "Personal data, which the log must not hold, stays. Statements come out identical. The platform must",
                        "not be running. Safe to repeat."),
                List.of(Option.valued("--data", "DIR", "the folder of up or demo, .tallystick/up by default")),
                RebuildCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        try (Platform platform = DataFolder.open(
                arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up")))) {
            Rebuild.Replayed replayed = platform.rebuild().run();
            terminal.line("Rebuilt from " + Progress.grouped(replayed.entries()) + " entries of the log; "
                    + Progress.grouped(replayed.folded()) + " folded into usage sets.");
            return ExitCode.OK;
        }
    }
}
