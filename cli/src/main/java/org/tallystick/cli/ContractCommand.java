package org.tallystick.cli;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidDocument;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractSignature;
import org.tallystick.protocol.terms.Finding;

/**
 * {@code tallystick contract}: everything a person does with a contract as a file, offline. {@code check} judges form,
 * {@code verify} authenticity.
 */
final class ContractCommand {
    private static final List<String> VERBS = List.of(
            "templates",
            "new",
            "check",
            "lint",
            "diff",
            "key",
            "mandate",
            "approve",
            "sign",
            "verify",
            "price",
            "print",
            "odrl",
            "reply");
    private static final List<String> WITHOUT_FILE = List.of("templates", "new", "key", "mandate", "price");
    private static final String CHECK = "check";
    private static final String VERIFY = "verify";

    private ContractCommand() {}

    static Command command() {
        return command(InstantSource.system(), new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    static Command command(InstantSource clock, Reader input) {
        List<Option> options = new ArrayList<>(List.of(
                Option.valued("--template", "NAME", "new: which template"),
                Option.valued("--format", "FORMAT", "print: markdown (the standard) or html"),
                Option.valued("--did", "FILES", "verify: DID documents for did:web keys; nothing is fetched"),
                Option.valued("--as", "KIND", "reply: accept, counter, ask or decline"),
                Option.valued("--out", "FILE", "write there instead of to standard output"),
                Option.flag("--force", "write over a file that is there"),
                Option.flag("--json", "answer as JSON")));
        options.addAll(ContractSigning.options());
        options.addAll(ContractPrice.options());
        options.addAll(ContractNew.options());
        return new Command(
                "contract",
                "VERB [FILE …]",
                1,
                3,
                "make, read, check, sign and price data contracts",
                List.of(
                        "templates        the kinds of deals there are, one a line",
                        "new              a contract from --template NAME; what no flag says is asked",
                        "check FILE       form and arithmetic: members, price, splits that add up to the whole",
                        "lint FILE        traps: why, for whom, and the clause that would mend each",
                        "diff FILE FILE   what differs between two versions",
                        "key              the did:key of --key, which is made if there is no such file",
                        "mandate          a creator's leave for another to sign: --id, --party, --agent, --duration",
                        "approve FILE     a yes from inside the buyer's organisation, by --approver",
                        "sign FILE        the contract with the signature of --party, made with --key",
                        "verify FILE      every signature, by the key it names, and whether the words signed over are",
                        "                 those of the terms; whether a key is the party's is for you to know",
                        "price            ranges for a first offer, from --works and whatever else is known",
                        "print FILE       the contract in plain English",
                        "odrl FILE        a contract as an ODRL policy, or a policy as a contract",
                        "reply FILE       a letter in answer; --as counter --out FILE also writes a counter-offer",
                        "Exit code 1 says that something does not hold, is dangerous (lint) or differs (diff)."),
                options,
                (arguments, terminal) -> run(arguments, terminal, clock, input));
    }

    private static ExitCode run(Arguments arguments, Terminal terminal, InstantSource clock, Reader input) {
        ContractSigning signing = new ContractSigning(clock);
        String what = arguments.operands().getFirst();
        if (!VERBS.contains(what)) {
            throw CommandFailure.usage(
                    "contract knows " + String.join(", ", VERBS) + ", not \"" + what + "\"",
                    "tallystick contract --help");
        }
        boolean alone = WITHOUT_FILE.contains(what);
        if (alone != (arguments.operands().size() == 1)
                || (!what.equals("diff") && arguments.operands().size() > 2)) {
            throw CommandFailure.usage(
                    "contract " + what + (alone ? " takes no file" : " needs a file"), "tallystick contract --help");
        }
        try {
            return switch (what) {
                case "templates" -> ContractNew.templates(terminal);
                case "new" -> new ContractNew(signing, input).create(arguments, terminal);
                case "key" -> ContractSigning.key(arguments, terminal);
                case "mandate" -> signing.mandate(arguments, terminal);
                case "approve" -> ContractSigning.approve(arguments, terminal);
                case "sign" -> signing.sign(arguments, terminal);
                case "lint" -> ContractReading.lint(arguments, terminal);
                case "diff" -> ContractReading.diff(arguments, terminal);
                case "print" -> ContractReading.print(arguments, terminal);
                case "odrl" -> ContractReading.odrl(arguments, terminal);
                case "reply" -> ContractReading.reply(arguments, terminal);
                case "price" -> ContractPrice.run(arguments, terminal);
                default -> judge(what, arguments, terminal, clock.instant());
            };
        } catch (MalformedException e) {
            terminal.line("WRONG " + new Finding(e.reason(), "document", e.detail()));
            return ExitCode.WRONG;
        }
    }

    private static ExitCode judge(String what, Arguments arguments, Terminal terminal, Instant now) {
        Path file = arguments.operandPath(1);
        List<Finding> findings = new ArrayList<>();
        List<String> facts = new ArrayList<>();
        try {
            ContractDocument contract = ContractFiles.contract(file);
            facts.addAll(facts(contract));
            if (what.equals(VERIFY)) {
                findings.addAll(verify(contract, documents(arguments), now));
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

    private static List<DidDocument> documents(Arguments arguments) {
        return arguments.value("--did").stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(file -> DidDocument.parse(ContractFiles.read(Path.of(file))))
                .toList();
    }

    private static List<Finding> verify(ContractDocument contract, List<DidDocument> documents, Instant now) {
        List<Finding> findings = new ArrayList<>(contract.verifyByStatedKeys(Ed25519.verifier()));
        findings.addAll(contract.verifyNames(documents, now));
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
        for (ContractSignature signature : contract.signatures()) {
            signature
                    .mandate()
                    .ifPresent(mandate -> facts.add("mandate    " + mandate.agent() + " signs for " + mandate.creator()
                            + " under " + mandate.id() + ", until " + mandate.ends()));
        }
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
}
