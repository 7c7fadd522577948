package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.supervise.Jvm;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.system.LocalSystem;

/** The blocks of docs/tutorial.md, in their order and their words, in one shell: real processes, real HTTP, curl. */
class TutorialTest {
    private static final Path PAGE = Path.of("..", "docs", "tutorial.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

    @TempDir
    private Path scratch;

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void everyBlockRunsAsWritten() throws Exception {
        String blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .map(block -> block.replace("```sh\n", "").replace("```", ""))
                .collect(Collectors.joining("\n"));
        assertThat(blocks.lines().count()).isGreaterThan(50);
        Path folder = Files.createDirectories(scratch.resolve("checkout"));
        Files.writeString(folder.resolve("tutorial.sh"), "set -eu\n" + blocks + "\necho every block has run\n");
        command(folder.resolve("tallystick"));
        List<Integer> ports = Ports.free(2);
        Path data = scratch.resolve("up");
        LocalSystem.Settings settings =
                new LocalSystem.Settings(data, ports.get(0), ports.get(1), List.of(), List.of());
        try (LocalSystem system = LocalSystem.start(settings, note -> {})) {
            String said = run(system, data, folder);
            assertThat(said)
                    .containsSubsequence(
                            "ada is registered as creator",
                            "Nothing stands out.",
                            "Verified: the edge signed this delivery",
                            "The file is the work.",
                            "Verified: 2 receipts",
                            "every block has run");
        }
    }

    private static String run(LocalSystem system, Path data, Path folder) throws Exception {
        Path out = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("sh", "tutorial.sh")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("API", system.platformAddress().toString());
        builder.environment().put("EDGE", system.edgeAddress().toString());
        builder.environment().put("DATA", data.toString());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            String said = Files.readString(out);
            assertThat(ended).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A tallystick command of the classes under test. */
    private static void command(Path file) throws Exception {
        List<String> words = Jvm.command(
                "org.tallystick.cli.Main", List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), List.of());
        String line = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Files.write(file, ("#!/bin/sh\nexec " + line + " \"$@\"\n").getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
