package org.tallystick.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.protocol.codec.Reasons;

/** {@code tallystick omission STATEMENT RECEIPT}: proves that a close left out a use, or says why there is nothing to prove. */
final class OmissionCommand {
    private static final Pattern RECEIPT = Pattern.compile("r-([0-9]{1,9})-([0-9]{1,9})-([0-9]{1,18})");

    private OmissionCommand() {}

    static Command command() {
        return new Command(
                "omission",
                "STATEMENT RECEIPT",
                2,
                2,
                "prove that a close left out a use of a creator's work, from a statement and a receipt",
                List.of(
                        "STATEMENT is the file of the work's creator, RECEIPT a delivery of the work (r-1-1-17). The"
                                + " log and the",
                        "receipts are read from --data: a copy of a platform's folder, as auditors have it.",
                        "",
                        "Writes the proof to --out; anybody checks it offline with tallystick verify. Exit code 1 says"
                                + " why there is",
                        "nothing to prove: the close counts the use, its edge took it back, or it counts for nothing."),
                List.of(
                        Option.valued("--data", "DIR", "the folder of up or demo, .tallystick/up by default"),
                        Option.valued("--out", "FILE", "where the proof goes, omission.json by default")),
                OmissionCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        Matcher receipt = RECEIPT.matcher(arguments.operands().getLast());
        if (!receipt.matches()) {
            throw CommandFailure.usage("a receipt is named r-EDGE-EPOCH-NUMBER", "tallystick omission --help");
        }
        Path out = arguments.path("--out").orElseGet(() -> Path.of("omission.json"));
        Path data = arguments.path("--data").orElseGet(() -> StateFolder.state().resolve("up"));
        try (Platform platform = DataFolder.open(data)) {
            platform.metering().catchUp(); // no other thread folds while the platform is not serving
            Outcome<byte[]> made = platform.settlement()
                    .omission(
                            Files.readAllBytes(arguments.operandPath(0)),
                            Integer.parseInt(receipt.group(1)),
                            Integer.parseInt(receipt.group(2)),
                            Long.parseLong(receipt.group(3)));
            switch (made) {
                case Outcome.Accepted<byte[]>(var proof, var repeated) -> {
                    Files.write(out, proof);
                    terminal.line("The close leaves out " + receipt.group() + ". The proof is in " + out
                            + ": tallystick verify " + out);
                    return ExitCode.OK;
                }
                case Outcome.Refused<byte[]>(var problem) -> {
                    terminal.line("NOTHING TO PROVE " + problem.type() + ": " + problem.detail());
                    return ExitCode.WRONG;
                }
            }
        } catch (IOException e) {
            throw CommandFailure.unavailable("files cannot be read or written: " + Reasons.of(e), "", e);
        }
    }
}
