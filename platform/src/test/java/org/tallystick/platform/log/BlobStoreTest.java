package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.BundlePacker;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Deliveries;

class BlobStoreTest {
    private static final byte[] CONTENT = "the bytes of a work".getBytes(StandardCharsets.UTF_8);
    private static final ContentId ID = ContentId.of(CONTENT);
    private static final ContentId ABSENT = ContentId.of(new byte[] {1, 2, 3});

    @TempDir(factory = MemoryDirectory.class)
    Path root;

    @Test
    void whatIsPutIsThere() throws IOException {
        try (BlobStore blobs = BlobStore.open(root)) {
            assertThat(blobs.put(CONTENT)).isEqualTo(new BlobStore.Stored(ID, 19, false));
            assertThat(blobs.put(CONTENT)).isEqualTo(new BlobStore.Stored(ID, 19, true));
            assertThat(blobs.put(new ByteArrayInputStream(CONTENT))).isEqualTo(new BlobStore.Stored(ID, 19, true));
            assertThat(blobs.has(ID)).isTrue();
            assertThat(blobs.size(ID)).hasValue(19);
            assertThat(blobs.read(ID)).isEqualTo(CONTENT);
            assertThat(all(blobs.open(ID))).isEqualTo(CONTENT);
            assertThat(blobs.put(new byte[0]).bytes()).isZero();
            assertThat(all(blobs.open(ContentId.of(new byte[0])))).isEmpty();
        }
        String hex = ID.hex();
        assertThat(Logs.files(root)).contains(hex.substring(0, 2) + "/" + hex);
        try (BlobStore again = BlobStore.open(root)) {
            assertThat(again.read(ID)).isEqualTo(CONTENT);
            assertThat(again.verify()).isEmpty();
        }
    }

