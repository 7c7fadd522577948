package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.sign.NoteSigner;

/** A person who kept a checkpoint asks what became of it. */
final class VerifyLogTest {
    private static final NoteSigner SIGNER = new NoteSigner("log.example/tally", Ed25519.signer(new byte[32]));

    private CapturedTerminal captured = new CapturedTerminal();

    @TempDir
    private Path folder;

    private Path held;

    @BeforeEach
    void keepACheckpoint() throws IOException {
        Files.writeString(folder.resolve(VerifyCommand.KEY_FILE), SIGNER.key() + "\n");
        held = Files.copy(log("log", 300, "entry").resolve("checkpoint"), folder.resolve("held"));
    }

    private Path log(String name, int size, String from200) {
        return append(name, 0, size, from200);
    }

    private Path append(String name, int from, int to, String from200) {
        Path root = folder.resolve(name);
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        try (TransparencyLog log = TransparencyLog.open(root, SIGNER, Ed25519.verifier())) {
            List<byte[]> entries = new ArrayList<>();
            for (int i = from; i < to; i++) {
                entries.add(((i < 200 ? "entry" : from200) + " " + i).getBytes(StandardCharsets.UTF_8));
            }
            log.append(entries);
        }
        return root;
    }

    private ExitCode verify(String... words) {
        captured = new CapturedTerminal();
        List<String> all = new ArrayList<>(List.of("verify"));
        all.addAll(List.of(words));
        return new Main(Commands.all(), captured.terminal()).run(all);
    }

    @Test
    void aLogThatGoesOnIsVerifiedAndItsNewCheckpointKept() throws IOException {
        Path log = append("log", 300, 700, "entry");
        byte[] before = Files.readAllBytes(held);
        assertThat(verify(held.toString(), "--log", log.toString())).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).singleElement().asString().contains("700 entries");
        assertThat(held).hasBinaryContent(before);
        assertThat(verify(held.toString(), "--log", log.toString(), "--keep", "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).containsExactly("{\"log\":\"log.example/tally\",\"verdict\":\"goes-on\"}");
        assertThat(held).hasSameBinaryContentAs(log.resolve("checkpoint"));
    }

    @Test
    void aForkedLogIsProvenByAFileThatVerifiesOffline() throws IOException {
        Path other = log("other", 450, "another entry");
        Path evidence = folder.resolve("evidence.json");
        assertThat(verify(held.toString(), "--log", other.toString(), "--evidence", evidence.toString(), "--keep"))
                .isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).singleElement().asString().startsWith("WRONG log/forked");
        assertThat(held).as("it is not given up").hasSameBinaryContentAs(folder.resolve("log/checkpoint"));

        assertThat(verify(evidence.toString())).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).singleElement().asString().startsWith("Proven: log.example/tally");

        byte[] changed = Files.readAllBytes(evidence);
        changed[changed.length - 30] ^= 1;
        Files.write(evidence, changed);
        assertThat(verify(evidence.toString())).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).singleElement().asString().startsWith("WRONG ");
    }

    @Test
    void aLogThatLostEntriesIsSaid() {
        assertThat(verify(held.toString(), "--log", log("short", 250, "entry").toString()))
                .isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).singleElement().asString().contains("log/falls-short", "250", "300");
    }

    @Test
    void theLogIsAskedOverHttpToo() throws IOException {
        Path log = append("log", 300, 700, "entry");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/log/", exchange -> {
            try (exchange) {
                Path file = log.resolve(exchange.getRequestURI().getPath().substring("/log/".length()));
                if (Files.isRegularFile(file)) {
                    byte[] bytes = Files.readAllBytes(file);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                } else {
                    exchange.sendResponseHeaders(404, -1);
                }
            }
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            assertThat(verify(held.toString(), "--log", address)).isEqualTo(ExitCode.OK);
            append("log", 700, 800, "entry");
            assertThat(verify(held.toString(), "--log", address)).isEqualTo(ExitCode.OK);
        } finally {
            server.stop(0);
        }
        assertThat(verify(held.toString(), "--log", "http://127.0.0.1:1")).isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void misuseIsSaid() throws IOException {
        assertThat(verify(held.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).first().asString().contains("needs --log");
        assertThat(verify(held.toString(), "--log", folder.resolve("nowhere").toString()))
                .isEqualTo(ExitCode.USAGE);
        Files.delete(folder.resolve(VerifyCommand.KEY_FILE));
        assertThat(verify(held.toString(), "--log", folder.resolve("log").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).first().asString().contains("without the key");
    }
}
