package org.tallystick.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.EdgeFixture;
import org.tallystick.protocol.codec.Seeds;

/**
 * Quotas as sets of works on disk. Shows that they come back after any stop, that spools written with counts are still read, and
 * that frames which may hold many zeros are told from writes that were cut short.
 */
class QuotaSetsTest {
    @TempDir
    Path dir;

    private static Path onlySegment(SpoolKit kit) throws IOException {
        try (Stream<Path> files = Files.list(kit.spoolDir)) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aSetHoldsWhatWasAddedInMemoryAndInItsByteForm() {
        Seeds.check(200, random -> {
            int highest = 1 << random.nextInt(1, 22);
            WorkSet set = new WorkSet();
            Set<Integer> plain = new HashSet<>();
            for (int i = random.nextInt(3000); i > 0; i--) {
                int ordinal = random.nextInt(highest);
                assertThat(set.contains(ordinal)).isEqualTo(plain.contains(ordinal));
                assertThat(set.add(ordinal)).isEqualTo(plain.add(ordinal));
            }
            WorkSet read = new WorkSet();
            byte[] bytes = set.encode();
            read.addAll(ByteBuffer.wrap(bytes));
            assertThat(read.size()).isEqualTo(set.size()).isEqualTo(plain.size());
            assertThat(plain).allMatch(read::contains);
            assertThat(bytes.length).isLessThanOrEqualTo(Math.min(4 * plain.size(), highest / 8 + 1) + 5);
            assertThat(set.memory()).isLessThanOrEqualTo(32L * plain.size() + 64);
        });
    }

    @Test
    void whatWasTakenUnderAQuotaIsKnownAfterAnyStop() {
        Seeds.check(10, random -> {
            SpoolKit kit = new SpoolKit(Files.createTempDirectory(dir, "run"), 4096);
            Set<Integer> taken = new HashSet<>();
            for (int step = 0; step < 40; step++) {
                long first = kit.next;
                int count = 1 + random.nextInt(20);
                if (random.nextBoolean()) {
                    kit.append(count, kit.consumer(Optional.of(1000L)));
                    for (int i = 0; i < count; i++) {
                        taken.add((int) first + i);
                    }
                } else {
                    kit.append(count);
                }
                if (random.nextInt(4) == 0) {
                    kit.spool.close();
                    kit.reopen();
                }
            }
            kit.reopen();
            Quotas.Quota quota =
                    kit.consumer(Optional.of((long) taken.size())).quota().orElseThrow();
            assertThat(taken).allMatch(work -> quota.take(work, 1000) == Quotas.Answer.HELD);
            assertThat(quota.take(1_000_000, 1000)).isEqualTo(Quotas.Answer.USED_UP);
            assertThat(quota.bytes()).isEqualTo(1000L * taken.size());
        });
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenWithTheNextBatch() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(1, kit.consumer(Optional.of(3L)));
        Quotas.Quota quota = kit.consumer(Optional.of(3L)).quota().orElseThrow();
        quota.take(50, 10);
        assertThat(kit.quotas.additions(List.of(quota))).isNotEmpty();
        kit.quotas.settle(List.of(quota), false);
        kit.append(1, kit.consumer(Optional.of(3L)));
        kit.spool.close();
        kit.reopen();
        Quotas.Quota after = kit.consumer(Optional.of(3L)).quota().orElseThrow();
        assertThat(after.take(50, 10)).isEqualTo(Quotas.Answer.HELD);
        assertThat(after.take(51, 10)).isEqualTo(Quotas.Answer.USED_UP);
    }

    @Test
    void setsPastTheMemoryForThemTakeNothingNew() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        kit.quotas = new Quotas(kit.clock, 1000);
        Quotas.Quota quota = kit.consumer(Optional.of(100_000L)).quota().orElseThrow();
        int works = 0;
        while (quota.take(1000 * works, 1) == Quotas.Answer.HELD) {
            works++;
        }
        assertThat(works).isBetween(50, 300);
        assertThat(quota.take(1000 * works, 1)).isEqualTo(Quotas.Answer.NO_ROOM);
        assertThat(quota.take(1000, 1)).as("one it has").isEqualTo(Quotas.Answer.HELD);
    }

