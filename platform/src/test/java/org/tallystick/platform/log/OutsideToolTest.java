package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteKey;

/**
 * The log directory before a verifier written by others: the Go module golang.org/x/mod, through the small program in
 * {@code src/test/go/tlogcheck}. Left out where there is no Go, except on a build server.
 */
class OutsideToolTest {
    private static final Path PLATFORM = Path.of(System.getProperty("tallystick.root", ".."), "platform")
            .toAbsolutePath()
            .normalize();
    private static final Path PROGRAM = PLATFORM.resolve("target/tlogcheck");

    @TempDir
    Path directory;

    /** How a program ended and what it printed. */
    private record Ended(int code, String output) {}

    @BeforeAll
    static void build() throws Exception {
        boolean hasGo = hasGo();
        assumeThat(hasGo || System.getenv("CI") != null).as("Go is installed").isTrue();
        Files.createDirectories(PROGRAM.getParent());
        String source = PLATFORM.resolve("src/test/go/tlogcheck").toString();
        // With an empty module cache it also says what it downloads, so only how it ended tells whether it built.
        Ended ended = run(List.of("go", "build", "-C", source, "-buildvcs=false", "-o", PROGRAM.toString(), "."));
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    private static boolean hasGo() throws InterruptedException {
        try {
            return run(List.of("go", "version")).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256, 257, 700, 1024})
    void accepted(int size) throws Exception {
        Path root = log(size);
        assertThat(check(root))
                .isEqualTo(new Ended(
                        0, "OK: " + size + " entries, root " + Logs.root(size).base64() + "\n"));
    }

    /** Three levels of tiles. */
    @Test
    void acceptedWhenLarge() throws Exception {
        Path root = log(0);
        try (TransparencyLog log = Logs.open(root)) {
            for (long size = 0; size < 66_000; size += 11_000) {
                log.append(Logs.entries(size, size + 11_000));
            }
        }
        assertThat(check(root).output()).startsWith("OK: 66000 entries");
    }

    @ParameterizedTest
    @CsvSource({
        "tile/entries/000, 5, entry 0 does not hash to its leaf",
        "tile/entries/002.p/188, 1000, does not hash to its leaf",
        "tile/0/001, 5000, downloaded inconsistent tile",
        "tile/0/002.p/188, 0, downloaded inconsistent tile",
        "tile/1/000.p/2, 40, downloaded inconsistent tile",
        "checkpoint, 18, checkpoint: invalid signature",
        "checkpoint, 30, checkpoint: invalid signature"
    })
    void rejectedAfterAFlippedBit(String file, int at, String why) throws Exception {
        Path root = log(700);
        assertThat(check(root).code()).isZero();
        Logs.flip(root.resolve(file), at);
        Ended ended = check(root);
        assertThat(ended.output()).startsWith("REJECTED: ").contains(why);
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void rejectedWithAFileGone() throws Exception {
        Path root = log(700);
        Files.delete(root.resolve("tile/entries/001"));
        assertThat(check(root).output()).startsWith("REJECTED: ").contains("tile/entries/001: no such file");
    }

    @Test
    void rejectedUnderAnotherKey() throws Exception {
        NoteKey other = NoteKey.of("log.example/tally", JdkEd25519.generate().publicKey());
        Ended ended = run(command(log(5), other.toString()));
        assertThat(ended).isEqualTo(new Ended(1, "REJECTED: checkpoint: note has no verifiable signatures\n"));
    }

    @Test
    void everyCheckpointLeadsToTheLast() throws Exception {
        Path root = log(0);
        List<Path> earlier = new ArrayList<>();
        try (TransparencyLog log = Logs.open(root)) {
            for (int step : new int[] {1, 4, 250, 1, 1, 300, 2}) {
                earlier.add(saved(log.checkpoint().encode(), "at-" + log.size()));
                log.append(Logs.entries(log.size(), log.size() + step));
            }
            earlier.add(saved(log.checkpointAt(300).encode(), "at-300"));
        }
        for (Path checkpoint : earlier) {
            assertThat(since(root, checkpoint).output())
                    .as(checkpoint.toString())
                    .startsWith("OK: 559 entries");
        }
    }

    @Test
    void aCheckpointOfAnotherHistoryDoesNot() throws Exception {
        Path root = log(300);
        Path fork = directory.resolve("fork");
        try (TransparencyLog log = Logs.open(fork)) {
            log.append(Logs.entries(1, 200));
        }
        assertThat(since(root, fork.resolve("checkpoint")).output())
                .startsWith("REJECTED: not an extension of size 199");
        Path longer = directory.resolve("longer");
        try (TransparencyLog log = Logs.open(longer)) {
            log.append(Logs.entries(0, 301));
        }
        assertThat(since(root, longer.resolve("checkpoint")).output())
                .isEqualTo("REJECTED: the log has shrunk from 301 to 300 entries\n");
    }

    private Path log(int size) {
        Path root = directory.resolve("log");
        try (TransparencyLog log = Logs.open(root)) {
            for (int from = 0; from < size; from += 300) {
                log.append(Logs.entries(from, Math.min(size, from + 300)));
            }
        }
        return root;
    }

    private Path saved(byte[] checkpoint, String name) throws IOException {
        return Files.write(directory.resolve(name), checkpoint);
    }

    private static Ended check(Path root) throws Exception {
        return run(command(root, Logs.SIGNER.key().toString()));
    }

    private static Ended since(Path root, Path checkpoint) throws Exception {
        List<String> command = new ArrayList<>(command(root, Logs.SIGNER.key().toString()));
        command.addAll(List.of("-since", checkpoint.toString()));
        return run(command);
    }

    private static List<String> command(Path root, String key) {
        return List.of(PROGRAM.toString(), "-dir", root.toString(), "-vkey", key);
    }

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), output);
    }
}
