package org.tallystick.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.ConfigException;
import org.tallystick.platform.app.Inspection;
import org.tallystick.platform.audit.Finding;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Reasons;

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
        List<Finding> findings = inspect(folder, terminal);
        boolean sound =
                findings.stream().allMatch(finding -> finding.differences().isEmpty());
        if (arguments.has("--json")) {
            terminal.line(json(sound, findings).toString());
        } else {
            findings.forEach(finding -> say(terminal, finding));
            terminal.line(sound ? "Everything is as the log says." : "Something differs.");
        }
        return sound ? ExitCode.OK : ExitCode.WRONG;
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

    private static void say(Terminal terminal, Finding finding) {
        terminal.line(
                (finding.differences().isEmpty() ? "ok     " : "WRONG  ") + finding.area() + ": " + finding.checked());
        finding.differences().forEach(difference -> terminal.line("         " + difference));
        finding.notes().forEach(note -> terminal.line("         note: " + note));
    }

    private static Json.Obj json(boolean sound, List<Finding> findings) {
        return Json.object()
                .put("sound", sound)
                .put(
                        "areas",
                        Json.array(findings.stream()
                                .map(finding -> Json.object()
                                        .put("area", finding.area())
                                        .put("checked", finding.checked())
                                        .put("differences", Json.strings(finding.differences()))
                                        .put("notes", Json.strings(finding.notes()))
                                        .build())
                                .toList()))
                .build();
    }
}