    /** A segment as it was written before sets: an old frame of counts, then old batches. */
    private static byte[] old(byte[] segment, byte[] token, long used) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(segment, 0, SegmentFormat.HEAD);
        byte[] counts = ByteBuffer.allocate(token.length + 16)
                .put(token)
                .putLong(used)
                .putLong(EdgeFixture.NOON.plusSeconds(60).toEpochMilli())
                .array();
        out.writeBytes(oldFrame(SegmentFormat.OLD_QUOTA, counts));
        Frames frames = new Frames(segment, SegmentFormat.HEAD, segment.length);
        while (frames.advance() == Frames.Next.FRAME) {
            if (frames.isBatch()) {
                byte[] batch = Arrays.copyOfRange(segment, frames.payload(), frames.payload() + frames.length());
                out.writeBytes(oldFrame(SegmentFormat.OLD_BATCH, batch));
            }
        }
        return out.toByteArray();
    }

    private static byte[] oldFrame(int kind, byte[] payload) {
        byte[] frame = new byte[SegmentFormat.FRAME + payload.length];
        ByteBuffer.wrap(frame)
                .putInt(kind)
                .putInt(payload.length)
                .putInt(SegmentFormat.crc(payload, 0, payload.length))
                .putInt(SegmentFormat.crc(frame, 0, 12))
                .put(payload);
        return frame;
    }

    @Test
    void aSpoolWrittenWithCountsIsReadAndGoesOnWithSets() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        SpoolKit.Consumer consumer = kit.consumer(Optional.of(20L));
        kit.append(4, consumer);
        kit.spool.close();
        Path file = onlySegment(kit);
        Files.write(file, old(Files.readAllBytes(file), consumer.token().bytes(), 6));
        kit.reopen();
        kit.append(3, kit.consumer(Optional.of(20L)));
        kit.spool.close();
        kit.reopen();
        assertThat(kit.epoch().isUsable()).isTrue();
        assertThat(kit.shipAll(1 << 20)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        Quotas.Quota quota = kit.consumer(Optional.of(20L)).quota().orElseThrow();
        int left = 0;
        while (quota.take(1000 + left, 1) == Quotas.Answer.HELD) {
            left++;
        }
        assertThat(left).as("6 counted, 4 since, 3 named").isEqualTo(7);
    }

    @Test
    void zerosInSetsAndReleaseKeysAreNeitherCutsNorHideDamage() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(2);
        kit.spool.close();
        int whole = (int) Files.size(onlySegment(kit));
        kit.reopen();
        kit.zeroSalts = true;
        SpoolKit.Consumer consumer = kit.consumer(Optional.of(2000L));
        for (int i = 0; i < 40; i++) {
            consumer.quota().orElseThrow().take(i, 1); // bits, all in a few bytes
        }
        consumer.quota().orElseThrow().take(1100, 1);
        kit.append(2, consumer);
        kit.spool.close();
        Path file = onlySegment(kit);
        byte[] good = Files.readAllBytes(file);
        assertThat(EpochScan.of(1, 1, List.of(file), 0, Optional.empty()).last())
                .isEqualTo(4);
        for (int kept = whole; kept < good.length; kept++) {
            Files.write(file, Arrays.copyOf(Arrays.copyOf(good, kept), 8192));
            EpochScan scan = EpochScan.of(1, 1, List.of(file), 0, Optional.empty());
            assertThat(scan.flaws()).as("kept " + kept).isEmpty();
            assertThat(scan.last()).as("kept " + kept).isEqualTo(2);
        }
        for (int at = whole; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(file, Arrays.copyOf(bad, 8192));
            assertThat(EpochScan.of(1, 1, List.of(file), 0, Optional.empty()).flaws())
                    .as("flipped at " + at)
                    .isNotEmpty();
        }
    }
}
