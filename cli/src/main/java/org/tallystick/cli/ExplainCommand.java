package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.sdk.Explanation;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.UnreachableException;

/** {@code tallystick explain REF}: walks the chain from a receipt to the money, or back, in words. */
final class ExplainCommand {
    private ExplainCommand() {}

    static Command command() {
        return new Command(
                "explain",
                "REF",
                1,
                1,
                "walk the chain from a receipt to the money, or back, in words",
                List.of(
                        "REF is a receipt (r-1-1-17), a usage (u:CONTRACT:JOB:SCOPE:HEX), a posting (t-…), a statement"
                                + " (st-…),",
                        "a line of one (st-…/3) or an invoice (iv-…). Each answer names what to ask next, both ways.",
                        "",
                        "Asks the platform at --platform, else the one running on --data, else opens --data itself."),
                List.of(
                        Option.valued("--data", "DIR", "the folder of up or demo, .tallystick/up by default"),
                        Option.valued("--platform", "URL", "a platform elsewhere"),
                        Option.valued("--key-file", "FILE", "your API key there"),
                        Option.flag("--json", "answer as JSON")),
                ExplainCommand::run);
    }

    /** An explanation to print, either from the API or from a data folder. */
    private record Told(String ref, String kind, List<String> text, List<String> madeOf, List<String> partOf) {}

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        String ref = arguments.operands().getFirst();
        Path data = arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up"));
        Told told = told(ref, arguments, data, terminal);
        String more = arguments
                .value("--platform")
                .map(url -> " --platform " + url + " --key-file "
                        + arguments.value("--key-file").orElseThrow())
                .orElseGet(() -> arguments
                        .value("--data")
                        .map(folder -> " --data " + folder)
                        .orElse(""));
        if (arguments.has("--json")) {
            terminal.line(json(told).toString());
        } else {
            told.text().forEach(terminal::line);
            say(terminal, "Made of:", told.madeOf(), more);
            say(terminal, "Part of:", told.partOf(), more);
        }
        return ExitCode.OK;
    }

    /** A key goes only to the platform it was named for: the operator's own only to the one that runs on this very folder. */
    private static Told told(String ref, Arguments arguments, Path data, Terminal terminal) {
        if (arguments.has("--platform")) {
            URI platform = arguments.address("--platform");
            Path key = arguments
                    .path("--key-file")
                    .orElseThrow(() -> CommandFailure.usage(
                            "--platform needs --key-file: no key is sent that you have not named",
                            "tallystick explain --help"));
            if (platform.getScheme().equals("http") && !isHere(platform)) {
                terminal.note("WARNING: " + platform + " is not encrypted; whoever listens reads your key");
            }
            return ask(ref, platform, key);
        }
        Optional<URI> running = LocalSystem.runningOn(data);
        return running.isPresent()
                ? ask(
                        ref,
                        running.get(),
                        arguments
                                .path("--key-file")
                                .orElseGet(() -> DataFolder.platform(data).resolve("operator.key")))
                : open(ref, data);
    }

    private static boolean isHere(URI platform) {
        return List.of("127.0.0.1", "localhost", "[::1]").contains(platform.getHost());
    }

    private static void say(Terminal terminal, String heading, List<String> refs, String more) {
        if (!refs.isEmpty()) {
            terminal.line("");
            terminal.line(heading);
            refs.forEach(ref -> terminal.line("  ./tallystick explain " + ref + more));
        }
    }

    private static Told ask(String ref, URI platform, Path keyFile) {
        try {
            Explanation answer = TallystickClient.builder(platform)
                    .apiKey(SecretFile.read(keyFile))
                    .retry(Retry.none())
                    .build()
                    .explain(ref);
            return new Told(answer.ref(), answer.kind(), answer.text(), answer.madeOf(), answer.partOf());
        } catch (ProblemException e) {
            throw unknown(Reasons.of(e));
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable(
                    "the platform at " + platform + " does not answer: " + Reasons.of(e), "start it", e);
        } catch (IOException e) {
            throw CommandFailure.usage("the key cannot be read: " + Reasons.of(e), "name it with --key-file");
        }
    }

    private static Told open(String ref, Path data) {
        try (Platform platform = DataFolder.open(data)) {
            platform.metering().catchUp(); // no other thread folds while the platform is not serving
            return switch (platform.explain().explain(ref)) {
                case Outcome.Accepted<org.tallystick.platform.audit.Explanation>(var found, var repeated) ->
                    new Told(found.ref(), found.kind(), found.text(), found.madeOf(), found.partOf());
                case Outcome.Refused<org.tallystick.platform.audit.Explanation>(var problem) ->
                    throw unknown(problem.detail());
            };
        }
    }

    private static CommandFailure unknown(String sentence) {
        return CommandFailure.wrong(sentence, "tallystick explain --help");
    }

    private static Json.Obj json(Told told) {
        return Json.object()
                .put("ref", told.ref())
                .put("kind", told.kind())
                .put("text", Json.strings(told.text()))
                .put("made_of", Json.strings(told.madeOf()))
                .put("part_of", Json.strings(told.partOf()))
                .build();
    }
}
