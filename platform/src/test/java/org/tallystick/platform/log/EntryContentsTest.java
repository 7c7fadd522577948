package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Deliveries;

/** A log with a long document and a bundle of two batches, and what can be wrong with them. */
class EntryContentsTest {
    private static final Batch FIRST = Deliveries.batch(1, 3, BatchHeader.NONE);
    private static final Batch SECOND = Deliveries.batch(4, 2, FIRST.header().hash());
    private static final byte[] BUNDLE = both();
    private static final LogEntry DOCUMENT = new LogEntry.DocumentEntry(
            "contract",
            Instant.parse("2026-01-05T12:00:00Z"),
            Json.object().put("text", "x".repeat(40_000)).build());

    private final Path root;
    private final BlobStore blobs;

    EntryContentsTest(@TempDir Path directory) {
        root = directory.resolve("log");
        blobs = BlobStore.open(directory.resolve("blobs"));
        blobs.put(BUNDLE);
        blobs.put(DOCUMENT.blob().orElseThrow());
    }

    @AfterEach
    void close() {
        blobs.close();
    }

    private static byte[] both() {
        byte[] bundle = Arrays.copyOf(FIRST.encode(), FIRST.length() + SECOND.length());
        System.arraycopy(SECOND.encode(), 0, bundle, FIRST.length(), SECOND.length());
        return bundle;
    }

    private static LogEntry.BatchEntry batch(Hash bundle, long offset, Batch batch) {
        return new LogEntry.BatchEntry(bundle, offset, batch.length(), batch.signed());
    }

    private List<String> found(LogEntry... entries) {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(Arrays.stream(entries).map(LogEntry::encode).toList());
        }
        assertThat(Logs.fsck(root).isClean()).isTrue();
        return LogFsck.check(root, Logs.SIGNER.key(), Logs.VERIFIER, blobs).differences().stream()
                .map(difference -> difference.file() + " " + difference.reason() + " "
                        + difference.detail().substring(0, 7))
                .toList();
    }

    private static List<LogEntry> sound() {
        Hash bundle = Sha256.hash(BUNDLE);
        return List.of(DOCUMENT, batch(bundle, 0, FIRST), batch(bundle, FIRST.length(), SECOND));
    }

    @Test
    void allIsThere() {
        assertThat(found(sound().toArray(LogEntry[]::new))).isEmpty();
    }

    @Test
    void aBlobIsGoneAndABundleIsChanged() throws IOException {
        Files.delete(fileOf(ContentId.of(DOCUMENT.blob().orElseThrow())));
        Logs.flip(fileOf(ContentId.of(BUNDLE)), BUNDLE.length - 1);
        assertThat(found(sound().toArray(LogEntry[]::new)))
                .containsExactly(
                        "tile/entries/000.p/3 blob/missing entry 0",
                        "tile/entries/000.p/3 blob/changed entry 1",
                        "tile/entries/000.p/3 blob/changed entry 2");
    }

    @Test
    void entriesThatNameOtherBytes() {
        Hash bundle = Sha256.hash(BUNDLE);
        Hash alone = blobs.put(FIRST.encode()).id().hash();
        byte[] leavesChanged = FIRST.encode();
        leavesChanged[leavesChanged.length - 1] ^= 1;
        Hash changed = blobs.put(leavesChanged).id().hash();
        Batch same = Deliveries.batch(1, 3, Sha256.hash(new byte[1]));
        assertThat(found(
                        batch(bundle, 0, SECOND),
                        batch(alone, 4_000_000_000L, FIRST),
                        batch(changed, 0, FIRST),
                        batch(bundle, 0, same)))
                .containsExactly(
                        "tile/entries/000.p/4 entry/other-batch entry 0",
                        "tile/entries/000.p/4 batch/truncated entry 1",
                        "tile/entries/000.p/4 batch/root entry 2",
                        "tile/entries/000.p/4 entry/other-batch entry 3");
    }

    @Test
    void entriesThatAreNone() {
        try (TransparencyLog log = Logs.open(root)) {
            log.append(List.of(new byte[] {9}));
        }
        assertThat(LogFsck.check(root, Logs.SIGNER.key(), Logs.VERIFIER, blobs).differences())
                .singleElement()
                .extracting(LogDifference::reason)
                .isEqualTo("entry/format");
    }

    private Path fileOf(ContentId id) {
        String hex = id.hex();
        return root.resolveSibling("blobs").resolve(hex.substring(0, 2)).resolve(hex);
    }
}
