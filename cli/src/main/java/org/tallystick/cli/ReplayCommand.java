package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Reasons;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.Inspection;
import org.tallystick.platform.log.LogDamagedException;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.UnreachableException;

/** {@code tallystick replay}: an auditor's recount of everything, from the log and the receipts alone. */
final class ReplayCommand {
    private ReplayCommand() {}

    static Command command() {
        return new Command(
                "replay",
                "",
                0,
                0,
                "count and compute everything again from a platform's log, as an auditor",
                List.of(
                        "With --platform: copies the log, the receipts and what else entries refer to into --copy"
                                + " (what is there",
                        "already is not fetched again; works are not copied), with an auditor's API key. Then, and"
                                + " without",
                        "--platform at once, checks every batch, counts all uses and computes every close again from"
                                + " the copy.",
                        "Needs nothing of the platform's disk or database. Exit code 1 says that something differs."),
                List.of(
                        Option.valued("--copy", "DIR", "where the copy lies or goes"),
                        Option.valued("--platform", "URL", "the platform to copy from"),
                        Option.valued("--key-file", "FILE", "your API key there, an auditor's"),
                        Option.valued(
                                "--key",
                                "VKEY",
                                "the log's public key, \"vkey\" of GET /keys, from elsewhere than here"),
                        Option.flag("--json", "answer as JSON")),
                ReplayCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        Path copy = arguments
                .path("--copy")
                .orElseThrow(() -> CommandFailure.usage("replay needs --copy DIR", "tallystick replay --help"));
        NoteKey key = key(arguments);
        try {
            if (arguments.has("--platform")) {
                copy(arguments, copy, key, terminal);
            }
            return Findings.say(
                    Inspection.ofCopy(copy, key, area -> terminal.note("checking " + area)),
                    arguments.has("--json"),
                    "What the log says adds up.",
                    terminal);
        } catch (LogDamagedException | MalformedException e) {
            throw CommandFailure.wrong(Reasons.of(e), "tallystick replay --help");
        }
    }

    private static NoteKey key(Arguments arguments) {
        String text = arguments
                .value("--key")
                .orElseThrow(() -> CommandFailure.usage(
                        "a log says nothing without its public key",
                        "tallystick replay --key VKEY, with \"vkey\" of GET /keys, which you know from elsewhere"));
        try {
            return NoteKey.parse(text);
        } catch (MalformedException e) {
            throw CommandFailure.usage("--key is no log's public key: " + e.detail(), "tallystick replay --help");
        }
    }

    private static void copy(Arguments arguments, Path copy, NoteKey key, Terminal terminal) {
        URI platform = arguments.address("--platform");
        Path keyFile = arguments
                .path("--key-file")
                .orElseThrow(() -> CommandFailure.usage(
                        "--platform needs --key-file: no key is sent that you have not named",
                        "tallystick replay --help"));
        try {
            Files.createDirectories(copy);
            TallystickClient auditor = TallystickClient.builder(platform)
                    .apiKey(SecretFile.read(keyFile))
                    .build();
            long size = new LogCopy(
                            auditor.log(),
                            copy,
                            entries -> terminal.note(Progress.grouped(entries) + " entries copied"))
                    .run(key);
            terminal.note(Progress.grouped(size) + " entries of the log are in " + copy);
        } catch (ProblemException e) {
            throw CommandFailure.wrong(Reasons.of(e), "an auditor's API key is needed");
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable(
                    "the platform at " + platform + " does not answer: " + Reasons.of(e), "try again", e);
        } catch (IOException e) {
            throw CommandFailure.unavailable(copy + ": " + Reasons.of(e), "", e);
        }
    }
}
