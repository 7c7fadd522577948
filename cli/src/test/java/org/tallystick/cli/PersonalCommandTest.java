package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.sdk.SecretFile;

/** What the command asks of a platform, and what it refuses to ask; the platform's side is {@code api.ErasureTest}'s. */
final class PersonalCommandTest {
    private final CapturedTerminal captured = new CapturedTerminal();
    private final List<String> asked = new ArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer server;
    private Path key;

    @BeforeEach
    void serve() throws IOException {
        key = folder.resolve("key");
        SecretFile.write(key, "tsk_0_key\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            String body = exchange.getRequestURI().getPath().endsWith("/erasure")
                    ? "{\"party\":\"ada\",\"words\":3,\"display_name\":true,\"api_keys\":1,\"kept\":[\"its id\"]}"
                    : exchange.getRequestURI().getPath().endsWith("/profile")
                            ? "{\"id\":\"ada\",\"role\":\"creator\",\"display_name\":\"Ada\"}"
                            : "archive";
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ExitCode run(String... words) {
        List<String> all = new ArrayList<>(List.of("personal"));
        all.addAll(List.of(words));
        all.addAll(List.of(
                "--platform", "http://127.0.0.1:" + server.getAddress().getPort(), "--key-file", key.toString()));
        return new Main(Commands.all(), captured.terminal()).run(all);
    }

    @Test
    void anErasureIsAskedForOnlyWhereItIsMeant() {
        assertThat(run("erase", "ada")).isEqualTo(ExitCode.USAGE);
        assertThat(asked).isEmpty();
        assertThat(String.join(" ", captured.err()))
                .contains("cannot be undone")
                .contains("--yes");
        assertThat(run("erase", "ada", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(asked).containsExactly("POST /parties/ada/erasure {\"payout_destinations\":false}");
        assertThat(String.join(" ", captured.out())).contains("3 texts of ada").contains("its id");
        assertThat(run("erase", "ada", "--yes", "--payout-destinations")).isEqualTo(ExitCode.OK);
        assertThat(asked).last().asString().contains("true");
    }

    @Test
    void theArchiveIsWrittenAndNothingOverwritten() throws IOException {
        Path out = folder.resolve("ada.zip");
        assertThat(run("export", "ada", "--out", out.toString())).isEqualTo(ExitCode.OK);
        assertThat(out).hasContent("archive");
        assertThat(run("export", "ada", "--out", out.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aNameIsRectified() {
        assertThat(run("rename", "ada", "--name", "Ada")).isEqualTo(ExitCode.OK);
        assertThat(asked).containsExactly("PUT /parties/ada/profile {\"display_name\":\"Ada\"}");
        assertThat(run("forget", "ada")).isEqualTo(ExitCode.USAGE);
    }
}
