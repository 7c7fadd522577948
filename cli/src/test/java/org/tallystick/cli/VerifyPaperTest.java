package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.demo.Demo;
import org.tallystick.cli.demo.DemoOptions;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.NoteSigner;

/** The papers of a real platform, held against its log and against another's. */
class VerifyPaperTest {
    @TempDir
    Path scratch;

    private CapturedTerminal captured = new CapturedTerminal();

    private ExitCode verify(String... words) {
        captured = new CapturedTerminal();
        List<String> all = new ArrayList<>(List.of("verify"));
        all.addAll(List.of(words));
        return new Main(Commands.all(), captured.terminal()).run(all);
    }

    private Path demo() throws Exception {
        Path creator = Files.createDirectories(scratch.resolve("content/ada"));
        Files.writeString(creator.resolve("one.txt"), "one");
        Files.writeString(creator.resolve("two.txt"), "two");
        Files.writeString(Files.createDirectories(scratch.resolve("content/bo")).resolve("three.txt"), "three");
        DemoOptions options = new DemoOptions(
                Optional.of(scratch.resolve("content")), scratch.resolve("data"), false, Optional.empty(), 0, false, 2);
        Terminal quiet = new Terminal(
                OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false, InstantSource.system());
        Demo.run(options, quiet, InstantSource.system(), (found, system) -> {});
        return scratch.resolve("data");
    }

    private static List<Path> papers(Path data, String kind) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("statements"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind))
                    .toList();
        }
    }

    @Test
    void everyPaperOfARealPlatformIsBorneOutByItsLogAndByNoOther() throws Exception {
        Path data = demo();
        List<Path> invoices = papers(data, "iv-");
        List<Path> statements = papers(data, "st-");
        assertThat(invoices).isNotEmpty();
        assertThat(statements).isNotEmpty();
        for (Path file : Stream.concat(invoices.stream(), statements.stream()).toList()) {
            assertThat(verify(file.toString(), "--log", data.toString())).isEqualTo(ExitCode.OK);
            assertThat(captured.out())
                    .anyMatch(line -> line.startsWith("Log: the log of"))
                    .anyMatch(line -> line.startsWith("Log: the close issued it"))
                    .noneMatch(line -> line.startsWith("Not checked"));
        }
        Path invoice = invoices.getFirst();
        assertThat(verify(invoice.toString())).isEqualTo(ExitCode.OK);
        assertThat(captured.out())
                .anyMatch(line -> line.startsWith("invoice    iv-"))
                .anyMatch(line -> line.startsWith("By itself a file does not show"));
        assertThat(verify(invoice.toString(), "--json", "--log", data.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).singleElement().asString().contains("\"log\":{\"checked\":[", "\"invoice\":{");
        anotherHistory(data, invoice);
    }

    /** The same key signs another log, as long as the one the file is under. */
    private void anotherHistory(Path data, Path invoice) throws IOException {
        Path platform = DataFolder.platform(data);
        NoteSigner signer = signer(platform);
        Path other = Files.createDirectories(scratch.resolve("other"));
        try (TransparencyLog log = TransparencyLog.open(other, signer, Ed25519.verifier())) {
            List<byte[]> entries = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                entries.add(("another " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            log.append(entries);
        }
        Path evidence = scratch.resolve("fork.json");
        assertThat(verify(invoice.toString(), "--log", other.toString(), "--evidence", evidence.toString()))
                .isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).singleElement().asString().startsWith("WRONG log/forked");
        assertThat(evidence).exists();
    }

    private static NoteSigner signer(Path platform) throws IOException {
        String pem = Files.readString(platform.resolve("platform.key")).replaceAll("-----[A-Z ]*-----", "");
        byte[] seed = Ed25519Keys.seedOf(Base64.getMimeDecoder().decode(pem));
        String origin = Files.readAllLines(platform.resolve("log/checkpoint")).getFirst();
        return new NoteSigner(origin, Ed25519.signer(seed));
    }
}
