package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.protocol.codec.Seeds;

/**
 * The database or the disk is lost at every point of a command's way. Whoever was told of success has his entry, once, in
 * the log and in the tables; whoever was told of failure for certain has none; and after all of it the tables are what
 * the log makes them.
 */
class SequencerFaultTest {
    private static final Sequencer.Settings PATIENT = new Sequencer.Settings(100, 50, Duration.ofSeconds(60));
    private static final Sequencer.Settings IMPATIENT = new Sequencer.Settings(100, 50, Duration.ofMillis(300));
    private static final String CHECKPOINT = "rename to checkpoint";

    private final Path directory;
    private final Database direct = TestDatabase.fresh();
    private final Line line;
    private final Database database;
    private final FaultyDisk disk;
    private final BlobStore blobs;
    private TransparencyLog log;
    private Sequencer sequencer;

    SequencerFaultTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        Notes.createTables(direct);
        line = new Line(direct);
        database = line.database();
        disk = new FaultyDisk(directory.resolve("log"));
        log = Logs.open(directory.resolve("log"), disk);
        blobs = BlobStore.open(directory.resolve("blobs"));
        sequencer = start(PATIENT);
        assertThat(sequencer.execute(Notes.add(100))).isEqualTo("100@0");
    }

    private Sequencer start(Sequencer.Settings settings) {
        return Sequencer.start(database, log, blobs, List.of(new Notes()), InstantSource.system(), settings);
    }

    private void restart(Sequencer.Settings settings) {
        sequencer.close();
        log.close();
        log = Logs.open(directory.resolve("log"), disk);
        sequencer = start(settings);
    }

    @AfterEach
    void tablesAreWhatTheLogMakesThem() throws IOException {
        line.mend();
        disk.revive();
        if (sequencer.stoppedBy().isEmpty()) {
            restart(PATIENT);
            String before = Notes.dump(direct);
            sequencer.rebuild();
            assertThat(Notes.dump(direct)).isEqualTo(before);
            assertThat(Notes.rows(direct)).isEqualTo(log.size());
            assertThat(Logs.fsck(directory.resolve("log")).differences()).isEmpty();
        }
        sequencer.close();
        log.close();
        blobs.close();
        database.close();
        line.close();
        direct.close();
    }

    @Test
    void databaseLostWhileDeciding() {
        AtomicInteger decided = new AtomicInteger();
        Command<String> command = (tx, now) -> {
            if (decided.incrementAndGet() == 1) {
                line.cut();
                Thread.ofVirtual().start(() -> later(line::mend));
            }
            return Notes.add(1).decide(tx, now);
        };
        assertThat(sequencer.execute(command)).isEqualTo("101@1");
        assertThat(decided).hasValueGreaterThan(1);
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void databaseLostBetweenAppendAndCommit() {
        disk.after(CHECKPOINT, () -> {
            line.cut();
            Thread.ofVirtual().start(() -> later(line::mend));
        });
        assertThat(sequencer.execute(Notes.add(1))).isEqualTo("101@1");
        assertThat(direct.read(Notes::sum)).isEqualTo(101L);
        assertThat(sequencer.position()).isEqualTo(2);
    }

    @Test
    void databaseCommitsAndIsLostBeforeItCanSaySo() {
        disk.after(CHECKPOINT, () -> {
            line.cutAfterCommit();
            Thread.ofVirtual().start(() -> later(line::mend));
        });
        assertThat(sequencer.execute(Notes.add(1))).isEqualTo("101@1");
        assertThat(direct.read(Notes::sum)).isEqualTo(101L);
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void databaseLostForLongWhileCommandsWait() throws InterruptedException {
        restart(IMPATIENT);
        line.cut();
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(sequencer.submit(Notes.add(1)));
        }
        for (CompletableFuture<String> one : waiting) {
            assertThat(SequencerTest.failure(one))
                    .isInstanceOfSatisfying(
                            LogUnavailableException.class,
                            e -> assertThat(e.isOutcomeUnknown()).isFalse());
        }
        assertThat(log.size()).isEqualTo(1);
        line.mend();
        assertThat(sequencer.execute(Notes.add(1))).isEqualTo("101@1");
    }

    @Test
    void processEndsBetweenAppendAndCommit() throws InterruptedException {
        disk.after(CHECKPOINT, line::cut);
        CompletableFuture<String> told = sequencer.submit(Notes.add(1));
        while (log.size() < 2) {
            Thread.onSpinWait();
        }
        sequencer.close();
        assertThat(SequencerTest.failure(told))
                .isInstanceOfSatisfying(
                        LogUnavailableException.class,
                        e -> assertThat(e.isOutcomeUnknown()).isTrue());
        assertThat(direct.read(Notes::sum)).isEqualTo(100L);
        line.mend();
        restart(PATIENT);
        assertThat(direct.read(Notes::sum)).isEqualTo(101L);
        assertThat(sequencer.execute(Notes.add(1))).isEqualTo("102@2");
    }

    /** Every step of the append fails; the disk recovers. */
    @Test
    void diskFailsAtAnyStepOfAnAppend() {
        int steps = stepsOfAnAppend();
        long sum = direct.read(Notes::sum);
        int failed = 0;
        for (int i = 0; i < steps; i++) {
            FaultyDisk.Fault fault = i % 2 == 0 ? FaultyDisk.Fault.NOTHING : FaultyDisk.Fault.DONE;
            disk.failing(i, fault, FaultyDisk.After.PASSING);
            long size = log.size();
            try {
                sequencer.execute(Notes.add(1));
                sum++;
                assertThat(log.size()).isEqualTo(size + 1);
            } catch (LogUnavailableException e) {
                failed++;
                assertThat(log.size()).isEqualTo(size);
            }
            assertThat(direct.read(Notes::sum)).isEqualTo(sum);
        }
        assertThat(failed).isGreaterThan(5);
    }

    /** The disk is gone just when nobody can say whether the checkpoint stands; it comes back. */
    @Test
    void diskGoneWithTheCheckpointWritten() {
        disk.failing(stepNumber(CHECKPOINT), FaultyDisk.Fault.DONE, FaultyDisk.After.DEAD);
        Thread.ofVirtual().start(() -> later(disk::revive));
        assertThat(sequencer.execute(Notes.add(1))).endsWith("@2");
        assertThat(direct.read(Notes::sum)).isEqualTo(log.size() == 3 ? 102L : 101L);
    }

    @Test
    void diskGoneWithTheCheckpointNotWritten() {
        disk.failing(stepNumber(CHECKPOINT), FaultyDisk.Fault.NOTHING, FaultyDisk.After.DEAD);
        Thread.ofVirtual().start(() -> later(disk::revive));
        assertThatThrownBy(() -> sequencer.execute(Notes.add(1))).isInstanceOf(LogUnavailableException.class);
        assertThat(log.size()).isEqualTo(2);
        assertThat(sequencer.execute(Notes.add(1))).endsWith("@2");
    }

    private int stepsOfAnAppend() {
        disk.failing(-1, FaultyDisk.Fault.NOTHING, FaultyDisk.After.PASSING);
        sequencer.execute(Notes.add(1));
        return disk.trace().size();
    }

    private int stepNumber(String name) {
        disk.failing(-1, FaultyDisk.Fault.NOTHING, FaultyDisk.After.PASSING);
        sequencer.execute(Notes.add(1));
        return disk.trace().indexOf(name);
    }

    @Test
    void aFlippedBitStopsTheSequencer() throws IOException {
        Logs.flip(directory.resolve("log/tile/entries/000.p/1"), 9);
        assertThatThrownBy(() -> sequencer.execute(Notes.add(1))).isInstanceOf(LogDamagedException.class);
        assertThatThrownBy(() -> sequencer.execute(Notes.add(1)))
                .isInstanceOf(LogUnavailableException.class)
                .hasRootCauseInstanceOf(LogDamagedException.class);
        assertThat(sequencer.stoppedBy()).containsInstanceOf(LogDamagedException.class);
        assertThat(direct.read(Notes::sum)).isEqualTo(100L);
        assertThat(Files.readString(directory.resolve("log/checkpoint"))).contains("\n1\n");
    }

    @Test
    void aLogPutBackFromAnEarlierTimeIsRefused() throws IOException {
        byte[] earlier = Files.readAllBytes(directory.resolve("log/checkpoint"));
        sequencer.execute(Notes.add(1));
        sequencer.close();
        log.close();
        byte[] present = Files.readAllBytes(directory.resolve("log/checkpoint"));
        Files.write(directory.resolve("log/checkpoint"), earlier);
        byte[] tile = Files.readAllBytes(directory.resolve("log/tile/0/000.p/2"));
        byte[] bundle = Files.readAllBytes(directory.resolve("log/tile/entries/000.p/2"));
        log = Logs.open(directory.resolve("log"), disk);
        assertThatThrownBy(() -> start(PATIENT))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("entries are lost");
        log.close();
        Files.createDirectories(directory.resolve("log/tile/0/000.p"));
        Files.write(directory.resolve("log/tile/0/000.p/2"), tile);
        Files.write(directory.resolve("log/tile/entries/000.p/2"), bundle);
        Files.write(directory.resolve("log/checkpoint"), present);
    }

    @Test
    void anotherLogOfTheSameKeyIsRefused() {
        sequencer.close();
        try (TransparencyLog other = Logs.open(directory.resolve("other"))) {
            other.append(Logs.entries(0, 3));
            assertThatThrownBy(() -> Sequencer.start(
                            database, other, blobs, List.of(new Notes()), InstantSource.system(), PATIENT))
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("are not those");
        }
    }

    /** Anything goes wrong at any time, while commands keep coming. */
    @Test
    void everythingAtRandom() {
        Seeds.check(1, random -> {
            long sum = direct.read(Notes::sum);
            long unknown = 0;
            for (int i = 0; i < 30; i++) {
                int number = random.nextInt(30);
                switch (random.nextInt(5)) {
                    case 0 -> disk.failing(number, FaultyDisk.Fault.REPORTED.get(i % 3), FaultyDisk.After.PASSING);
                    case 1 -> breakFor(random.nextInt(30));
                    case 2 -> disk.after(CHECKPOINT, () -> breakFor(20));
                    default -> disk.revive();
                }
                try {
                    sequencer.execute(Notes.add(1));
                    sum++;
                } catch (LogUnavailableException e) {
                    unknown += e.isOutcomeUnknown() ? 1 : 0;
                }
            }
            line.mend();
            disk.revive();
            sequencer.execute(Notes.add(0));
            assertThat(unknown).isZero();
            assertThat(direct.read(Notes::sum)).isEqualTo(sum);
        });
    }

    private void breakFor(int milliseconds) {
        line.cut();
        Thread.ofVirtual().start(() -> {
            pause(milliseconds);
            line.mend();
        });
    }

    private static void later(Runnable action) {
        pause(250);
        action.run();
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
