package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.LogHistory;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.UnreachableException;

/**
 * A log as somebody shows it now, in a folder or over HTTP. Nothing of it is trusted.
 *
 * @param tiles its hashes and, for whom they are shown to, its entries
 * @param blobs bodies too long for an entry; empty for what is not at hand
 * @param entries whether entries are shown at all
 */
record ShownLog(
        SignedNote checkpoint, LogHistory.Tiles tiles, Function<ContentId, Optional<byte[]>> blobs, boolean entries) {
    private static final String CHECKPOINT = "checkpoint";
    private static final Retry TRIES = new Retry(3, Duration.ofMillis(200), Duration.ofSeconds(1));

    ShownLog {
        Objects.requireNonNull(checkpoint);
        Objects.requireNonNull(tiles);
        Objects.requireNonNull(blobs);
    }

    /**
     * Opens a log.
     *
     * @param where an address or a folder
     * @param keyFile holds an API key of an operator or auditor, to whom entries are shown over HTTP
     */
    static ShownLog open(String where, Optional<String> keyFile) {
        return where.matches("https?://.*") ? overHttp(where, keyFile) : inFolder(Path.of(where));
    }

    /** Opens the log in a folder: the log's own folder, a platform's, or that of {@code up} or {@code demo}. */
    private static ShownLog inFolder(Path named) {
        Path folder = Files.exists(named.resolve(CHECKPOINT))
                ? named
                : DataFolder.platform(named).resolve("log");
        Path blobs = folder.toAbsolutePath().resolveSibling("blobs");
        return new ShownLog(
                SignedNote.parse(read(folder.resolve(CHECKPOINT))
                        .orElseThrow(() -> CommandFailure.usage(folder + " holds no checkpoint", ""))),
                path -> read(folder.resolve(path.toString())),
                id -> read(blobs.resolve(id.hex().substring(0, 2)).resolve(id.hex())),
                true);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw CommandFailure.unavailable(file + " cannot be read: " + Reasons.of(e), "", e);
        }
    }

    private static ShownLog overHttp(String address, Optional<String> keyFile) {
        try {
            TallystickClient.Builder builder =
                    TallystickClient.builder(URI.create(address)).retry(TRIES);
            if (keyFile.isPresent()) {
                builder.apiKey(SecretFile.read(Path.of(keyFile.get())));
            }
            TallystickClient client = builder.build();
            SignedNote now = SignedNote.parse(client.log().checkpoint().getBytes(StandardCharsets.UTF_8));
            return new ShownLog(now, path -> tile(client, path), id -> Optional.empty(), keyFile.isPresent());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(address + " is no address", "tallystick verify --help");
        } catch (IOException e) {
            throw CommandFailure.usage("the API key cannot be read: " + Reasons.of(e), "");
        } catch (UnreachableException | ProblemException e) {
            throw unavailable(e);
        }
    }

    private static Optional<byte[]> tile(TallystickClient client, TilePath path) {
        try {
            return Optional.of(client.log().tile(path));
        } catch (ProblemException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw unavailable(e);
        } catch (UnreachableException e) {
            throw unavailable(e);
        }
    }

    private static CommandFailure unavailable(RuntimeException e) {
        return CommandFailure.unavailable("the log cannot be asked: " + Reasons.of(e), "", e);
    }
}
