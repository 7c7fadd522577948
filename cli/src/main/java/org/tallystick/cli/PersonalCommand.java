package org.tallystick.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.sdk.PartyData;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.UnreachableException;

/** {@code tallystick personal}: what a platform keeps of a party's words, shown, rectified and erased. */
final class PersonalCommand {
    private static final String HELP = "tallystick personal --help";
    private static final String OUT = "--out";
    private static final String NAME = "--name";
    private static final String DESTINATIONS = "--payout-destinations";
    private static final String YES = "--yes";

    private PersonalCommand() {}

    static Command command() {
        return new Command(
                "personal",
                "export|rename|erase PARTY",
                2,
                2,
                "show, rectify or erase what is kept of a party's words and name",
                List.of(
                        "export writes one ZIP archive: words with the salts that prove them, contracts, statements,"
                                + " payouts.",
                        "rename gives the party another display name; the one before is forgotten.",
                        "erase forgets manifests' words, titles, messages, reasons, the display name and the API keys,"
                                + " also the",
                        "one it is asked with. Ids and the history of money stay; what is kept is printed. It cannot"
                                + " be undone."),
                List.of(
                        Option.valued("--platform", "URL", "the platform"),
                        Option.valued("--key-file", "FILE", "the party's API key, or an operator's"),
                        Option.valued(OUT, "FILE", "export: where the archive goes; nothing is overwritten"),
                        Option.valued(NAME, "TEXT", "rename: the new display name"),
                        Option.flag(DESTINATIONS, "erase: forget where money is paid to as well"),
                        Option.flag(YES, "erase: it is meant")),
                PersonalCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        String what = arguments.operands().get(0);
        String party = arguments.operands().get(1);
        URI platform = URI.create(needed(arguments, "--platform"));
        try {
            TallystickClient client = TallystickClient.builder(platform)
                    .apiKey(SecretFile.read(Path.of(needed(arguments, "--key-file")))
                            .strip())
                    .retry(Retry.none())
                    .build();
            act(what, new PartyData(client, party), party, arguments, terminal);
            return ExitCode.OK;
        } catch (ProblemException e) {
            throw CommandFailure.wrong(Reasons.of(e), HELP);
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable("the platform at " + platform + " does not answer", "start it", e);
        } catch (IOException | UncheckedIOException e) {
            throw CommandFailure.usage("a file cannot be read or written: " + Reasons.of(e), "name another file");
        }
    }

    private static void act(String what, PartyData data, String party, Arguments arguments, Terminal terminal) {
        switch (what) {
            case "export" -> {
                Path file = Path.of(needed(arguments, OUT));
                if (Files.exists(file)) {
                    throw CommandFailure.usage(file + " is there already", "name another file with " + OUT);
                }
                data.export(file);
                terminal.line("Written: " + file);
            }
            case "rename" ->
                terminal.line("Renamed: " + data.rename(needed(arguments, NAME)).id());
            case "erase" -> {
                if (!arguments.has(YES)) {
                    throw CommandFailure.usage(
                            "an erasure of " + party + " cannot be undone", "add " + YES + " if it is meant");
                }
                PartyData.Erased erased = data.erase(arguments.has(DESTINATIONS));
                terminal.line(
                        "Erased: " + erased.words() + " texts of " + party + ", its name and its API keys. Kept:");
                erased.kept().forEach(line -> terminal.line("  " + line));
            }
            default -> throw CommandFailure.usage("there is no personal " + what, HELP);
        }
    }

    private static String needed(Arguments arguments, String option) {
        return arguments.value(option).orElseThrow(() -> CommandFailure.usage(option + " is missing", HELP));
    }
}
