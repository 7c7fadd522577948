package org.tallystick.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.ForkProof;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.LogCheck;
import org.tallystick.protocol.statement.Omission;
import org.tallystick.protocol.statement.OmissionVerifier;
import org.tallystick.protocol.statement.Paper;
import org.tallystick.protocol.statement.PaperFile;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.statement.Statement;

/**
 * {@code tallystick verify FILE}: checks a statement file offline. Needs nothing but the file and the platform's public
 * key: no database, no network, no other file. What is about the log itself is {@link VerifyLog}'s.
 */
final class VerifyCommand {
    /** The name of the file beside a statement in which the platform's public key is looked for. */
    static final String KEY_FILE = "platform.key.txt";

    private static final String DID = "did:key:";
    private static final String KEY_VARIABLE = "TALLYSTICK_PLATFORM_KEY";
    private static final long MOST_BYTES = 1L << 30;
    private static final String ONLY_THE_LOG =
            "whether its log is the one that others see, or what stands elsewhere in it: a second paper for the"
                    + " period, a paper passed over, a key that was replaced, a token that was revoked, a later"
                    + " correction";

    private static final List<String> ABOUT = List.of(
            "The file of a statement or invoice: recomputes everything it says from the evidence in it:"
                    + " signatures,",
            "inclusion in the log, receipts, uses, amounts, totals. Exit code 1 says what is wrong; 4 says"
                    + " that it holds,",
            "but as an older, weaker proof, of before the log's change of format.",
            "",
            "With --log also against the whole log: that the file is under that log and no other, that" + " nothing in",
            "it contradicts the paper, and which later papers correct it.",
            "",
            "The proof that a close left out a use (omission.json): exit code 0 says that it holds, 1 why"
                    + " it does not.",
            "The receipt of a delivery: the value of Tallystick-Receipt, or the head of the answer as curl"
                    + " -D writes it.",
            "Needs the edge's certificate (" + VerifyReceipt.CERTIFICATE + "); " + VerifyReceipt.WORK
                    + " also checks the file that came.",
            "",
            "A checkpoint you kept (GET /log/checkpoint): sees whether the log --log shows now goes on" + " from it.",
            "A log that has signed two histories is proven to have done so by a file, which this command" + " checks",
            "too, offline: give it as FILE.",
            "",
            "The platform's public key is taken from --key, else from " + KEY_VARIABLE + ", else from the file",
            KEY_FILE + " beside FILE, else from FILE itself. Only a key from --key or the variable is" + " pinned:",
            "what lies beside FILE came with it, and then the file is only as good as its own word.");

    private VerifyCommand() {}

    static Command command() {
        return new Command(
                "verify",
                "FILE",
                1,
                1,
                "check a statement or invoice offline, down to the signed receipts; or a delivery's receipt; or a log",
                ABOUT,
                List.of(
                        Option.valued(
                                "--key",
                                "KEY|FILE",
                                "the platform's key, \"vkey\" or \"platform\" of GET /keys, or a file that holds it"),
                        Option.valued(
                                VerifyLog.LOG,
                                "URL|DIR",
                                "the log to hold FILE against: the platform's address, or a copy of its log"),
                        Option.valued(
                                VerifyLog.KEY_FILE,
                                "FILE",
                                "with --log URL: the API key of an operator or auditor, who may read the log's"
                                        + " entries"),
                        Option.valued(
                                VerifyLog.EVIDENCE,
                                "FILE",
                                "with a checkpoint: where the proof of a fork goes, fork.json beside FILE by default"),
                        Option.flag(
                                VerifyLog.KEEP, "with a checkpoint: keep the newer one in its place where it goes on"),
                        Option.valued(
                                VerifyReceipt.CERTIFICATE,
                                "URL|FILE",
                                "with a receipt: the edge's address, or a file with the answer of its /certificate"),
                        Option.valued(VerifyReceipt.WORK, "FILE", "with a receipt of a whole work: the work"),
                        Option.flag("--json", "answer as JSON")),
                VerifyCommand::run);
    }

