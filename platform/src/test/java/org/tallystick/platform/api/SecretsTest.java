package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.Token;

/**
 * Nothing secret and nothing personal is printed: everything that the platform's own code logs, at any level, while keys are
 * issued, shown rightly and wrongly, tokens given out, works taken in and requests refused.
 */
final class SecretsTest {
    private static final String FORGED = "tsk_0123456789abcdef_" + "Z".repeat(43);
    private static final String BREAK = "\r\nINFO forged line";

    /** What is logged while a test runs. */
    private static final class Heard extends Handler {
        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            StringBuilder line = new StringBuilder(String.valueOf(entry.getMessage()));
            for (Throwable cause = entry.getThrown(); cause != null; cause = cause.getCause()) {
                line.append(' ').append(cause);
            }
            lines.add(line.toString());
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            lines.clear();
        }
    }

    @Test
    void neitherKeysNorTokensNorWordsAreLogged(@TempDir Path data) {
        Logger ours = Logger.getLogger("org.tallystick");
        Level before = ours.getLevel();
        Heard heard = new Heard();
        ours.setLevel(Level.ALL);
        ours.addHandler(heard);
        List<String> secrets = new ArrayList<>(List.of("Z".repeat(43), "Quux"));
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            for (String party : List.of("operator", "ada", "cleo", "dan")) {
                secrets.add(stage.apiKey(party).replaceFirst("tsk_[0-9a-f]+_", ""));
            }
            secrets.add(token(stage).text().replaceFirst(".*\\.", ""));
            stage.apiKey("nobody", FORGED);
            assertThat(stage.get("nobody", "/parties/ada").status()).isEqualTo(401);
            stage.apiKey("nobody", FORGED + "0");
            assertThat(stage.get("nobody", "/parties/ada").status()).isEqualTo(401);
            assertThat(stage.post("dan", "/jobs", "{\"model\":\"Quux\"").status())
                    .isEqualTo(400);
            assertThat(stage.send(
                                    "ada",
                                    "PUT",
                                    "/parties/ada/profile",
                                    Map.of("Content-Type", "application/json"),
                                    "{\"display_name\":\"Zelda Quux\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(stage.get("ada", "/manifests/Quux%0d%0aINFO%20forged%20line")
                            .status())
                    .isIn(400, 404);
            Logger.getLogger("org.tallystick.test").info("the ear is open");
            assertThat(heard.lines).anyMatch(line -> line.contains("the ear is open"));
            assertThat(heard.lines).anyMatch(line -> line.contains("wrong"));
            for (String secret : secrets) {
                assertThat(secret).hasSizeGreaterThan(3);
                assertThat(heard.lines).noneMatch(line -> line.contains(secret));
            }
            assertThat(heard.lines).noneMatch(line -> line.contains(BREAK) || line.contains("\nINFO forged"));
        } finally {
            ours.removeHandler(heard);
            ours.setLevel(before);
        }
    }

    private static Token token(ApiFixture stage) {
        ContentId work = stage.upload("ada", "a work by Quux").content();
        DatasetVersion version = stage.publish("hn-secrets", Map.of(work, "ada"));
        stage.client("dan").conclude(stage.contract("cnf-secrets", version, "dan", List.of("ada")));
        stage.guarantee("cnf-secrets");
        String job = stage.client("dan")
                .openJob("cnf-secrets", Optional.of("job-secrets"), "model")
                .id();
        assertThat(stage.get("operator", "/blobs/" + ContentId.of("none".getBytes(StandardCharsets.UTF_8)))
                        .status())
                .isEqualTo(404);
        return stage.client("dan").issueToken(job, Scope.TRAINING, Duration.ofHours(1), Optional.empty());
    }
}
