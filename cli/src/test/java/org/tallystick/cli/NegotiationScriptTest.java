package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.supervise.Jvm;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.system.LocalSystem;

/** The script people are shown runs as it stands: real processes, real HTTP. */
class NegotiationScriptTest {
    private static final Path SCRIPT = Path.of("..", "docs", "examples", "negotiation.sh");

    @TempDir
    private Path scratch;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void fromTheFirstRequestToAnEnforcedTokenToItsEnd() throws Exception {
        boolean hasCurl = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl")));
        assumeThat(hasCurl || System.getenv("CI") != null)
                .as("curl is installed")
                .isTrue();
        Path data = scratch.resolve("up");
        List<Integer> ports = Ports.free(2);
        LocalSystem.Settings settings =
                new LocalSystem.Settings(data, ports.get(0), ports.get(1), List.of(), List.of());
        try (LocalSystem system = LocalSystem.start(settings, note -> {})) {
            String said = run(system, data, Files.createDirectories(scratch.resolve("work")));
            assertThat(said)
                    .containsSubsequence(
                            "state REQUESTED, version 1",
                            "state OFFERED, version 2",
                            "state REQUESTED, version 3",
                            "version 2 is not the one that stands",
                            "state ACCEPTED, version 3",
                            "state AGREED, version 3",
                            "state FINALIZED, version 3",
                            "Every signature fits these terms",
                            "200, with receipt",
                            "in force until",
                            "refused after about",
                            "1 work used",
                            "Done: requested, offered, countered, signed, enforced, ended.");
        }
    }

    private String run(LocalSystem system, Path data, Path folder) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", SCRIPT.toAbsolutePath().normalize().toString(), data.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("API", system.platformAddress().toString());
        builder.environment().put("EDGE", system.edgeAddress().toString());
        builder.environment().put("TALLYSTICK", command().toString());
        builder.environment().put("WORK", folder.toString());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(4, TimeUnit.MINUTES);
            String said = Files.readString(folder.resolve("said"));
            assertThat(ended).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A tallystick command of the classes under test. */
    private Path command() throws Exception {
        List<String> words = Jvm.command(
                "org.tallystick.cli.Main", List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), List.of());
        String line = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path file = scratch.resolve("tallystick");
        Files.write(file, ("#!/bin/sh\nexec " + line + " \"$@\"\n").getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }
}
