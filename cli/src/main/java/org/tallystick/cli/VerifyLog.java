package org.tallystick.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.ForkProof;
import org.tallystick.protocol.log.LogHistory;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;

/**
 * {@code tallystick verify} of a checkpoint somebody kept, against the log as it is shown now; and of the proof that a log
 * was forked, against nothing but the log's key.
 */
final class VerifyLog {
    static final String LOG = "--log";
    static final String EVIDENCE = "--evidence";
    static final String KEEP = "--keep";

    static final String KEY_FILE = "--key-file";

    private final NoteKey key;
    private final boolean json;
    private final Terminal terminal;

    VerifyLog(NoteKey key, boolean json, Terminal terminal) {
        this.key = key;
        this.json = json;
        this.terminal = terminal;
    }

    /**
     * Compares a checkpoint that was kept earlier with the log as it is now.
     *
     * @param file the file it was kept in
     * @return {@link ExitCode#WRONG} where the log is not an extension of the checkpoint
     */
    ExitCode compare(Arguments arguments, Path file, byte[] held) {
        ShownLog shown = ShownLog.open(arguments.required(LOG), arguments.value(KEY_FILE));
        LogHistory.Comparison verdict = compare(arguments, file, SignedNote.parse(held), shown);
        if (!(verdict instanceof LogHistory.Comparison.GoesOn(Checkpoint now))) {
            return ExitCode.WRONG;
        }
        say("goes-on", "Verified: the log of " + now.size() + " entries begins with what was held.");
        if (arguments.has(KEEP)) {
            write(file, shown.checkpoint().encode());
        }
        return ExitCode.OK;
    }

    /** Says what is wrong where the log is no extension of a checkpoint, and writes the proof of a fork. */
    LogHistory.Comparison compare(Arguments arguments, Path file, SignedNote before, ShownLog shown) {
        LogHistory.Comparison verdict =
                new LogHistory(key, Ed25519.verifier()).compare(before, shown.checkpoint(), shown.tiles());
        switch (verdict) {
            case LogHistory.Comparison.GoesOn ignored -> {
                return verdict;
            }
            case LogHistory.Comparison.FallsShort(Checkpoint old, Checkpoint now) ->
                say(
                        "falls-short",
                        "WRONG log/falls-short: the log shows " + now.size() + " entries and had " + old.size()
                                + " when it signed the checkpoint held");
            case LogHistory.Comparison.Forked(ForkProof proof) -> {
                say(
                        "forked",
                        "WRONG log/forked: the log has signed two histories; what was held is no beginning of what it"
                                + " shows");
                Path evidence = arguments.path(EVIDENCE).orElseGet(() -> file.resolveSibling("fork.json"));
                write(evidence, proof.encode());
                terminal.note("the proof is in " + evidence + ": tallystick verify " + evidence);
            }
        }
        return verdict;
    }

    /** Checks the proof of a fork. A valid proof means that the log has shown two histories. */
    ExitCode fork(byte[] bytes) {
        ForkProof.Fork fork = ForkProof.parse(bytes).verify(key, Ed25519.verifier());
        say(
                "forked",
                "Proven: " + fork.older().origin() + " has signed two histories. Of "
                        + fork.newer().size()
                        + " entries it says that the first " + fork.older().size() + " have the root "
                        + fork.actually().base64() + "; it has signed "
                        + fork.older().root().base64() + " over as many.");
        return ExitCode.OK;
    }

    private void say(String verdict, String sentence) {
        terminal.line(
                json
                        ? Json.object()
                                .put("log", key.name())
                                .put("verdict", verdict)
                                .build()
                                .toString()
                        : sentence);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(parent, ".verify", "");
            Files.write(draft, bytes);
            Files.move(draft, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CommandFailure.unavailable(file + " cannot be written: " + Reasons.of(e), "", e);
        }
    }

    /** Whether a file is one of those this reads. */
    static boolean isOne(byte[] bytes) {
        boolean isNote = bytes.length > 0
                && bytes.length <= SignedNote.MAX_BYTES
                && bytes[0] != '{'
                && new String(bytes, StandardCharsets.UTF_8).contains("\n\n\u2014 ");
        return isNote || ForkProof.isOne(bytes);
    }

    /** Verifies a checkpoint or a fork proof, whichever the file holds. */
    ExitCode verify(Arguments arguments, Path file, byte[] bytes) throws MalformedException {
        return ForkProof.isOne(bytes) ? fork(bytes) : compare(arguments, file, bytes);
    }
}
