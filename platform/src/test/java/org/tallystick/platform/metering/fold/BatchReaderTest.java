package org.tallystick.platform.metering.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Signer;

/** Batches are read by their log positions, one by one or with their bundles, and no changed byte is taken. */
class BatchReaderTest {
    private static final Signer KEY =
            Ed25519.signer(Sha256.hash("key".getBytes(StandardCharsets.UTF_8)).toBytes());

    @TempDir
    Path dir;

    private TransparencyLog log;
    private BlobStore blobs;
    private long numbers = 1;

    @BeforeEach
    void open() {
        log = TransparencyLog.open(dir.resolve("log"), new NoteSigner("log.example/tally", KEY), Ed25519.verifier());
        blobs = BlobStore.open(dir.resolve("blobs"));
    }

    @AfterEach
    void close() {
        log.close();
        blobs.close();
    }

    private Batch batch() {
        byte[] leaf = new byte[Leaf.LENGTH];
        new Leaf(
                        LeafKind.FULL,
                        Scope.TRAINING,
                        false,
                        1,
                        1,
                        numbers++,
                        1_000,
                        new TokenId(new byte[TokenId.LENGTH]),
                        new ContentId(Hash.of(new byte[32])),
                        7,
                        0,
                        new byte[Leaf.SALT_LENGTH])
                .encode(leaf, 0);
        return Batch.seal(leaf, BatchHeader.NONE, KEY);
    }

    private static byte[] document(int number) {
        return new LogEntry.DocumentEntry(
                        "test",
                        Instant.EPOCH,
                        Json.object().put("number", number).build())
                .encode();
    }

    /** A bundle in the blob store, and the entries of its batches. */
    private List<byte[]> bundle(Batch... batches) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (Batch batch : batches) {
            bundle.writeBytes(batch.encode());
        }
        Hash id = Sha256.hash(bundle.toByteArray());
        blobs.put(bundle.toByteArray());
        List<byte[]> entries = new ArrayList<>();
        long offset = 0;
        for (Batch batch : batches) {
            entries.add(new LogEntry.BatchEntry(id, offset, batch.length(), batch.signed()).encode());
            offset += batch.length();
        }
        return entries;
    }

    private static long number(Batch batch) {
        return batch.leaf(0).sequence();
    }

    @Test
    void batchesStandAmongDocuments() {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            entries.add(document(i));
            entries.addAll(bundle(batch(), batch()));
        }
        log.append(entries);
        BatchReader reader = new BatchReader(log, blobs);
        for (int position : new int[] {0, 1, 2, 254, 255, 256, 257, 511, 512, 513, 897, 898, 899}) {
            boolean isDocument = position % 3 == 0;
            long number = 1 + 2L * (position / 3) + (position % 3 == 2 ? 1 : 0);
            assertThat(reader.entry(position).isEmpty()).as("%s", position).isEqualTo(isDocument);
            if (isDocument) {
                assertThatThrownBy(() -> reader.batchEntry(position)).isInstanceOf(IllegalStateException.class);
            } else {
                assertThat(reader.header(position).first()).isEqualTo(number);
                assertThat(number(reader.single(position))).isEqualTo(number);
                assertThat(number(reader.inBundle(reader.batchEntry(position)))).isEqualTo(number);
                assertThat(number(reader.single(position)))
                        .as("out of a bundle that is kept")
                        .isEqualTo(number);
            }
        }
        assertThat(reader.batches(255, 261))
                .extracting(BatchReader.Positioned::position)
                .containsExactly(256L, 257L, 259L, 260L);
        assertThat(reader.batches(4, 5)).hasSize(1);
        assertThat(reader.batches(4, 4)).isEmpty();
        assertThatThrownBy(() -> reader.entry(900)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void whatIsAppendedLaterIsRead() {
        log.append(List.of(document(0)));
        BatchReader reader = new BatchReader(log, blobs);
        assertThat(reader.entry(0)).isEmpty();
        log.append(bundle(batch()));
        assertThat(number(reader.single(1))).isEqualTo(1);
    }

    @Test
    void aBundleThatIsKeptIsReadOnce() throws IOException {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            entries.addAll(bundle(batch()));
        }
        log.append(entries);
        BatchReader reader = new BatchReader(log, blobs);
        IntStream.range(0, 5).forEach(at -> reader.inBundle(reader.batchEntry(at)));
        deleteBlobs();
        IntStream.range(1, 5)
                .forEach(at -> assertThat(number(reader.inBundle(reader.batchEntry(at))))
                        .isEqualTo(at + 1));
        assertThatThrownBy(() -> reader.inBundle(reader.batchEntry(0)))
                .as("four are kept, and this one is the oldest")
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> reader.single(5)).isInstanceOf(RuntimeException.class);
    }

    private List<Path> blobFiles() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("blobs"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > Leaf.LENGTH)
                    .toList();
        }
    }

    private void deleteBlobs() throws IOException {
        for (Path file : blobFiles()) {
            Files.delete(file);
        }
    }

    @Test
    void aChangedByteIsRefusedEitherWay() throws IOException {
        log.append(bundle(batch()));
        Path file = blobFiles().getFirst();
        assertThat(file.toFile().setWritable(true)).isTrue();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> new BatchReader(log, blobs).single(0)).isInstanceOf(MalformedException.class);
        BatchReader reader = new BatchReader(log, blobs);
        assertThatThrownBy(() -> reader.inBundle(reader.batchEntry(0))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void anotherBatchThanTheLogSaysIsRefused() {
        Batch one = batch();
        Batch other = batch();
        Hash id = Sha256.hash(one.encode());
        blobs.put(one.encode());
        log.append(List.of(new LogEntry.BatchEntry(id, 0, other.length(), other.signed()).encode()));
        BatchReader reader = new BatchReader(log, blobs);
        assertThatThrownBy(() -> reader.single(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> reader.inBundle(reader.batchEntry(0))).isInstanceOf(IllegalStateException.class);
    }
}
