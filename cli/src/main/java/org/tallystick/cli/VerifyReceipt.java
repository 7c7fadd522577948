package org.tallystick.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * {@code tallystick verify} of what an edge gave with a delivery: the value of {@code Tallystick-Receipt}, or the whole head
 * of the answer as {@code curl -D} writes it. Offline, where the edge's certificate lies in a file.
 */
final class VerifyReceipt {
    static final String CERTIFICATE = "--certificate";
    static final String WORK = "--work";

    private static final String HEADER = Receipt.HTTP_HEADER.toLowerCase(Locale.ROOT) + ":";
    private static final int MOST_CHARACTERS = 1 << 16;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Arguments arguments;
    private final Terminal terminal;

    VerifyReceipt(Arguments arguments, Terminal terminal) {
        this.arguments = arguments;
        this.terminal = terminal;
    }

    /** The receipt's text, where a file holds one: alone, or in the head of an answer. */
    static Optional<String> in(byte[] file) {
        if (file.length == 0 || file.length > MOST_CHARACTERS) {
            return Optional.empty();
        }
        String text = new String(file, StandardCharsets.ISO_8859_1).strip();
        if (text.matches("[A-Za-z0-9_-]{200,}")) {
            return Optional.of(text);
        }
        return text.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(HEADER))
                .map(line -> line.substring(HEADER.length()).strip())
                .reduce((earlier, last) -> last); // after redirects, curl writes several heads; the last one counts
    }

    /**
     * Checks a receipt under the edge's certificate, that under the platform's key, and the work where it is at hand.
     *
     * @throws MalformedException with what is wrong
     */
    ExitCode verify(String text, DidKey platform) {
        String where = arguments
                .value(CERTIFICATE)
                .orElseThrow(() -> CommandFailure.usage(
                        "a receipt says nothing without the certificate of its edge",
                        "tallystick verify FILE --key KEY --certificate EDGE-URL, or a file with the answer of the"
                                + " edge's /certificate"));
        Verifier verifier = Ed25519.verifier();
        Receipt receipt = Receipt.parse(text);
        EdgeCertificate certificate = EdgeCertificate.verify(certificate(where, receipt), platform, verifier);
        receipt.verify(certificate, verifier);
        Leaf leaf = receipt.leaf();
        Optional<Path> work = arguments.path(WORK);
        work.ifPresent(file -> checkWork(leaf, file));
        if (arguments.has("--json")) {
            terminal.line(Json.object()
                    .put("holds", true)
                    .put("receipt", leaf.receiptId())
                    .put("edge", leaf.edge())
                    .put("time", Instant.ofEpochMilli(leaf.time()))
                    .put("kind", leaf.kind().name())
                    .put("content", leaf.content().toString())
                    .put("from", leaf.from())
                    .put("bytes", leaf.bytes())
                    .put("token", leaf.token().toString())
                    .build()
                    .toString());
        } else {
            describe(leaf, certificate).forEach(terminal::line);
            terminal.line("Verified: the edge signed this delivery, and the platform certified the edge."
                    + (work.isPresent() ? " The file is the work." : ""));
        }
        return ExitCode.OK;
    }

    private static List<String> describe(Leaf leaf, EdgeCertificate certificate) {
        return List.of(
                "receipt    " + leaf.receiptId(),
                "edge       " + leaf.edge() + " (" + certificate.name() + "), epoch " + leaf.epoch(),
                "delivered  " + leaf.kind() + ", " + leaf.bytes() + " bytes from byte " + leaf.from() + ", at "
                        + Instant.ofEpochMilli(leaf.time()),
                "work       " + leaf.content(),
                "token      " + leaf.token());
    }

    private static void checkWork(Leaf leaf, Path file) {
        MessageDigest digest = Sha256.newDigest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw CommandFailure.usage("the work cannot be read: " + Reasons.of(e), "tallystick verify --help");
        }
        ContentId found = new ContentId(Hash.of(digest.digest()));
        if (!found.equals(leaf.content())) {
            throw new MalformedException(
                    "receipt/other-work", file + " is " + found + ", and the receipt is of " + leaf.content());
        }
    }

    /** The certificate of the receipt's epoch: from a file, or asked of the edge that signed it. */
    private static String certificate(String where, Receipt receipt) {
        String answer = where.matches("https?://.*") ? ask(where, receipt.leaf().epoch()) : read(Path.of(where));
        return answer.startsWith("{")
                ? Fields.of(Json.parse(answer.getBytes(StandardCharsets.UTF_8)), "certificate")
                        .text("certificate")
                : answer;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw CommandFailure.usage(
                    "the edge's certificate cannot be read: " + Reasons.of(e), "tallystick verify --help");
        }
    }

    private static String ask(String edge, int epoch) {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            URI address = URI.create(edge.replaceFirst("/+$", "") + "/certificates/" + epoch);
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(address).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw CommandFailure.unavailable(
                        edge + " has no certificate of epoch " + epoch + ": it answers " + answer.statusCode(), "");
            }
            return answer.body().strip();
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.unavailable("the edge cannot be asked: " + Reasons.of(e), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.unavailable("interrupted while asking the edge", "", e);
        }
    }
}