    /**
     * A public key and where it was found.
     *
     * @param known whether it comes from elsewhere than FILE: what lies beside FILE came with it, so it proves no more
     */
    private record Pinned(Optional<NoteKey> key, String source, boolean known) {}

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        Path file = arguments.operandPath(0);
        byte[] bytes = read(file);
        Optional<String> receipt = VerifyReceipt.in(bytes);
        Pinned pinned = key(arguments, file);
        Verifier verifier = Ed25519.verifier();
        try {
            if (receipt.isPresent()) {
                NoteKey platform = pinned.key()
                        .orElseThrow(() -> CommandFailure.usage(
                                "a receipt says nothing without the platform's key",
                                "tallystick verify FILE --key KEY, with \"platform\" from GET /keys"));
                return new VerifyReceipt(arguments, terminal).verify(receipt.get(), new DidKey(platform.publicKey()));
            }
            if (VerifyLog.isOne(bytes)) {
                NoteKey log = pinned.key()
                        .orElseThrow(() -> CommandFailure.usage(
                                "a checkpoint says nothing without the key of its log",
                                "tallystick verify --key VKEY FILE, with the platform's key from GET /keys"));
                return new VerifyLog(log, arguments.has("--json"), terminal).verify(arguments, file, bytes);
            }
            if (Omission.isOne(bytes)) {
                NoteKey key = pinned.key().orElseGet(() -> Omission.parse(bytes).key());
                omitted(arguments, terminal, new OmissionVerifier(key, verifier).verify(bytes), pinned, key);
                return ExitCode.OK;
            }
            NoteKey key = pinned.key().isPresent()
                    ? pinned.key().get()
                    : PaperFile.parse(bytes, verifier).key();
            PaperVerifier.Verified verified = new PaperVerifier(key, verifier).verify(bytes);
            Optional<LogCheck.Seen> seen = Optional.empty();
            if (arguments.value(VerifyLog.LOG).isPresent()) {
                VerifyLog history = new VerifyLog(key, arguments.has("--json"), terminal);
                seen = new VerifyPaper(key, history).check(arguments, file, verified);
                if (seen.isEmpty()) {
                    return ExitCode.WRONG;
                }
            }
            good(arguments, terminal, verified, pinned, seen);
            return verified.weaker() ? ExitCode.WEAKER : ExitCode.OK;
        } catch (MalformedException e) {
            bad(arguments, terminal, e);
            return ExitCode.WRONG;
        }
    }

    private static void good(
            Arguments arguments,
            Terminal terminal,
            PaperVerifier.Verified verified,
            Pinned pinned,
            Optional<LogCheck.Seen> seen) {
        NoteKey key = verified.file().key();
        Paper paper = verified.paper();
        if (arguments.has("--json")) {
            Json.Builder answer = Json.object()
                    .put("holds", true)
                    .put("pinned", pinned.known())
                    .put("key", key.toString())
                    .put(paper.noun(), paper.json())
                    .put("receipts", verified.receipts())
                    .put("batches", verified.batches())
                    .put("works", verified.works())
                    .put("proof", verified.weaker() ? "older, weaker" : "full");
            seen.ifPresent(log -> answer.put(
                    "log",
                    Json.object()
                            .put("checked", Json.strings(log.checked()))
                            .put("later", Json.strings(log.later()))
                            .put("unchecked", Json.strings(log.unchecked()))
                            .build()));
            terminal.line(answer.build().toString());
            return;
        }
        describe(paper).forEach(terminal::line);
        terminal.line("Verified: " + verified.receipts() + " receipts in " + verified.batches() + " signed batches, "
                + verified.works() + " works; uses, amounts and totals recomputed.");
        if (verified.weaker()) {
            terminal.line(
                    "An older, weaker proof, of before the log's change of format: nothing in it shows that the log"
                            + " knows the statement, its contracts, the keys they are signed with, its grants or the sums"
                            + " it carries over.");
        }
        if (seen.isPresent()) {
            seen.get().checked().forEach(what -> terminal.line("Log: " + what + "."));
            seen.get().later().forEach(what -> terminal.line("Later: " + what + "."));
            seen.get().unchecked().forEach(what -> terminal.line("Not checked: " + what + "."));
        } else {
            terminal.line("By itself a file does not show " + ONLY_THE_LOG + "; next: --log URL|DIR.");
        }
        warn(terminal, pinned, key);
    }

    private static void omitted(
            Arguments arguments, Terminal terminal, OmissionVerifier.Omitted omitted, Pinned pinned, NoteKey key) {
        if (arguments.has("--json")) {
            terminal.line(Json.object()
                    .put("holds", true)
                    .put("pinned", pinned.known())
                    .put("key", key.toString())
                    .put("receipt", omitted.receipt())
                    .put("creator", omitted.creator())
                    .put("work", omitted.work())
                    .put("contract", omitted.contract())
                    .put("job", omitted.job())
                    .put("period", omitted.period())
                    .put("whole_set", omitted.wholeSet())
                    .build()
                    .toString());
            return;
        }
        terminal.line("Proven: the close of " + omitted.period() + " leaves out " + omitted.receipt() + ": the use of "
                + omitted.work() + " by " + omitted.creator() + " under contract " + omitted.contract() + ", job "
                + omitted.job() + (omitted.wholeSet() ? ", and everything else of that job and scope." : "."));
        terminal.line(
                "It was logged before the close, and nothing shown takes it back. The platform could only answer with"
                        + " an entry of its log: a void or cut of this delivery, or the end of job, token or edge before"
                        + " it.");
        warn(terminal, pinned, key);
    }

    private static void warn(Terminal terminal, Pinned pinned, NoteKey key) {
        if (pinned.known()) {
            terminal.line("The platform's key is " + pinned.source() + ".");
        } else {
            terminal.note("WARNING: the key is " + pinned.source() + ", not one you know from elsewhere: " + key);
            terminal.note("Next: tallystick verify --key KEY FILE, with \"vkey\" or \"platform\" from GET /keys");
        }
    }

    private static void bad(Arguments arguments, Terminal terminal, MalformedException e) {
        if (arguments.has("--json")) {
            terminal.line(Json.object()
                    .put("holds", false)
                    .put("reason", e.reason())
                    .put("detail", e.detail())
                    .build()
                    .toString());
        } else {
            terminal.line("WRONG " + e.reason() + ": " + e.detail());
        }
    }

    private static List<String> describe(Paper paper) {
        return switch (paper) {
            case Statement statement ->
                List.of(
                        "statement  " + statement.id(),
                        "party      " + statement.party(),
                        "period     " + statement.period(),
                        "total      " + Statement.micros(statement.total()) + " " + statement.currency(),
                        "lines      " + statement.lines().size());
            case Invoice invoice ->
                List.of(
                        "invoice    " + invoice.id(),
                        "buyer      " + invoice.buyer(),
                        "contract   " + invoice.contract(),
                        "period     " + invoice.period(),
                        "total      " + Statement.micros(invoice.charged()) + " " + invoice.currency(),
                        "lines      " + invoice.lines().size());
        };
    }

    private static Pinned key(Arguments arguments, Path file) {
        Optional<String> given = arguments.value("--key");
        if (given.isPresent()) {
            return new Pinned(Optional.of(keyOf(given.get(), file)), "the one given with --key", true);
        }
        Optional<String> variable =
                Optional.ofNullable(System.getenv(KEY_VARIABLE)).filter(text -> !text.isBlank());
        if (variable.isPresent()) {
            return new Pinned(Optional.of(keyOf(variable.get(), file)), "the one in " + KEY_VARIABLE, true);
        }
        Path beside = file.toAbsolutePath().resolveSibling(KEY_FILE);
        if (Files.isRegularFile(beside)) {
            return new Pinned(Optional.of(keyOf(beside.toString(), file)), "the one in " + beside, false);
        }
        return new Pinned(Optional.empty(), "the one the file itself names", false);
    }

    /** A verifier key, the platform's did:key, a file whose first line is one of them, or a file with the answer of /keys. */
    private static NoteKey keyOf(String text, Path file) {
        try {
            boolean isKey = text.contains("+") || text.startsWith(DID);
            String key = isKey && !Files.exists(Path.of(text))
                    ? text.strip()
                    : new String(read(Path.of(text)), StandardCharsets.UTF_8).strip();
            if (key.startsWith("{")) {
                return NoteKey.parse(Fields.of(Json.parse(key), "keys").text("vkey"));
            }
            String first = key.lines().findFirst().orElse("").strip();
            return first.startsWith(DID)
                    ? NoteKey.of(named(file), DidKey.parse(first).publicKey())
                    : NoteKey.parse(first);
        } catch (MalformedException | java.nio.file.InvalidPathException e) {
            throw CommandFailure.usage(
                    "the platform's key cannot be read: " + Reasons.of(e),
                    "take \"vkey\" or \"platform\" from GET /keys of the platform, or from " + KEY_FILE);
        }
    }

    /** A did:key says no name of a log; the name is then the one the file gives, under whatever key. */
    private static String named(Path file) {
        byte[] bytes = read(file);
        if (VerifyReceipt.in(bytes).isPresent()) {
            return "receipt"; // names no log
        }
        if (bytes.length > 0 && bytes[0] == '{' && !ForkProof.isOne(bytes)) {
            return NoteKey.parse(Fields.of(Json.parse(bytes), "file").text("key"))
                    .name();
        }
        return new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw CommandFailure.usage(file + " has more than " + MOST_BYTES + " bytes", "");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage("there is no file " + file, "");
        } catch (IOException e) {
            throw CommandFailure.unavailable("the file " + file + " cannot be read: " + Reasons.of(e), "", e);
        }
    }
}
