package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.ForkProof;
import org.tallystick.protocol.log.LogHistory;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.UnreachableException;

/**
 * {@code tallystick verify} of a checkpoint somebody kept, against the log as it is shown now; and of the proof that a log
 * was forked, against nothing but the log's key.
 */
final class VerifyLog {
    static final String LOG = "--log";
    static final String EVIDENCE = "--evidence";
    static final String KEEP = "--keep";

    private static final String CHECKPOINT = "checkpoint";
    private static final Retry TRIES = new Retry(3, Duration.ofMillis(200), Duration.ofSeconds(1));

    private final NoteKey key;
    private final boolean json;
    private final Terminal terminal;

    VerifyLog(NoteKey key, boolean json, Terminal terminal) {
        this.key = key;
        this.json = json;
        this.terminal = terminal;
    }

    /** The present checkpoint and tiles of a log. */
    private record Shown(SignedNote checkpoint, LogHistory.Tiles tiles) {}

    /**
     * Compares a checkpoint that was kept earlier with the log as it is now.
     *
     * @param file the file it was kept in
     * @return {@link ExitCode#WRONG} where the log is not an extension of the checkpoint
     */
    ExitCode compare(Arguments arguments, Path file, byte[] held) {
        String where = arguments.required(LOG);
        SignedNote before = SignedNote.parse(held);
        Shown shown = where.matches("https?://.*") ? overHttp(where) : inFolder(Path.of(where));
        LogHistory.Comparison verdict =
                new LogHistory(key, Ed25519.verifier()).compare(before, shown.checkpoint(), shown.tiles());
        switch (verdict) {
            case LogHistory.Comparison.GoesOn(Checkpoint now) -> {
                say("goes-on", "Verified: the log of " + now.size() + " entries begins with what was held.");
                if (arguments.has(KEEP)) {
                    write(file, shown.checkpoint().encode());
                }
                return ExitCode.OK;
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
        return ExitCode.WRONG;
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

    /** Opens the log in a folder: the log's own folder, a platform's, or that of {@code up} or {@code demo}. */
    private static Shown inFolder(Path named) {
        Path folder = Files.exists(named.resolve(CHECKPOINT))
                ? named
                : DataFolder.platform(named).resolve("log");
        return new Shown(
                SignedNote.parse(read(folder.resolve(CHECKPOINT))
                        .orElseThrow(() -> CommandFailure.usage(folder + " holds no checkpoint", ""))),
                path -> read(folder.resolve(path.toString())));
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw CommandFailure.unavailable(file + " cannot be read: " + e.getMessage(), "", e);
        }
    }

    private static Shown overHttp(String address) {
        try {
            TallystickClient client =
                    TallystickClient.builder(URI.create(address)).retry(TRIES).build();
            SignedNote now = SignedNote.parse(client.log().checkpoint().getBytes(StandardCharsets.UTF_8));
            return new Shown(now, path -> tile(client, path));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(address + " is no address", "tallystick verify --help");
        } catch (UnreachableException | ProblemException e) {
            throw CommandFailure.unavailable("the log cannot be asked: " + e.getMessage(), "", e);
        }
    }

    private static Optional<byte[]> tile(TallystickClient client, TilePath path) {
        try {
            return Optional.of(client.log().tile(path));
        } catch (ProblemException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw CommandFailure.unavailable("the log cannot be asked: " + e.getMessage(), "", e);
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable("the log cannot be asked: " + e.getMessage(), "", e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(parent, ".verify", "");
            Files.write(draft, bytes);
            Files.move(draft, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CommandFailure.unavailable(file + " cannot be written: " + e.getMessage(), "", e);
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
