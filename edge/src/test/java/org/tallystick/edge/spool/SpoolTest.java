package org.tallystick.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.Batch;

class SpoolTest {
    private static final int BUNDLE = 1 << 20;

    @TempDir
    Path dir;

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("spool"))) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList();
        }
    }

    private static void flip(Path file, long at, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << bit)).rewind();
            channel.write(one, at);
        }
    }

    @Test
    void batchesAreShippedInOrderAndForgottenOnceAcknowledged() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        for (int i = 0; i < 20; i++) {
            kit.append(1 + i);
        }
        assertThat(segments()).hasSizeGreaterThan(3);
        assertThat(kit.spool.backlog().leaves()).isEqualTo(210);
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(1, 210));
        assertThat(kit.spool.backlog().leaves()).isZero();
        assertThat(kit.spool.backlog().bytes()).isZero();
        assertThat(segments()).as("the newest stays, for the chain's sake").hasSize(1);
    }

    @Test
    void aBundleHoldsManyBatchesAndNeverTooManyBytes() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 64 << 10);
        for (int i = 0; i < 100; i++) {
            kit.append(10);
        }
        int most = Batch.length(10) * 7 + 5;
        Optional<Outbox.Bundle> bundle = kit.epoch().outbox().next(most);
        assertThat(Batch.decodeAll(bundle.orElseThrow().body())).hasSize(7);
        assertThat(kit.shipAll(most)).isEqualTo(range(1, 1000));
    }

    @Test
    void aPartAcknowledgedIsTheOnlyPartForgotten() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        for (int i = 0; i < 9; i++) {
            kit.append(5);
        }
        Outbox.Bundle bundle = kit.epoch().outbox().next(BUNDLE).orElseThrow();
        kit.epoch().outbox().acknowledge(bundle, 20);
        assertThat(kit.spool.backlog().leaves()).isEqualTo(25);
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(21, 45));
    }

    @Test
    void theChainGoesOnAfterAnotherStart() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        kit.append(3);
        kit.append(2);
        kit.spool.close();
        kit.reopen();
        assertThat(kit.epoch().last()).isEqualTo(5);
        kit.append(4);
        List<Batch> batches =
                Batch.decodeAll(kit.epoch().outbox().next(BUNDLE).orElseThrow().body());
        for (int i = 1; i < batches.size(); i++) {
            assertThat(batches.get(i).header().previous())
                    .isEqualTo(batches.get(i - 1).header().hash());
        }
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(1, 9));
    }

    @Test
    void theChainGoesOnEvenWhereAllWasAcknowledgedAndDeleted() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        for (int i = 0; i < 30; i++) {
            kit.append(10);
        }
        kit.shipAll(BUNDLE);
        kit.spool.close();
        kit.reopen();
        assertThat(kit.spool.backlog().leaves()).isZero();
        kit.append(1);
        assertThat(kit.shipAll(BUNDLE)).containsExactly(301L);
    }

    @Test
    void whatWasAcknowledgedBeforeAStopIsNotShippedAgain() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        for (int i = 0; i < 10; i++) {
            kit.append(2);
        }
        Outbox.Bundle bundle = kit.epoch().outbox().next(BUNDLE).orElseThrow();
        kit.epoch().outbox().acknowledge(bundle, 12);
        kit.spool.close();
        kit.reopen();
        assertThat(kit.spool.backlog().leaves()).isEqualTo(8);
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(13, 20));
    }

    @Test
    void anUnreadableAcknowledgementOnlyShipsMoreThanNeeded() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(4);
        kit.shipAll(BUNDLE);
        kit.spool.close();
        Files.writeString(dir.resolve("spool").resolve("1.ack"), "four");
        kit.reopen();
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(1, 4));
    }

    @Test
    void thePlatformMayAskForAnEarlierOrLaterBatchThatIsHere() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        for (int i = 0; i < 10; i++) {
            kit.append(3);
        }
        kit.shipAll(BUNDLE);
        Outbox outbox = kit.epoch().outbox();
        assertThat(outbox.resync(10)).isTrue();
        assertThat(kit.spool.backlog().leaves()).isEqualTo(21);
        assertThat(outbox.acknowledged()).isEqualTo(9);
        assertThat(outbox.resync(19)).isTrue();
        assertThat(kit.spool.backlog().leaves()).isEqualTo(12);
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(19, 30));
        assertThat(outbox.resync(5)).as("no batch begins at 5").isFalse();
    }

    @Test
    void aDamagedBatchIsNeverShippedNorWhatFollows() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        for (int i = 0; i < 5; i++) {
            kit.append(4);
        }
        long third = SegmentFormat.HEAD + 2L * (SegmentFormat.FRAME + Batch.length(4) + SegmentFormat.MARK);
        flip(segments().getFirst(), third + SegmentFormat.FRAME + 300, 3);
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(1, 8));
        assertThat(kit.epoch().outbox().blocked())
                .hasValueSatisfying(why -> assertThat(why).contains("damaged at " + third));
        assertThat(kit.epoch().isUsable()).isFalse();
    }

    @Test
    void damageIsFoundAtTheNextStartAndKeptAsItIs() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        for (int i = 0; i < 5; i++) {
            kit.append(4);
        }
        kit.spool.close();
        flip(segments().getFirst(), 1000, 0);
        byte[] before = Files.readAllBytes(segments().getFirst());
        kit.reopen();
        assertThat(kit.epoch().isUsable()).isFalse();
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(1, 4));
        assertThat(Files.readAllBytes(segments().getFirst())).isEqualTo(before);
        assertThat(kit.spool.blocked()).containsOnlyKeys(1);
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(2);
        kit.append(1, kit.consumer(Optional.of(9L)));
        kit.spool.close();
        Path file = segments().getFirst();
        assertEveryFlippedBitIsFound(file, Files.readAllBytes(file), 0);
    }

    /** With so many zeros after it. */
    private static void assertEveryFlippedBitIsFound(Path file, byte[] good, int room) throws IOException {
        for (int at = 0; at < good.length; at++) {
            byte[] bad = Arrays.copyOf(good, good.length + room);
            bad[at] ^= (byte) (1 << at % 8);
            Files.write(file, bad);
            EpochScan scan = EpochScan.of(1, 1, List.of(file), 0, Optional.empty());
            assertThat(scan.flaws()).as("byte " + at).isNotEmpty();
            assertThat(scan.tornBytes()).as("byte " + at).isZero();
        }
    }

    @Test
    void aCutAnywhereLosesOnlyTheBatchThatIsCut() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(2);
        kit.append(3);
        kit.spool.close();
        Path file = segments().getFirst();
        byte[] good = Files.readAllBytes(file);
        int second = SegmentFormat.HEAD + SegmentFormat.FRAME + Batch.length(2) + SegmentFormat.MARK;
        for (int length = 0; length <= good.length; length++) {
            // A file system may show zeros where data was to come, but in whole sectors: never within the head.
            for (boolean zeros : length == 0 || length >= 512 ? new boolean[] {false, true} : new boolean[] {false}) {
                byte[] cut = Arrays.copyOf(good, length);
                Files.write(file, zeros ? Arrays.copyOf(cut, Math.max(length, good.length)) : cut);
                EpochScan scan = EpochScan.of(1, 1, List.of(file), 0, Optional.empty());
                long expected = length < second ? 0 : length < good.length ? 2 : 5;
                if (!zeros || good.length - length >= 80 || length == good.length) {
                    assertThat(scan.flaws()).as("cut at " + length).isEmpty();
                }
                assertThat(scan.last()).as("cut at " + length).isEqualTo(expected);
            }
        }
    }

    @Test
    void roomIsMadeAheadAndGivenBackAtTheEnd() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 8 << 10);
        kit.append(2);
        long written = SegmentFormat.HEAD + SegmentFormat.FRAME + (long) Batch.length(2) + SegmentFormat.MARK;
        Path file = segments().getFirst();
        assertThat(Files.size(file)).as("a sync need not change the length").isEqualTo(8 << 10);
        kit.append(2);
        assertThat(Files.size(file)).isEqualTo(8 << 10);
        kit.spool.close();
        assertThat(Files.size(file)).isEqualTo(written + SegmentFormat.FRAME + Batch.length(2) + SegmentFormat.MARK);
    }

    @Test
    void roomLeftByACrashIsNoDamageInAnySegment() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        for (int i = 0; i < 6; i++) {
            kit.append(10);
        }
        kit.spool.close();
        for (Path file : segments()) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length + 3000));
        }
        EpochScan scan = EpochScan.of(1, 1, segments(), 0, Optional.empty());
        assertThat(scan.flaws()).isEmpty();
        assertThat(scan.tornBytes()).isZero();
        assertThat(scan.last()).isEqualTo(60);
        kit.reopen();
        kit.append(1);
        assertThat(kit.shipAll(BUNDLE)).isEqualTo(range(1, 61));
    }

    /** A frame whose last sectors never reached the disk, written into room that was there. */
    @Test
    void aBatchCutShortInsideTheRoomIsCutOffWhereverTheCutIs() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(2);
        kit.append(3);
        kit.spool.close();
        Path file = segments().getFirst();
        byte[] good = Files.readAllBytes(file);
        int second = SegmentFormat.HEAD + SegmentFormat.FRAME + Batch.length(2) + SegmentFormat.MARK;
        for (int kept = second; kept <= good.length - Integer.BYTES; kept++) {
            Files.write(file, Arrays.copyOf(Arrays.copyOf(good, kept), 4096));
            EpochScan scan = EpochScan.of(1, 1, List.of(file), 0, Optional.empty());
            assertThat(scan.flaws()).as("kept " + kept).isEmpty();
            assertThat(scan.last()).as("kept " + kept).isEqualTo(2);
        }
        Files.write(file, Arrays.copyOf(good, 4096));
        assertThat(EpochScan.of(1, 1, List.of(file), 0, Optional.empty()).last())
                .isEqualTo(5);
    }

    @Test
    void aFlippedBitBeforeTheRoomIsDamageNotACut() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(2);
        kit.append(1);
        kit.spool.close();
        Path file = segments().getFirst();
        byte[] good = Files.readAllBytes(file);
        assertEveryFlippedBitIsFound(file, good, 4096 - good.length);
    }

    @Test
    void aBatchThatCouldNotBeWrittenIsGoneBeforeTheNext() throws IOException {
        for (FaultyDisk.Mode mode : FaultyDisk.Mode.values()) {
            Path each = Files.createDirectories(dir.resolve(mode.name()));
            SpoolKit kit = new SpoolKit(each, 1 << 20);
            kit.append(2);
            for (String step : List.of("write seg", "sync seg")) {
                int seen = (int) kit.disk.steps().stream().filter(step::equals).count();
                kit.disk.inject(new FaultyDisk.Fault(step, seen + 1, mode, false));
                assertThatThrownBy(() -> kit.append(3)).isInstanceOf(IOException.class);
                kit.append(1);
            }
            assertThat(kit.shipAll(BUNDLE)).containsExactly(1L, 2L, 6L, 10L);
            EpochScan scan =
                    EpochScan.of(1, 1, Spool.segments(kit.spoolDir).getOrDefault(1, List.of()), 0, Optional.empty());
            assertThat(scan.flaws()).isEmpty();
            assertThat(scan.gaps()).containsExactly(new EpochScan.Gap(3, 5), new EpochScan.Gap(7, 9));
        }
    }

    @Test
    void whileTheTailCannotBeCutNothingIsAppended() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 1 << 20);
        kit.append(1);
        int syncs = (int) kit.disk.steps().stream().filter("sync seg"::equals).count();
        kit.disk.inject(new FaultyDisk.Fault("sync seg", syncs + 1, FaultyDisk.Mode.AFTER, false));
        assertThatThrownBy(() -> kit.append(1)).isInstanceOf(IOException.class);
        int cuts =
                (int) kit.disk.steps().stream().filter("truncate seg"::equals).count();
        kit.disk.inject(new FaultyDisk.Fault("truncate seg", cuts + 1, FaultyDisk.Mode.BEFORE, false));
        assertThatThrownBy(() -> kit.append(1)).isInstanceOf(IOException.class);
        kit.append(1);
        assertThat(kit.shipAll(BUNDLE)).containsExactly(1L, 4L);
    }

    @Test
    void quotasAreCountedAcrossSegmentsAndStarts() throws IOException {
        SpoolKit kit = new SpoolKit(dir, 4096);
        kit.append(3, kit.consumer(Optional.of(20L)));
        for (int i = 0; i < 10; i++) {
            kit.append(10);
        }
        kit.append(4, kit.consumer(Optional.of(20L)));
        kit.shipAll(BUNDLE);
        kit.spool.close();
        kit.reopen();
        Quotas.Quota quota = kit.consumer(Optional.of(20L)).quota().orElseThrow();
        int left = 0;
        assertThat(quota.take(1, 1000)).as("a work it had").isEqualTo(Quotas.Answer.HELD);
        while (quota.take(1000 + left, 1000) == Quotas.Answer.HELD) {
            left++;
        }
        assertThat(left).isEqualTo(13);
    }

    /** Random appends, shipments, half acknowledgements, re-reads, stops and losses of power against a plain list. */
    @Test
    void whateverHappensEveryDurableBatchIsShippedInOrder() {
        Seeds.check(6, random -> {
            Path each = Files.createTempDirectory(dir, "run");
            SpoolKit kit = new SpoolKit(each, 4096 + random.nextInt(4096));
            List<Long> expected = new ArrayList<>();
            List<Long> shipped = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                int what = random.nextInt(10);
                if (what < 5) {
                    int count = 1 + random.nextInt(30);
                    long first = kit.next;
                    kit.append(count);
                    expected.addAll(range(first, first + count - 1));
                } else if (what < 8) {
                    ship(kit, random.nextInt(3), shipped);
                } else if (what == 8) {
                    kit.spool.close();
                    kit.reopen();
                } else {
                    kit.disk.kill();
                    kit.disk = new FaultyDisk();
                    kit.reopen();
                    kit.next = kit.epoch().last() + 1 + random.nextInt(5);
                }
            }
            for (long number : kit.shipAll(BUNDLE)) {
                add(shipped, number);
            }
            assertThat(shipped).isEqualTo(expected);
            assertThat(kit.spool.backlog().leaves()).isZero();
            assertThat(kit.spool.backlog().bytes()).isZero();
        });
    }

    private static void ship(SpoolKit kit, int how, List<Long> shipped) throws IOException {
        Outbox outbox = kit.epoch().outbox();
        Optional<Outbox.Bundle> bundle = outbox.next(3 * Batch.length(30));
        if (bundle.isEmpty()) {
            return;
        }
        List<Long> numbers = SpoolKit.numbers(bundle.get());
        long until = how == 0
                ? Batch.decode(bundle.get().body(), 0).header().last()
                : bundle.get().last();
        if (how < 2) {
            numbers.stream().filter(number -> number <= until).forEach(number -> add(shipped, number));
            outbox.acknowledge(bundle.get(), until);
        }
    }

    /** What the platform does: a repetition is nothing new. */
    private static void add(List<Long> shipped, long number) {
        if (shipped.isEmpty() || number > shipped.getLast()) {
            shipped.add(number);
        }
    }
}
