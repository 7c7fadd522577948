package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Market;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;

/** However far ahead and on however many cores the work is done, the log is told from front to back, faults included. */
class LogWalkTest {
    private static final int BUNDLES = 200;
    private static final int BATCHES = 4;

    @TempDir
    Path dir;

    private TransparencyLog log;
    private BlobStore blobs;
    private final List<byte[]> entries = new ArrayList<>();
    private final List<ContentId> bundles = new ArrayList<>();
    private Hash previous = BatchHeader.NONE;
    private long sequence = 1;

    @BeforeEach
    void open() {
        log = TransparencyLog.open(dir.resolve("log"), Market.noteSigner(), ContractFixture.VERIFIER);
        blobs = BlobStore.open(dir.resolve("blobs"));
        for (int i = 0; i < BUNDLES; i++) {
            bundle();
            for (int j = 0; j < i % 3; j++) {
                entries.add(new LogEntry.DocumentEntry(
                                "note",
                                ContractFixture.START,
                                Json.object().put("number", i).build())
                        .encode());
            }
        }
        log.append(entries);
    }

    @AfterEach
    void close() {
        blobs.close();
        log.close();
    }

    private void bundle() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            Batch batch = Batch.seal(leaf().encode(), previous, ContractFixture.signer("an edge"));
            previous = batch.header().hash();
            batches.add(batch);
            bytes.writeBytes(batch.encode());
        }
        ContentId id = blobs.put(bytes.toByteArray()).id();
        bundles.add(id);
        long offset = 0;
        for (Batch batch : batches) {
            entries.add(new LogEntry.BatchEntry(id.hash(), offset, batch.length(), batch.signed()).encode());
            offset += batch.length();
        }
    }

    private Leaf leaf() {
        return new Leaf(
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                1,
                1,
                sequence++,
                ContractFixture.START.toEpochMilli(),
                new TokenId(new byte[24]),
                ContentId.of(new byte[] {1}),
                10,
                0,
                new byte[Leaf.SALT_LENGTH]);
    }

    private List<LogWalk.Step> steps() {
        List<LogWalk.Step> steps = new ArrayList<>();
        LogWalk.over(log, blobs, steps::add);
        return steps;
    }

    private static String shown(LogWalk.Step step) {
        return switch (step) {
            case LogWalk.Document(long position, LogEntry.DocumentEntry entry) -> position + " " + entry.type();
            case LogWalk.Receipts receipts ->
                receipts.position() + " batch "
                        + receipts.batch()
                                .map(batch -> String.valueOf(batch.header().first()))
                                .orElse("missing")
                        + (receipts.failure().isPresent() ? " failed" : "");
            case LogWalk.Undecodable undecodable -> undecodable.position() + " undecodable";
            case LogWalk.Unreadable unreadable -> unreadable.from() + " to " + unreadable.to() + " unreadable";
        };
    }

    /** What should be told, straight from the order of appending. */
    private List<String> expected() {
        List<String> expected = new ArrayList<>();
        long first = 1;
        for (int i = 0; i < BUNDLES; i++) {
            for (int j = 0; j < BATCHES; j++) {
                expected.add(expected.size() + " batch " + first++);
            }
            for (int j = 0; j < i % 3; j++) {
                expected.add(expected.size() + " note");
            }
        }
        return expected;
    }

    @Test
    void everyEntryIsToldOnceAndInOrder() {
        assertThat(steps()).map(LogWalkTest::shown).isEqualTo(expected());
    }

    @Test
    void aBundleThatIsGoneIsMissingFromItsOwnBatchesOnly() throws IOException {
        Files.delete(file(bundles.get(77)));
        List<String> wanted = expected();
        wanted.replaceAll(line -> line.replaceFirst(" batch (309|310|311|312)$", " batch missing failed"));
        assertThat(steps()).map(LogWalkTest::shown).isEqualTo(wanted);
    }

    @Test
    void aChangedBundleFailsAsAWhole() throws IOException {
        byte[] bytes = Files.readAllBytes(file(bundles.get(3)));
        bytes[bytes.length - 1] ^= 1;
        Files.write(file(bundles.get(3)), bytes);
        List<String> wanted = expected();
        wanted.replaceAll(line -> line.replaceFirst(" batch (13|14|15|16)$", " batch missing failed"));
        assertThat(steps()).map(LogWalkTest::shown).isEqualTo(wanted);
    }

    @Test
    void entriesThatCannotBeReadAreSkippedTogether() throws IOException {
        Files.delete(dir.resolve("log/tile/entries/001"));
        List<String> wanted = new ArrayList<>(expected().subList(0, 256));
        wanted.add("256 to 512 unreadable");
        wanted.addAll(expected().subList(512, expected().size()));
        assertThat(steps()).map(LogWalkTest::shown).isEqualTo(wanted);
    }

    private Path file(ContentId id) {
        return dir.resolve("blobs").resolve(id.hex().substring(0, 2)).resolve(id.hex());
    }

    @Test
    void workDoneAheadIsTakenInTheOrderItWasGivenAndFailsWhereItIsTaken() {
        try (ExecutorService pool = OrderedPrefetch.threads()) {
            OrderedPrefetch<Integer> ahead = new OrderedPrefetch<>(pool);
            int given = 0;
            while (!ahead.isFull()) {
                int number = given++;
                ahead.give(() -> {
                    if (number == 1) {
                        throw new IllegalArgumentException("one");
                    }
                    return number;
                });
            }
            assertThat(given).isGreaterThanOrEqualTo(2);
            assertThat(ahead.take()).isEqualTo(0);
            assertThatThrownBy(ahead::take)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("one");
            for (int number = 2; number < given; number++) {
                assertThat(ahead.take()).isEqualTo(number);
            }
            assertThat(ahead.isEmpty()).isTrue();
        }
    }
}
