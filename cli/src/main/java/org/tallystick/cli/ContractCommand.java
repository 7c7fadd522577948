package org.tallystick.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.ContractDocument;
import org.tallystick.protocol.Finding;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.MalformedException;
import org.tallystick.protocol.contract.PrintedContract;

/** {@code tallystick contract check|verify FILE}: what a data contract says, and who has really signed it. */
final class ContractCommand {
    private static final String CHECK = "check";
    private static final String VERIFY = "verify";

    private ContractCommand() {}

    static Command command() {
        return new Command(
                "contract",
                "check|verify FILE",
                2,
                2,
                "say whether a data contract is well-formed (check) and truly signed (verify)",
                List.of(
                        "check   form and arithmetic: members, price, splits that add up to the whole",
                        "verify  also every signature, by the key it names; whether that key is the party's is for you"
                                + " to",
                        "        know or for a platform to check",
                        "Exit code 1 says that something does not hold."),
                List.of(Option.flag("--json", "answer as JSON")),
                ContractCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        String what = arguments.operands().getFirst();
        if (!what.equals(CHECK) && !what.equals(VERIFY)) {
            throw CommandFailure.usage(
                    "contract knows check and verify, not \"" + what + "\"", "tallystick contract --help");
        }
        Path file = arguments.operandPath(1);
        List<Finding> findings = new ArrayList<>();
        List<String> facts = new ArrayList<>();
        try {
            ContractDocument contract = ContractDocument.parse(read(file));
            facts.addAll(facts(contract));
            if (what.equals(VERIFY)) {
                findings.addAll(verify(contract));
            }
        } catch (MalformedException e) {
            findings.add(new Finding(e.reason(), "document", e.detail()));
        }
        if (arguments.has("--json")) {
            terminal.line(json(what, findings).toString());
        } else {
            say(terminal, what, facts, findings);
        }
        return findings.isEmpty() ? ExitCode.OK : ExitCode.WRONG;
    }

    private static List<Finding> verify(ContractDocument contract) {
        List<Finding> findings = new ArrayList<>(contract.verifyByStatedKeys(Ed25519.verifier()));
        findings.addAll(PrintedContract.findings(contract));
        if (contract.signatures().isEmpty()) {
            findings.add(new Finding("contract/signature-missing", "signatures", "nobody has signed"));
        }
        return findings;
    }

    private static void say(Terminal terminal, String what, List<String> facts, List<Finding> findings) {
        facts.forEach(terminal::line);
        if (findings.isEmpty()) {
            terminal.line(
                    what.equals(CHECK) ? "Well-formed." : "Every signature fits these terms and the key it names.");
        }
        findings.forEach(finding -> terminal.line("WRONG " + finding));
    }

    private static List<String> facts(ContractDocument contract) {
        List<String> facts = new ArrayList<>();
        facts.add("contract   " + contract.id() + " on dataset " + contract.dataset());
        contract.buyer().ifPresent(buyer -> facts.add("buyer      " + buyer));
        contract.curator().ifPresent(curator -> facts.add("curator    " + curator));
        contract.datasetVersion().ifPresent(root -> facts.add("version    " + root.hex()));
        facts.add("price      "
                + contract.compensation()
                        .simple()
                        .map(pricing -> pricing.price().amount().toPlainString() + " "
                                + pricing.price().currency())
                        .orElseGet(() -> contract.compensation().charges().size() + " charges in "
                                + contract.compensation().currency()));
        contract.payout()
                .splits()
                .forEach(
                        split -> facts.add("split      " + split.share().toPlainString() + " to " + split.recipient()));
        facts.add("signatures " + contract.signatures().size());
        return facts;
    }

    private static Json.Obj json(String what, List<Finding> findings) {
        return Json.object()
                .put("checked", what)
                .put("holds", findings.isEmpty())
                .put(
                        "findings",
                        Json.array(findings.stream()
                                .map(finding -> Json.object()
                                        .put("reason", finding.reason())
                                        .put("subject", finding.subject())
                                        .put("detail", finding.detail())
                                        .build())
                                .toList()))
                .build();
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > ContractDocument.MAX_BYTES) {
                throw new MalformedException("contract/oversized", "the file has " + Files.size(file) + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage("there is no file " + file, "");
        } catch (IOException e) {
            throw CommandFailure.unavailable("the file " + file + " cannot be read: " + e.getMessage(), "", e);
        }
    }
}
