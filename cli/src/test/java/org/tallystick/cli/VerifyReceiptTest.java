package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;

/** What {@code verify} says of the receipt of a delivery, in the forms in which a person has it. */
final class VerifyReceiptTest {
    private static final JdkEd25519 PLATFORM = JdkEd25519.ofSeed(new byte[32]);
    private static final String KEY = new DidKey(PLATFORM.publicKey()).toString();
    private static final byte[] WORK = {1, 2, 3};

    @TempDir
    Path scratch;

    private String receipt = "";
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void deliver() throws IOException {
        byte[] seed = new byte[32];
        seed[0] = 7;
        JdkEd25519 edge = JdkEd25519.ofSeed(seed);
        long time = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
        Leaf leaf = new Leaf(
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                4,
                1,
                9,
                time,
                new TokenId(new byte[24]),
                ContentId.of(WORK),
                WORK.length,
                0,
                new byte[16]);
        receipt = Batch.seal(leaf.encode(), BatchHeader.NONE, edge).receipt(0).text();
        EdgeCertificate certificate = new EdgeCertificate(
                4,
                "fra-1",
                1,
                new DidKey(edge.publicKey()),
                Instant.parse("2026-03-01T00:00:00Z"),
                Instant.parse("2026-03-31T00:00:00Z"));
        Files.writeString(
                scratch.resolve("certificate.json"),
                Json.object().put("certificate", certificate.sign(PLATFORM)).build() + "\n");
        Files.writeString(scratch.resolve("receipt.txt"), receipt + "\n");
        Files.write(scratch.resolve("work"), WORK);
        Files.writeString(scratch.resolve("other"), "other bytes");
    }

    private ExitCode verify(String file, String... more) {
        CapturedTerminal captured = new CapturedTerminal();
        List<String> words =
                new ArrayList<>(List.of("verify", scratch.resolve(file).toString()));
        words.addAll(
                List.of("--certificate", scratch.resolve("certificate.json").toString()));
        words.addAll(List.of(more));
        ExitCode code = new Main(Commands.all(), captured.terminal()).run(words);
        said.clear();
        said.addAll(captured.out());
        said.addAll(captured.err());
        return code;
    }

    @Test
    void aReceiptHoldsUnderTheEdgesCertificateAndThePlatformsKey() {
        assertThat(verify("receipt.txt", "--key", KEY)).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said)
                .contains("receipt    r-4-1-9", "delivered  FULL, 3 bytes from byte 0, at 2026-03-01T12:00:00Z")
                .anyMatch(line -> line.startsWith("Verified: the edge signed this delivery"));
        assertThat(verify(
                        "receipt.txt",
                        "--key",
                        KEY,
                        "--work",
                        scratch.resolve("work").toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(said).anyMatch(line -> line.endsWith("The file is the work."));
        assertThat(verify("receipt.txt", "--key", KEY, "--json")).isEqualTo(ExitCode.OK);
        assertThat(said).singleElement().asString().contains("\"holds\":true", "\"receipt\":\"r-4-1-9\"");
    }

    @Test
    void theHeadThatCurlWritesWillDoAndItsLastReceiptCounts() throws IOException {
        Files.writeString(
                scratch.resolve("head"),
                "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\ntallystick-receipt: "
                        + receipt + "\r\n\r\n");
        assertThat(verify("head", "--key", KEY)).as(said::toString).isEqualTo(ExitCode.OK);
    }

    @Test
    void whatIsWrongIsNamedWithExitCodeOne() throws IOException {
        assertThat(verify(
                        "receipt.txt",
                        "--key",
                        KEY,
                        "--work",
                        scratch.resolve("other").toString()))
                .isEqualTo(ExitCode.WRONG);
        assertThat(said).anyMatch(line -> line.startsWith("WRONG receipt/other-work"));
        byte[] seed = new byte[32];
        seed[5] = 1;
        String stranger = new DidKey(JdkEd25519.ofSeed(seed).publicKey()).toString();
        assertThat(verify("receipt.txt", "--key", stranger)).isEqualTo(ExitCode.WRONG);
        for (int at : new int[] {30, 100, receipt.length() - 30}) {
            char other = receipt.charAt(at) == 'A' ? 'B' : 'A';
            Files.writeString(scratch.resolve("changed"), receipt.substring(0, at) + other + receipt.substring(at + 1));
            assertThat(verify("changed", "--key", KEY)).as("character " + at).isEqualTo(ExitCode.WRONG);
        }
    }
}
