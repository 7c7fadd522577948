package org.tallystick.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.system.EdgeCopy;
import org.tallystick.cli.system.Layout;
import org.tallystick.platform.app.Backup;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.protocol.codec.Reasons;

/** {@code tallystick backup} and {@code tallystick restore}: a copy of a node that runs, and a node from a copy. */
final class BackupCommand {
    private BackupCommand() {}

    static Command backup() {
        return new Command(
                "backup",
                "",
                0,
                0,
                "copy a node to another folder while it runs",
                List.of(
                        "The log, the works, the keys, the personal data and the receipts the edge still holds. Into"
                                + " the",
                        "same folder again it takes only what is new. The copy holds secrets: keep it like a key."),
                List.of(
                        Option.valued("--data", "DIR", "the folder of up or demo, .tallystick/up by default"),
                        Option.valued("--to", "DIR", "where the copy goes")),
                BackupCommand::take);
    }

    static Command restore() {
        return new Command(
                "restore",
                "",
                0,
                0,
                "make a node from a backup",
                List.of(
                        "Into an empty folder; the database is made again from the log. The edge goes on under a new"
                                + " key.",
                        "Start it with: tallystick up --data DIR. The original must not run any more."),
                List.of(
                        Option.valued("--from", "DIR", "the backup"),
                        Option.valued("--data", "DIR", "the folder of the node to be")),
                BackupCommand::restore);
    }

    private static ExitCode take(Arguments arguments, Terminal terminal) {
        Path data = arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up"));
        Path to = Path.of(arguments.required("--to"));
        Path platform = DataFolder.platform(data);
        try {
            PrivateFolder.own(to);
            int edge = EdgeCopy.copy(data, to);
            Backup.Copied copied =
                    Backup.take(DataFolder.config(platform), new Layout(to).platform(), InstantSource.system());
            say(terminal, "Copied", copied, edge);
            return ExitCode.OK;
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            throw CommandFailure.unavailable("the backup is not complete: " + Reasons.of(e), "ask again", e);
        }
    }

    private static ExitCode restore(Arguments arguments, Terminal terminal) {
        Path from = Path.of(arguments.required("--from"));
        Path data = Path.of(arguments.required("--data"));
        Path platform = DataFolder.platform(from);
        try {
            Backup.Copied copied =
                    Backup.restore(platform, DataFolder.config(new Layout(data).platform()), InstantSource.system());
            int edge = EdgeCopy.copy(from, data);
            say(terminal, "Restored", copied, edge);
            return ExitCode.OK;
        } catch (IOException | RuntimeException e) {
            throw CommandFailure.unavailable(
                    "the backup cannot be restored: " + Reasons.of(e), "give an empty folder with --data", e);
        }
    }

    private static void say(Terminal terminal, String what, Backup.Copied copied, int edge) {
        terminal.line(what + " a log of " + Progress.grouped(copied.entries()) + " entries: "
                + Progress.grouped(copied.files()) + " files, " + Progress.grouped(copied.bytes()) + " bytes, "
                + Progress.grouped(copied.personalRows()) + " rows of personal data, " + edge + " files of the edge.");
    }
}
