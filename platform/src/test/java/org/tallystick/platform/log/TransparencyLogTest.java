package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.EntryBundle;
import org.tallystick.protocol.log.InclusionProof;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MultiProof;

class TransparencyLogTest {
    @TempDir
    Path root;

    @Test
    void anEmptyDirectoryBecomesAnEmptyLog() {
        try (TransparencyLog log = Logs.open(root)) {
            assertThat(log.size()).isZero();
            assertThat(opened(log.checkpoint()))
                    .isEqualTo(new Checkpoint("log.example/tally", 0, MerkleTree.emptyRoot()));
            assertThat(Logs.files(root)).containsExactly("checkpoint");
            assertThat(log.consistency(0, 0)).isEmpty();
            assertThat(log.entries(0, 0)).isEmpty();
            assertThatThrownBy(() -> log.entry(0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> log.inclusion(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(Logs.fsck(root).isClean()).isTrue();
    }

    @Test
    void manyEntriesAreProvenAtOnce() {
        List<byte[]> entries = Logs.entries(0, 700);
        TreeMap<Long, Hash> some = new TreeMap<>();
        for (long position : new long[] {0, 1, 255, 256, 511, 640}) {
            some.put(position, MerkleTree.leafHash(entries.get((int) position)));
        }
        try (TransparencyLog log = Logs.open(root)) {
            log.append(entries);
            for (long size : new long[] {641, 690, 700}) {
                List<Hash> proof = log.multiProof(some.navigableKeySet(), size);
                assertThat(MultiProof.root(size, some, proof)).isEqualTo(log.rootAt(size));
            }
            assertThatThrownBy(() -> log.multiProof(some.navigableKeySet(), 701))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** The very files the specification asks for. */
    @Test
    void filesOfALog() throws IOException {
        try (TransparencyLog log = Logs.open(root)) {
            assertThat(log.append(Logs.entries(0, 3))).isZero();
            assertThat(log.append(Logs.entries(3, 5))).isEqualTo(3);
            assertThat(Logs.files(root))
                    .containsExactly(
                            "checkpoint",
                            "tile/0/000.p/3",
                            "tile/0/000.p/5",
                            "tile/entries/000.p/3",
                            "tile/entries/000.p/5");
            assertThat(Files.readAllBytes(root.resolve("tile/entries/000.p/5")))
                    .isEqualTo(EntryBundle.encode(Logs.entries(0, 5)));
            log.append(Logs.entries(5, 256));
            assertThat(Logs.files(root))
                    .containsExactly("checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000");
            assertThat(Files.size(root.resolve("tile/0/000"))).isEqualTo(8192);
            log.append(Logs.entries(256, 700));
            assertThat(Logs.files(root))
                    .containsExactly(
                            "checkpoint",
                            "tile/0/000",
                            "tile/0/001",
                            "tile/0/002.p/188",
                            "tile/1/000.p/1",
                            "tile/1/000.p/2",
                            "tile/entries/000",
                            "tile/entries/001",
                            "tile/entries/002.p/188");
            assertThat(Files.readString(root.resolve("checkpoint")))
                    .isEqualTo(log.checkpoint().toString())
                    .startsWith("log.example/tally\n700\n" + Logs.root(700).base64() + "\n\n— log.example/tally ");
        }
        assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(700, List.of(), List.of()));
    }

    /** Appends of random lengths; after each, everything the log answers is held against the plain tree. */
    @Test
    void answersAreThoseOfThePlainTree() {
        SplittableRandom random = new SplittableRandom(42);
        List<Long> sizes = new ArrayList<>();
        TreeMap<Long, SignedNote> published = new TreeMap<>();
        long size = 0;
        while (size < 1200) {
            try (TransparencyLog log = Logs.open(root)) {
                assertThat(log.size()).isEqualTo(size);
                for (int i = 0; i < 3; i++) {
                    int more = random.nextInt(1, random.nextInt(2, 200));
                    assertThat(log.append(Logs.entries(size, size + more))).isEqualTo(size);
                    size += more;
                    sizes.add(size);
                    published.put(size, log.checkpoint());
                    assertThat(opened(log.checkpoint()))
                            .isEqualTo(new Checkpoint("log.example/tally", size, Logs.root(size)));
                }
                checkProofs(log, random, size);
            }
        }
        try (TransparencyLog log = Logs.open(root)) {
            published.forEach((at, note) -> assertThat(log.checkpointAt(at)).isEqualTo(note));
            assertThat(log.entries(0, size)).usingRecursiveComparison().isEqualTo(Logs.entries(0, size));
            for (int i = 1; i < sizes.size(); i++) {
                checkConsistency(log, sizes.get(i - 1), sizes.get(i));
            }
        }
        assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(size, List.of(), List.of()));
    }

    private static void checkProofs(TransparencyLog log, SplittableRandom random, long size) {
        for (int i = 0; i < 10; i++) {
            long position = random.nextLong(size);
            InclusionProof last = log.inclusion(position);
            last.verify(Logs.entry(position), log.key(), Logs.VERIFIER);
            long then = random.nextLong(position, size) + 1;
            Checkpoint earlier = InclusionProof.parse(
                            log.inclusion(position, then).encode())
                    .verify(Logs.entry(position), log.key(), Logs.VERIFIER);
            assertThat(earlier.size()).isEqualTo(then);
            assertThat(log.entry(position)).isEqualTo(Logs.entry(position));
            checkConsistency(log, random.nextLong(then + 1), then);
        }
        assertThatThrownBy(() -> log.inclusion(size)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.inclusion(0, size + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.checkpointAt(size + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.consistency(0, size + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.consistency(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.entries(0, size + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void checkConsistency(TransparencyLog log, long old, long size) {
        List<Hash> proof = log.consistency(old, size);
        assertThat(MerkleTree.verifyConsistency(old, size, Logs.root(old), Logs.root(size), proof))
                .isTrue();
    }

    @Test
    void levelsGrowWithTheTree() {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(0, 65_535));
            log.append(Logs.entries(65_535, 65_540));
            assertThat(Files.exists(root.resolve("tile/1/000"))).isTrue();
            assertThat(Files.exists(root.resolve("tile/2/000.p/1"))).isTrue();
            assertThat(Files.exists(root.resolve("tile/0/256.p/4"))).isTrue();
            assertThat(log.rootAt(65_540)).isEqualTo(Logs.root(65_540));
            log.inclusion(65_539).verify(Logs.entry(65_539), log.key(), Logs.VERIFIER);
            log.inclusion(7, 300).verify(Logs.entry(7), log.key(), Logs.VERIFIER);
            checkConsistency(log, 300, 65_537);
        }
        assertThat(Logs.fsck(root).isClean()).isTrue();
    }

    @Test
    void tilesAreServedOnlyAsFarAsSigned() throws IOException {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(0, 5));
            Files.write(root.resolve("tile/0/000.p/6"), new byte[192]);
            assertThat(log.tile(TilePath.parse("tile/0/000.p/5")).orElseThrow()).hasSize(160);
            assertThat(log.tile(TilePath.parse("tile/entries/000.p/5"))).isPresent();
            assertThat(log.tile(TilePath.parse("tile/0/000.p/6"))).isEmpty();
            assertThat(log.tile(TilePath.parse("tile/0/000.p/4"))).isEmpty();
            assertThat(log.tile(TilePath.parse("tile/0/000"))).isEmpty();
            assertThat(log.tile(TilePath.parse("tile/0/001.p/1"))).isEmpty();
            assertThat(log.tile(TilePath.parse("tile/1/000.p/1"))).isEmpty();
            assertThat(log.tile(TilePath.parse("tile/0/x009/x223/x372/x036/x854/x775/807")))
                    .isEmpty();
        }
    }

    @Test
    void oneWriterAtATime() {
        try (TransparencyLog log = Logs.open(root)) {
            assertThatThrownBy(() -> Logs.open(root))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("being written");
            log.append(Logs.entries(0, 1));
        }
        TransparencyLog again = Logs.open(root);
        again.close();
        again.close();
        assertThatThrownBy(() -> again.append(Logs.entries(1, 2))).isInstanceOf(LogUnavailableException.class);
        assertThat(again.entry(0)).isEqualTo(Logs.entry(0));
    }

    @Test
    void whatIsNoEntry() {
        try (TransparencyLog log = Logs.open(root)) {
            assertThatThrownBy(() -> log.append(List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.append(List.of(new byte[0]))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.append(List.of(new byte[65_536])))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(log.append(List.of(new byte[65_535]))).isZero();
            assertThat(log.entry(0)).hasSize(65_535);
        }
    }

    @Test
    void waitersWake() throws Exception {
        try (TransparencyLog log = Logs.open(root)) {
            assertThat(log.awaitMoreThan(0, Duration.ofMillis(5))).isZero();
            CompletableFuture<Long> waiter = CompletableFuture.supplyAsync(() -> {
                try {
                    return log.awaitMoreThan(0, Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            log.append(Logs.entries(0, 2));
            assertThat(waiter.get()).isEqualTo(2);
        }
    }

    @Test
    void anotherLogsKeyIsRefused() {
        Logs.open(root).close();
        NoteSigner other = new NoteSigner("log.example/tally", JdkEd25519.generate());
        assertThatThrownBy(() -> TransparencyLog.open(root, other, Logs.VERIFIER))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("no known key");
    }

    @Test
    void checkpointRemoved() throws IOException {
        write(5);
        Files.delete(root.resolve("checkpoint"));
        assertRefused("no checkpoint");
    }

    @Test
    void checkpointOfAnEarlierTimePutBack() throws IOException {
        write(5);
        byte[] earlier = Files.readAllBytes(root.resolve("checkpoint"));
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(5, 9));
            Files.write(root.resolve("checkpoint"), earlier);
            assertThatThrownBy(() -> log.append(Logs.entries(9, 10)))
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("not the one last signed");
            assertThatThrownBy(() -> log.append(Logs.entries(9, 10)))
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("older than one signed here");
        }
        assertThat(Files.readAllBytes(root.resolve("checkpoint"))).isEqualTo(earlier);
    }

    @Test
    void checkpointOfAnotherTreePutInPlace() throws IOException {
        write(5);
        Path other = root.resolveSibling(root.getFileName() + "-other");
        try (TransparencyLog log = Logs.open(other)) {
            log.append(Logs.entries(10, 15));
        }
        Files.copy(other.resolve("checkpoint"), root.resolve("checkpoint"), StandardCopyOption.REPLACE_EXISTING);
        assertRefused("do not have the root");
    }

    @Test
    void flippedBitsAreFoundBeforeAnythingIsSignedOverThem() throws IOException {
        write(300);
        byte[] checkpoint = Files.readAllBytes(root.resolve("checkpoint"));
        for (String file : List.of("tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1")) {
            Path path = root.resolve(file);
            byte[] good = Files.readAllBytes(path);
            try (TransparencyLog log = Logs.open(root)) {
                Logs.flip(path, good.length - 1);
                assertThatThrownBy(() -> log.append(Logs.entries(300, 301))).isInstanceOf(LogDamagedException.class);
                assertThat(Files.readAllBytes(root.resolve("checkpoint"))).isEqualTo(checkpoint);
                Files.write(path, good);
                assertThat(log.size()).isEqualTo(300);
            }
            Logs.flip(path, 3);
            assertThatThrownBy(() -> Logs.open(root)).isInstanceOf(LogDamagedException.class);
            Files.write(path, good);
        }
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(300, 301));
        }
        assertThat(Logs.fsck(root).isClean()).isTrue();
    }

    @Test
    void missingTilesAreFound() throws IOException {
        write(5);
        Files.delete(root.resolve("tile/0/000.p/5"));
        assertRefused("missing");
    }

    @Test
    void readersFindDamage() {
        write(600);
        try (TransparencyLog log = Logs.open(root)) {
            Logs.flip(root.resolve("tile/entries/000"), 20);
            assertThatThrownBy(() -> log.entry(0)).isInstanceOf(LogDamagedException.class);
            assertThat(log.entry(300)).isEqualTo(Logs.entry(300));
            Logs.flip(root.resolve("tile/0/001"), 64);
            assertThatThrownBy(() -> log.inclusion(256)).isInstanceOf(LogDamagedException.class);
            assertThatThrownBy(() -> log.rootAt(300)).isInstanceOf(LogDamagedException.class);
            assertThatThrownBy(() -> log.consistency(300, 400)).isInstanceOf(LogDamagedException.class);
        }
    }

    @Test
    void readersRunBesideTheWriter() throws Exception {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(0, 1));
            CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> read(log));
            for (long size = 1; size < 600; size += 7) {
                log.append(Logs.entries(size, size + 7));
            }
            assertThat(reader.get()).isPositive();
        }
    }

    private static int read(TransparencyLog log) {
        int rounds = 0;
        for (long size = log.size(); size < 590; size = log.size()) {
            long position = size * 7 / 8;
            log.inclusion(position).verify(Logs.entry(position), log.key(), Logs.VERIFIER);
            log.entries(0, size);
            log.checkpointAt(size / 2);
            rounds++;
        }
        return rounds;
    }

    private void write(long size) {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Logs.entries(0, size));
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Logs.open(root))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(message);
        Path lock = root.resolve(".lock");
        assertThat(lock).exists();
        assertThatThrownBy(() -> Logs.open(root)).isInstanceOf(LogDamagedException.class);
    }

    private static Checkpoint opened(SignedNote note) {
        SignedNote read = SignedNote.parse(note.toString().getBytes(StandardCharsets.UTF_8));
        return Checkpoint.open(read, Logs.SIGNER.key(), Logs.VERIFIER);
    }
}
