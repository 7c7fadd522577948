package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteKey;

class LogFsckTest {
    @TempDir
    Path root;

    @BeforeEach
    void write() {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(0, 250));
            log.append(Logs.entries(250, 600));
            log.append(Logs.entries(600, 700));
        }
    }

    @Test
    void aSoundLog() {
        assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(700, List.of(), List.of()));
        try (TransparencyLog log = Logs.open(root)) {
            assertThat(log.verify().isClean()).isTrue();
        }
    }

    /** Which file is damaged, which difference is reported of which file. */
    @ParameterizedTest
    @CsvSource({
        "tile/entries/000, 5, tile/entries/000 log/entry",
        "tile/entries/002.p/188, 3000, tile/entries/002.p/188 log/entry",
        "tile/0/000, 100, tile/1/000.p/2 log/tile",
        "tile/0/001, 8191, tile/entries/001 log/entry",
        "tile/0/002.p/188, 40, checkpoint log/edge",
        "tile/0/002.p/88, 40, tile/0/002.p/88 log/tile-history",
        "tile/entries/002.p/88, 9, tile/entries/002.p/88 log/tile-history",
        "tile/1/000.p/2, 63, tile/1/000.p/2 log/tile",
        "checkpoint, 73, checkpoint note/unknown-signer",
        "checkpoint, 20, checkpoint note/signature"
    })
    void aFlippedBit(String file, int at, String expected) {
        Logs.flip(root.resolve(file), at);
        assertThat(found()).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "tile/entries/000, tile/entries/000 log/missing",
        "tile/0/001, tile/0/001 log/missing",
        "tile/0/002.p/188, tile/0/002.p/188 log/missing",
        "tile/1/000.p/2, tile/1/000.p/2 log/missing",
        "checkpoint, checkpoint log/missing"
    })
    void aMissingFile(String file, String expected) throws IOException {
        Files.delete(root.resolve(file));
        assertThat(found()).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "tile/entries/000, tile/entries/000 bundle/truncated",
        "tile/entries/002.p/188, tile/entries/002.p/188 bundle/truncated",
        "tile/0/001, tile/0/001 log/tile-length",
        "tile/1/000.p/2, tile/1/000.p/2 log/tile-length",
        "checkpoint, checkpoint note/no-signatures"
    })
    void aFileCutShort(String file, String expected) throws IOException {
        byte[] bytes = Files.readAllBytes(root.resolve(file));
        Files.write(root.resolve(file), Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(found()).contains(expected);
    }

    @Test
    void severalDamagedFilesAreAllListed() throws IOException {
        Logs.flip(root.resolve("tile/entries/000"), 5);
        Logs.flip(root.resolve("tile/entries/001"), 5);
        Files.write(root.resolve("tile/0/notes.txt"), new byte[1]);
        assertThat(found())
                .contains("tile/entries/000 log/entry", "tile/entries/001 log/entry", "tile/0/notes.txt log/stray")
                .contains("checkpoint log/root");
    }

    /** What else is damaged is said even where no checkpoint can be believed. */
    @ParameterizedTest
    @CsvSource({
        "tile/entries/000, 5, tile/entries/000 log/entry",
        "tile/entries/002.p/188, 3000, tile/entries/002.p/188 log/entry",
        "tile/0/001, 8191, tile/entries/001 log/entry",
        "tile/1/000.p/2, 63, tile/1/000.p/2 log/tile"
    })
    void aFlippedBitBesideABadCheckpoint(String file, int at, String expected) throws IOException {
        Logs.flip(root.resolve("checkpoint"), 20);
        Logs.flip(root.resolve(file), at);
        assertThat(found()).contains("checkpoint note/signature", expected);
        Files.delete(root.resolve("checkpoint"));
        assertThat(found()).contains("checkpoint log/missing", expected);
    }

    @Test
    void anEntryExchangedWithItsLeafAndTheCheckpointLeft() throws IOException {
        Path other = root.resolveSibling(root.getFileName() + "-other");
        try (TransparencyLog log = Logs.open(other)) {
            log.append(Logs.entries(1, 701));
        }
        for (String file : List.of("tile/entries/000", "tile/0/000")) {
            Files.write(root.resolve(file), Files.readAllBytes(other.resolve(file)));
        }
        assertThat(found()).containsExactlyInAnyOrder("tile/1/000.p/2 log/tile", "checkpoint log/root");
    }

    @Test
    void whatAnInterruptedAppendLeavesIsNoDifference() throws IOException {
        Files.createDirectories(root.resolve("tile/0/003.p"));
        Files.write(root.resolve("tile/0/003.p/9"), new byte[9 * 32]);
        assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(700, List.of(), List.of("tile/0/003.p/9")));
        Logs.open(root).close();
        assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(700, List.of(), List.of()));
    }

    @Test
    void anotherKey() {
        NoteKey other = NoteKey.of("log.example/tally", JdkEd25519.generate().publicKey());
        LogFsck.Report report = LogFsck.check(root, other, Logs.VERIFIER);
        assertThat(report.size()).isZero();
        assertThat(report.differences())
                .singleElement()
                .extracting(LogDifference::reason)
                .isEqualTo("note/unknown-signer");
    }

    @Test
    void thePartialTileOfACheckpointMayHaveBeenReplacedMeanwhile() throws IOException {
        byte[] earlier = Files.readAllBytes(root.resolve("checkpoint"));
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(700, 800));
        }
        Files.write(root.resolve("checkpoint"), earlier);
        LogFsck.Report report = Logs.fsck(root);
        assertThat(report.size()).isEqualTo(700);
        assertThat(report.differences()).isEmpty();
        assertThat(report.leftovers()).contains("tile/0/002", "tile/0/003.p/32");
    }

    /** Whatever bit of whatever file: it is found. */
    @Test
    void anyBit() {
        List<String> files = new ArrayList<>(Logs.files(root));
        Seeds.check(60, random -> {
            String file = files.get(random.nextInt(files.size()));
            Path path = root.resolve(file);
            byte[] good = Files.readAllBytes(path);
            byte[] bad = good.clone();
            int bit = random.nextInt(8 * good.length);
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, bad);
            assertThat(Logs.fsck(root).isClean()).as("%s bit %s", file, bit).isFalse();
            Files.write(path, good);
        });
    }

    private List<String> found() {
        return Logs.fsck(root).differences().stream()
                .map(difference -> difference.file() + " " + difference.reason())
                .distinct()
                .toList();
    }
}