    @Test
    void whatIsNotThere() {
        try (BlobStore blobs = BlobStore.open(root)) {
            assertThat(blobs.has(ABSENT)).isFalse();
            assertThat(blobs.size(ABSENT)).isEmpty();
            assertThatThrownBy(() -> blobs.read(ABSENT)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> blobs.open(ABSENT)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> blobs.open(ABSENT, 0, 1)).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void onlyWhatIsExpected() {
        try (BlobStore blobs = BlobStore.open(root)) {
            assertThatThrownBy(() -> blobs.put(ABSENT, new ByteArrayInputStream(CONTENT)))
                    .isInstanceOfSatisfying(
                            MalformedException.class,
                            e -> assertThat(e.reason()).isEqualTo("blob/other-content"));
            assertThat(Logs.files(root)).isEmpty();
            assertThat(blobs.put(ID, new ByteArrayInputStream(CONTENT)).existed())
                    .isFalse();
        }
    }

    @Test
    void ranges() {
        byte[] content = Seeds.bytes(new SplittableRandom(7), 200_000);
        try (BlobStore blobs = BlobStore.open(root)) {
            ContentId id = blobs.put(new ByteArrayInputStream(content)).id();
            Seeds.check(50, random -> {
                int from = random.nextInt(content.length + 1);
                int length = random.nextInt(content.length - from + 1);
                try (InputStream range = blobs.open(id, from, length)) {
                    long skipped = range.skip(random.nextInt(10));
                    assertThat(range.readAllBytes())
                            .isEqualTo(Arrays.copyOfRange(content, from + (int) skipped, from + length));
                    assertThat(range.read()).isEqualTo(-1);
                    assertThat(range.read(new byte[4])).isEqualTo(-1);
                    assertThat(range.available()).isZero();
                    assertThat(range.markSupported()).isFalse();
                }
            });
            for (long[] range : new long[][] {{0, 200_001}, {200_001, 0}, {-1, 1}, {1, -1}, {1, Long.MAX_VALUE}}) {
                assertThatThrownBy(() -> blobs.open(id, range[0], range[1]))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            try (InputStream one = blobs.open(id, 199_999, 1)) {
                assertThat(one.read()).isEqualTo(content[199_999] & 0xff);
                assertThat(one.read()).isEqualTo(-1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aStreamThatBreaksOffLeavesNothing() {
        InputStream gone = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the sender is gone");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), gone);
        try (BlobStore blobs = BlobStore.open(root)) {
            assertThatThrownBy(() -> blobs.put(broken))
                    .isInstanceOf(LogUnavailableException.class)
                    .hasRootCauseMessage("the sender is gone");
            assertThat(Logs.files(root)).isEmpty();
            assertThat(root.resolve(".tmp")).isEmptyDirectory();
        }
    }

    @Test
    void damageIsFoundAndHealedByRepeating() throws IOException {
        try (BlobStore blobs = BlobStore.open(root)) {
            blobs.put(CONTENT);
            Path file = root.resolve(Logs.files(root).getFirst());
            Logs.flip(file, 4);
            assertThatThrownBy(() -> blobs.read(ID)).isInstanceOf(LogDamagedException.class);
            assertThat(blobs.verify())
                    .singleElement()
                    .extracting(LogDifference::reason)
                    .isEqualTo("blob/changed");
            Files.write(file, new byte[3]);
            assertThat(blobs.put(CONTENT).existed()).isFalse();
            assertThat(blobs.read(ID)).isEqualTo(CONTENT);
            Files.write(file.resolveSibling("notes"), new byte[1]);
            assertThat(blobs.verify())
                    .singleElement()
                    .extracting(LogDifference::reason)
                    .isEqualTo("blob/stray");
        }
    }

    @Test
    void allAreListedInOrder() {
        try (BlobStore blobs = BlobStore.open(root)) {
            List<ContentId> put = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                put.add(blobs.put(new byte[] {(byte) i}).id());
            }
            List<ContentId> listed = new ArrayList<>();
            blobs.forEach(listed::add);
            assertThat(listed).isEqualTo(put.stream().sorted().toList());
        }
    }

    @Test
    void manyWritersOfTheSameAndOfOthers() {
        try (BlobStore blobs = BlobStore.open(root)) {
            List<CompletableFuture<ContentId>> puts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                byte[] content = ("work " + i % 9).repeat(5000).getBytes(StandardCharsets.UTF_8);
                puts.add(CompletableFuture.supplyAsync(
                        () -> blobs.put(new ByteArrayInputStream(content)).id()));
            }
            puts.forEach(put -> assertThat(blobs.has(put.join())).isTrue());
            assertThat(Logs.files(root)).hasSize(9);
            assertThat(blobs.verify()).isEmpty();
        }
    }

    @Test
    void oneProcessAtATime() {
        BlobStore blobs = BlobStore.open(root);
        assertThatThrownBy(() -> BlobStore.open(root)).isInstanceOf(IllegalStateException.class);
        blobs.close();
        blobs.close();
        BlobStore.open(root).close();
    }

    private static final byte[] LIST = list();
    private static final byte[] BUNDLE = bundle();
    private static final ContentId BUNDLE_ID = ContentId.of(BUNDLE);
    private static final byte[] FORM = BundlePacker.pack(
            BUNDLE,
            token -> Optional.of(
                    new BundlePacker.Works(ContentId.of(LIST).hash(), (a, b, c, d) -> ordinal(new Hash(a, b, c, d)))));

    private static byte[] list() {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (int i = 0; i < 7; i++) {
            list.writeBytes(ContentId.of(("work " + i).getBytes(StandardCharsets.UTF_8))
                    .hash()
                    .toBytes());
        }
        return list.toByteArray();
    }

    private static int ordinal(Hash work) {
        int ordinal = 0;
        while (!work.isAt(LIST, ordinal * Hash.BYTES)) {
            ordinal++;
        }
        return ordinal;
    }

    private static byte[] bundle() {
        Batch first = Deliveries.batch(1, 300, BatchHeader.NONE);
        byte[] bundle = Arrays.copyOf(first.encode(), 2 * first.length());
        System.arraycopy(
                Deliveries.batch(301, 300, first.header().hash()).encode(), 0, bundle, first.length(), first.length());
        return bundle;
    }

    @Test
    void aPackedBundleIsReadAsIfItWereNot() throws IOException {
        try (BlobStore blobs = BlobStore.open(root)) {
            blobs.put(LIST);
            blobs.put(BUNDLE);
            assertThat(blobs.isPacked(BUNDLE_ID)).isFalse();
            blobs.pack(BUNDLE_ID, FORM);
            blobs.pack(BUNDLE_ID, FORM);
            assertThat(blobs.isPacked(BUNDLE_ID)).isTrue();
        }
        String hex = BUNDLE_ID.hex();
        assertThat(Logs.files(root))
                .contains(hex.substring(0, 2) + "/" + hex + ".pack")
                .hasSize(2);
        try (BlobStore blobs = BlobStore.open(root)) {
            assertThat(blobs.read(BUNDLE_ID)).isEqualTo(BUNDLE);
            assertThat(blobs.size(BUNDLE_ID)).hasValue(BUNDLE.length);
            assertThat(all(blobs.open(BUNDLE_ID))).isEqualTo(BUNDLE);
            assertThat(all(blobs.open(BUNDLE_ID, 35_000, 200))).isEqualTo(Arrays.copyOfRange(BUNDLE, 35_000, 35_200));
            assertThatThrownBy(() -> blobs.open(BUNDLE_ID, 1, BUNDLE.length))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(blobs.put(BUNDLE).existed()).isTrue();
            List<ContentId> ids = new ArrayList<>();
            blobs.forEach(ids::add);
            assertThat(ids).containsExactlyInAnyOrder(ContentId.of(LIST), BUNDLE_ID);
            assertThat(blobs.verify()).isEmpty();
        }
    }

    @Test
    void onlyWhatGivesBackTheBundleReplacesIt() {
        try (BlobStore blobs = BlobStore.open(root)) {
            blobs.put(BUNDLE);
            assertThatThrownBy(() -> blobs.pack(BUNDLE_ID, FORM)).isInstanceOf(LogDamagedException.class);
            blobs.put(LIST);
            byte[] other = FORM.clone();
            other[FORM.length - 1] ^= 1;
            assertThatThrownBy(() -> blobs.pack(BUNDLE_ID, other)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> blobs.pack(BUNDLE_ID, CONTENT)).isInstanceOf(LogDamagedException.class);
            assertThat(blobs.isPacked(BUNDLE_ID)).isFalse();
            assertThat(blobs.read(BUNDLE_ID)).isEqualTo(BUNDLE);
        }
    }

    /** Of the bundle as it lies packed and of the list it names, every byte in turn. */
    @Test
    void aFlippedBitOfAPackedBundleIsFound() throws IOException {
        try (BlobStore blobs = BlobStore.open(root)) {
            blobs.put(LIST);
            blobs.put(BUNDLE);
            blobs.pack(BUNDLE_ID, FORM);
        }
        String hex = BUNDLE_ID.hex();
        Path file = root.resolve(hex.substring(0, 2)).resolve(hex + ".pack");
        for (int at = 0; at < FORM.length; at += 13) {
            Logs.flip(file, at);
            try (BlobStore blobs = BlobStore.open(root)) {
                assertThatThrownBy(() -> blobs.read(BUNDLE_ID))
                        .as("byte %s", at)
                        .isInstanceOf(LogDamagedException.class);
            }
            Logs.flip(file, at);
        }
        String list = ContentId.of(LIST).hex();
        Logs.flip(root.resolve(list.substring(0, 2)).resolve(list), 40);
        try (BlobStore blobs = BlobStore.open(root)) {
            assertThatThrownBy(() -> blobs.read(BUNDLE_ID)).isInstanceOf(LogDamagedException.class);
            assertThat(blobs.verify()).extracting(LogDifference::reason).containsOnly("blob/changed");
        }
    }

    /** Whatever fails while packing, and whether or not it says so: the bundle is there all the while. */
    @Test
    void everyStepOfPacking() {
        for (FaultyDisk.After after : FaultyDisk.After.values()) {
            for (FaultyDisk.Fault fault : FaultyDisk.Fault.values()) {
                packing(fault, after);
            }
        }
    }

    private void packing(FaultyDisk.Fault fault, FaultyDisk.After after) {
        for (int i = 0; ; i++) {
            Path directory = root.resolve(fault + "-" + after + "-" + i);
            FaultyDisk disk = new FaultyDisk(directory);
            int steps;
            try (BlobStore blobs = BlobStore.open(directory, disk)) {
                blobs.put(LIST);
                blobs.put(BUNDLE);
                disk.failing(i, fault, after);
                try {
                    blobs.pack(BUNDLE_ID, FORM);
                } catch (LogUnavailableException | LogDamagedException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
                steps = disk.trace().size();
            }
            disk.losePower(new SplittableRandom(i));
            try (BlobStore blobs = BlobStore.open(directory)) {
                assertThat(blobs.read(BUNDLE_ID)).as("%s at %s", fault, i).isEqualTo(BUNDLE);
                blobs.pack(BUNDLE_ID, FORM);
                assertThat(blobs.read(BUNDLE_ID)).isEqualTo(BUNDLE);
                assertThat(blobs.verify()).isEmpty();
            }
            if (i >= steps) {
                assertThat(i).isGreaterThan(4);
                return;
            }
        }
    }

    /** Every step fails, in every way: what was returned is there, what was not is not half there. */
    @Test
    void everyStepOfAPut() {
        byte[] content = Seeds.bytes(new SplittableRandom(1), 150_000);
        for (FaultyDisk.Fault fault : FaultyDisk.Fault.REPORTED) {
            for (int i = 0; ; i++) {
                Path directory = root.resolve(fault + "-" + i);
                FaultyDisk disk = new FaultyDisk(directory);
                boolean failed = false;
                try (BlobStore blobs = BlobStore.open(directory, disk)) {
                    disk.failing(i, fault, FaultyDisk.After.PASSING);
                    try {
                        blobs.put(new ByteArrayInputStream(content));
                    } catch (LogUnavailableException e) {
                        failed = true;
                    }
                    assertThat(disk.trace().size() > i).as("step %s", i).isEqualTo(failed);
                    disk.failing(-1, fault, FaultyDisk.After.PASSING);
                    ContentId id = blobs.put(new ByteArrayInputStream(content)).id();
                    disk.losePower(new SplittableRandom(i));
                    assertThat(Files.exists(
                                    directory.resolve(Logs.files(directory).getFirst())))
                            .isTrue();
                    assertThat(id).isEqualTo(ContentId.of(content));
                }
                try (BlobStore blobs = BlobStore.open(directory)) {
                    assertThat(blobs.read(ContentId.of(content))).isEqualTo(content);
                    assertThat(blobs.verify()).isEmpty();
                    assertThat(directory.resolve(".tmp")).isEmptyDirectory();
                }
                if (!failed) {
                    assertThat(i).isGreaterThan(8);
                    break;
                }
            }
        }
    }

    private static byte[] all(InputStream stream) throws IOException {
        try (stream) {
            return stream.readAllBytes();
        }
    }
}
