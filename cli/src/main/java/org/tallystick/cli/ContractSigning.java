package org.tallystick.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.sign.DidWeb;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractApproval;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.Mandate;
import org.tallystick.protocol.terms.Use;
import org.tallystick.sdk.SigningKey;

/** {@code contract key|mandate|approve|sign}: what needs a private key, which never leaves its file. */
final class ContractSigning {
    private final InstantSource clock;

    ContractSigning(InstantSource clock) {
        this.clock = clock;
    }

    static List<Option> options() {
        return List.of(
                Option.valued("--party", "ID", "new, sign: in whose name"),
                Option.valued("--key", "FILE", "new, sign, key: with which key (PKCS#8 in PEM)"),
                Option.flag("--only", "sign: the signature alone, as a negotiation takes it"),
                Option.flag("--jws", "sign: as a detached JSON Web Signature (EdDSA)"),
                Option.valued("--kid", "DID", "sign: what a DID document calls the key, did:web:…#…; with --jws"),
                Option.valued("--mandate", "FILE", "sign: for the creator who gave that mandate"),
                Option.valued("--agent", "ID", "mandate: who may sign for --party"),
                Option.valued("--uses", "NAMES", "mandate: for contracts that permit no others"),
                Option.valued("--contracts", "IDS", "mandate: for these contracts only"),
                Option.valued("--approver", "NAME", "approve: the part played, such as legal"));
    }

    /** Prints the public key of a key file; makes the file if there is none. */
    static ExitCode key(Arguments arguments, Terminal terminal) {
        arguments.required("--key");
        Path file = arguments.path("--key").orElseThrow();
        try {
            terminal.line(SigningKey.loadOrGenerate(file).did().toString());
        } catch (IOException e) {
            throw unusable(e);
        }
        return ExitCode.OK;
    }

    ExitCode sign(Arguments arguments, Terminal terminal) {
        ContractDocument document = ContractFiles.contract(arguments.operandPath(1));
        List<String> untrue = new ArrayList<>();
        PrintedContract.findings(document).forEach(finding -> untrue.add(finding.toString()));
        if (!untrue.isEmpty()) {
            untrue.forEach(line -> terminal.note("WRONG " + line));
            throw CommandFailure.usage(
                    "its words are not those of its terms, so nobody should sign it", "tallystick contract print");
        }
        ContractDocument signed = signed(arguments, document);
        String text = arguments.has("--only")
                ? Fields.of(signed.json(), "contract")
                                .objects("signatures")
                                .getLast()
                                .object() + "\n"
                : ContractFiles.pretty(signed.json());
        ContractFiles.write(arguments, terminal, text);
        return ExitCode.OK;
    }

    /** The document with the signature the options ask for. */
    ContractDocument signed(Arguments arguments, ContractDocument document) {
        boolean detached = arguments.has("--jws") || arguments.has("--kid");
        if (arguments.has("--mandate") && (detached || arguments.has("--party"))) {
            throw CommandFailure.usage(
                    "--mandate says itself for whom, and is signed under in digits: leave out --party, --jws and --kid",
                    "");
        }
        try {
            Signer signer = key(arguments).signer();
            if (arguments.has("--mandate")) {
                Path file = arguments.path("--mandate").orElseThrow();
                return document.signUnder(Mandate.parse(ContractFiles.object(file)), signer, now());
            }
            String party = arguments.required("--party");
            return detached
                    ? document.signDetached(
                            party, signer, arguments.value("--kid").map(DidWeb::parse), now())
                    : document.sign(party, signer, now());
        } catch (MalformedException e) {
            throw CommandFailure.usage(e.detail(), "");
        }
    }

    /**
     * Makes a mandate, by which a creator permits another party to sign; {@code --duration} says for how long,
     * {@code --dataset} for which datasets.
     */
    ExitCode mandate(Arguments arguments, Terminal terminal) {
        String id = arguments.required("--id");
        String creator = arguments.required("--party");
        String agent = arguments.required("--agent");
        try {
            Mandate.Reach reach = new Mandate.Reach(
                    items(arguments, "--dataset"),
                    items(arguments, "--contracts"),
                    items(arguments, "--uses").stream()
                            .map(text -> Use.ofWord(text)
                                    .orElseThrow(() -> CommandFailure.usage(
                                            "there is no use \"" + text + "\"", "tallystick contract --help")))
                            .collect(Collectors.toSet()),
                    Set.of());
            Instant begins = now();
            Instant ends = begins.atOffset(ZoneOffset.UTC)
                    .plus(Period.parse(arguments.value("--duration").orElse("P1Y")))
                    .toInstant();
            Mandate mandate = Mandate.sign(
                    id, creator, agent, reach, begins, ends, key(arguments).signer());
            ContractFiles.write(arguments, terminal, ContractFiles.pretty(mandate.json()));
        } catch (MalformedException e) {
            throw CommandFailure.usage(e.detail(), "");
        } catch (DateTimeException e) {
            throw CommandFailure.usage("--duration is a period like P1Y or P90D", "");
        }
        return ExitCode.OK;
    }

    private static Set<String> items(Arguments arguments, String option) {
        return arguments.value(option).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .collect(Collectors.toSet());
    }

    /** Makes an approval of the buyer's organisation, as negotiations take it. */
    static ExitCode approve(Arguments arguments, Terminal terminal) {
        ContractDocument document = ContractFiles.contract(arguments.operandPath(1));
        String approver = arguments.required("--approver");
        ContractApproval approval =
                ContractApproval.sign(approver, document, key(arguments).signer());
        ContractFiles.write(arguments, terminal, approval.json() + "\n");
        return ExitCode.OK;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static SigningKey key(Arguments arguments) {
        arguments.required("--key");
        try {
            return SigningKey.load(arguments.path("--key").orElseThrow());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static CommandFailure unusable(IOException e) {
        return CommandFailure.usage("the key cannot be used: " + Reasons.of(e), "");
    }
}
