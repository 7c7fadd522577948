package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Deliveries;

class SequencerTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00.123456Z");

    private final Path directory;
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
    private final Database database = TestDatabase.fresh();
    private final TransparencyLog log;
    private final BlobStore blobs;
    private Sequencer sequencer;

    SequencerTest(@TempDir Path directory) {
        this.directory = directory;
        Notes.createTables(database);
        log = Logs.open(directory.resolve("log"));
        blobs = BlobStore.open(directory.resolve("blobs"));
        sequencer = start(Sequencer.Settings.DEFAULT);
    }

    private Sequencer start(Sequencer.Settings settings) {
        return Sequencer.start(database, log, blobs, List.of(new Notes()), clock::get, settings);
    }

    private Sequencer restart(Sequencer.Settings settings) {
        sequencer.close();
        return start(settings);
    }

    @AfterEach
    void close() {
        sequencer.close();
        assertThat(Logs.fsck(directory.resolve("log")).isClean()).isTrue();
        assertThat(Notes.rows(database)).isEqualTo(log.size());
        log.close();
        blobs.close();
        database.close();
    }

    @Test
    void entriesAreInTheLogAndInTheDatabase() {
        assertThat(sequencer.execute(Notes.add(5))).isEqualTo("5@0");
        assertThat(sequencer.execute(Notes.add(7))).isEqualTo("12@1");
        assertThat(sequencer.position()).isEqualTo(2).isEqualTo(log.size());
        assertThat(database.read(Notes::sum)).isEqualTo(12L);
        Instant time = Instant.parse("2026-01-05T12:00:00.123Z");
        LogEntry unsalted = new LogEntry.DocumentEntry(
                "add", time, Json.object().put("amount", 7).build());
        assertThat(sequencer.entry(1))
                .isEqualTo(log.salts.orElseThrow().salted(unsalted))
                .isNotEqualTo(unsalted);
    }

    @Test
    void answersAppendNothing() {
        assertThat(sequencer.<String>execute((tx, now) -> Decision.answer("now is " + now)))
                .isEqualTo("now is 2026-01-05T12:00:00.123Z");
        assertThat(log.size()).isZero();
    }

    @Test
    void aCommandCannotWaitForAnother() {
        Command<Long> nested = (tx, now) -> Decision.answer(sequencer.execute(Notes.note("nested")));
        assertThatThrownBy(() -> sequencer.execute(nested)).hasMessageContaining("thread it runs on");
        assertThat(log.size()).isZero();
    }

    @Test
    void whatADecisionWritesIsUndone() {
        Command<Long> cheat = (tx, now) -> {
            tx.execute("update notes.sum set amount = 77");
            return Decision.answer(Notes.sum(tx));
        };
        assertThat(sequencer.execute(cheat)).isEqualTo(77);
        assertThat(database.read(Notes::sum)).isZero();
    }

    @Test
    void severalEntriesAreAppendedTogether() {
        Command<Long> three = (tx, now) ->
                Decision.append(List.of(document("a"), document("b"), document("c")), first -> first + 100);
        sequencer.execute(Notes.note("before"));
        assertThat(sequencer.execute(three)).isEqualTo(101);
        assertThat(log.size()).isEqualTo(4);
        assertThatThrownBy(() -> Decision.append(List.of(), first -> first))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longDocumentsGoToTheBlobs() {
        String text = "x".repeat(100_000);
        sequencer.execute(Notes.note(text));
        assertThat(log.entry(0)).hasSizeLessThan(200);
        assertThat(blobs.has(LogEntry.blobOf(log.entry(0)).orElseThrow())).isTrue();
        LogEntry.DocumentEntry read = (LogEntry.DocumentEntry) sequencer.entry(0);
        assertThat(read.body()).isEqualTo(Json.object().put("text", text).build());
        assertThat(sequencer.rebuild()).isEqualTo(1);
    }

    @Test
    void batchesNeedTheirBundle() {
        Batch batch = Deliveries.batch(1, 3, BatchHeader.NONE);
        Command<Long> intake = (tx, now) -> Decision.append(
                List.of(Draft.batch(
                        new LogEntry.BatchEntry(Sha256.hash(batch.encode()), 0, batch.length(), batch.signed()))),
                first -> first);
        assertThatThrownBy(() -> sequencer.execute(intake)).hasMessageContaining("has not been stored");
        blobs.put(batch.encode());
        assertThat(sequencer.execute(intake)).isZero();
        assertThat(((LogEntry.BatchEntry) sequencer.entry(0)).signed()).isEqualTo(batch.signed());
    }

    @Test
    void entriesThatCannotBeAreRefusedAlone() {
        Command<Long> nameless = (tx, now) ->
                Decision.append(List.of(Draft.document("No Type", Json.object().build())), first -> first);
        assertThatThrownBy(() -> sequencer.execute(nameless))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("entry/type"));
        assertThat(sequencer.execute(Notes.note("good"))).isZero();
    }

    @Test
    void timeNeverGoesBack() {
        sequencer.execute(Notes.note("noon"));
        clock.set(NOON.minusSeconds(60));
        sequencer.execute(Notes.note("a clock set back"));
        sequencer = restart(Sequencer.Settings.DEFAULT);
        sequencer.execute(Notes.note("and after a restart"));
        clock.set(NOON.plusSeconds(1));
        sequencer.execute(Notes.note("later"));
        List<String> times = new ArrayList<>();
        for (long i = 0; i < 4; i++) {
            times.add(((LogEntry.DocumentEntry) sequencer.entry(i)).time().toString());
        }
        assertThat(times)
                .containsExactly(
                        "2026-01-05T12:00:00.123Z",
                        "2026-01-05T12:00:00.123Z",
                        "2026-01-05T12:00:00.123Z",
                        "2026-01-05T12:00:01.123Z");
    }

    /** One group in which every kind of failure stands between good commands. */
    @Test
    void aCommandThatFailsFailsAlone() throws Exception {
        List<CompletableFuture<String>> told = inOneGroup(List.of(
                Notes.add(10),
                (tx, now) -> {
                    throw new IllegalStateException("the decision fails");
                },
                Notes.add(20),
                Notes.add(-31),
                (tx, now) -> Decision.answer("sum is " + Notes.sum(tx)),
                (tx, now) -> Decision.answer(tx.select("select no_such_column from notes.sum")
                        .mapTo(String.class)
                        .one()),
                Notes.add(2000),
                (tx, now) -> Decision.append(List.of(document("kept"), document("Bad Type")), first -> "bad"),
                Notes.add(3),
                (tx, now) -> Decision.append(List.of(document("told")), first -> {
                    throw new IllegalStateException("the answer fails");
                })));
        assertThat(told.get(0).get()).isEqualTo("10@0");
        assertThat(failure(told.get(1))).hasMessage("the decision fails");
        assertThat(told.get(2).get()).isEqualTo("30@1");
        assertThat(failure(told.get(3))).hasMessageContaining("sum_amount_check");
        assertThat(told.get(4).get()).isEqualTo("sum is 30");
        assertThat(failure(told.get(5))).hasMessageContaining("no_such_column");
        assertThat(failure(told.get(6))).hasMessageContaining("more than a thousand");
        assertThat(failure(told.get(7))).isInstanceOf(MalformedException.class);
        assertThat(told.get(8).get()).isEqualTo("33@2");
        assertThat(failure(told.get(9))).hasMessage("the answer fails");
        assertThat(log.size()).isEqualTo(4);
        assertThat(database.read(Notes::sum)).isEqualTo(33L);
    }

    @Test
    void aGroupIsOneAppend() throws Exception {
        List<Command<Long>> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(Notes.note("note " + i));
        }
        List<CompletableFuture<Long>> told = inOneGroup(many);
        for (int i = 0; i < 50; i++) {
            assertThat(told.get(i).get()).isEqualTo(i);
        }
        assertThat(Logs.files(directory.resolve("log/tile/entries"))).containsExactly("000.p/50");
    }

    @Test
    void commandsOfManyThreads() throws Exception {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            long amount = i % 2 == 0 ? 3 : -2;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 10; n++) {
                    try {
                        sequencer.execute(Notes.add(amount));
                    } catch (RuntimeException e) {
                        assertThat(e).hasMessageContaining("sum_amount_check");
                        refused.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(log.size()).isEqualTo(80 - refused.get());
        assertThat(database.read(Notes::sum)).isEqualTo(120L - 2L * (40 - refused.get()));
    }

    @Test
    void rebuildGivesTheSameTables() {
        for (int i = 0; i < 12; i++) {
            sequencer.execute(Notes.add(i));
            sequencer.execute(Notes.note("after " + i));
        }
        String before = Notes.dump(database);
        database.write(
                tx -> tx.execute("update notes.sum set amount = 999; delete from notes.entry where position > 3"));
        assertThat(Notes.dump(database)).isNotEqualTo(before);
        assertThat(sequencer.rebuild()).isEqualTo(24);
        assertThat(Notes.dump(database)).isEqualTo(before);
        assertThat(sequencer.execute(Notes.add(1))).endsWith("@24");
        String after = Notes.dump(database);
        Database another = TestDatabase.fresh();
        Notes.createTables(another);
        sequencer.close();
        Sequencer.start(another, log, blobs, List.of(new Notes()), clock::get).close();
        assertThat(Notes.dump(another)).isEqualTo(after);
        another.close();
    }

    @Test
    void aFailingRebuildLeavesTheTables() {
        sequencer.execute(Notes.add(5));
        sequencer.close();
        AtomicInteger applied = new AtomicInteger();
        Projection fails = new Projection() {
            @Override
            public String name() {
                return "fails";
            }

            @Override
            public void apply(Handle tx, long position, LogEntry entry) {
                if (applied.incrementAndGet() > 0) {
                    throw new IllegalStateException("a projection that cannot");
                }
            }

            @Override
            public void reset(Handle tx) {
                tx.execute("update notes.sum set amount = 0");
            }
        };
        sequencer = Sequencer.start(database, log, blobs, List.of(new Notes(), fails), clock::get);
        String before = Notes.dump(database);
        assertThatThrownBy(() -> sequencer.rebuild()).hasMessage("a projection that cannot");
        assertThat(Notes.dump(database)).isEqualTo(before);
        assertThatThrownBy(() -> sequencer.execute(Notes.add(1))).hasMessage("a projection that cannot");
        assertThat(sequencer.stoppedBy()).isEmpty();
    }

    @Test
    void aFullQueueHoldsAskersBack() throws Exception {
        sequencer = restart(new Sequencer.Settings(2, 1, Duration.ofMillis(150)));
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Long> first = sequencer.submit(blocking(running, go));
        running.await();
        List<CompletableFuture<Long>> waiting =
                List.of(sequencer.submit(Notes.note("1")), sequencer.submit(Notes.note("2")));
        assertThat(failure(sequencer.submit(Notes.note("3"))))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessageContaining("too many");
        go.countDown();
        assertThat(first.get()).isZero();
        assertThat(waiting.get(1).get()).isEqualTo(2);
    }

    @Test
    void closingFailsThoseWhoWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Long> first = sequencer.submit(blocking(running, go));
        running.await();
        CompletableFuture<Long> second = sequencer.submit(Notes.note("too late"));
        Thread closer = Thread.ofVirtual().start(sequencer::close);
        while (!failsAtOnce()) {
            Thread.sleep(1);
        }
        go.countDown();
        closer.join();
        assertThat(first.get()).isZero();
        assertThat(failure(second)).isInstanceOf(LogUnavailableException.class);
        assertThatThrownBy(() -> sequencer.execute(Notes.note("closed"))).isInstanceOf(LogUnavailableException.class);
        assertThatThrownBy(() -> sequencer.rebuild()).isInstanceOf(LogUnavailableException.class);
    }

    private boolean failsAtOnce() {
        return sequencer.submit(Notes.note("probe")).isCompletedExceptionally();
    }

    @Test
    void waitersWakeWhenTheDatabaseMoves() throws Exception {
        assertThat(sequencer.awaitMoreThan(0, Duration.ofMillis(5))).isZero();
        CompletableFuture<Long> waiter = CompletableFuture.supplyAsync(() -> {
            try {
                return sequencer.awaitMoreThan(0, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        sequencer.execute(Notes.note("move"));
        assertThat(waiter.get()).isEqualTo(1);
    }

    @Test
    void theRowOfTheLogStays() {
        assertThatThrownBy(() -> database.write(tx -> tx.execute("delete from log.applied")))
                .hasMessageContaining("keeps its one row");
        assertThatThrownBy(() -> database.write(tx -> tx.execute("truncate log.applied")))
                .hasMessageContaining("keeps its one row");
        assertThatThrownBy(() -> database.write(
                        tx -> tx.execute("insert into log.applied select false, 0, root, time from log.applied")))
                .hasMessageContaining("check");
        assertThatThrownBy(() -> database.write(tx -> tx.execute("update log.applied set position = -1")))
                .hasMessageContaining("check");
    }

    private <R> List<CompletableFuture<R>> inOneGroup(List<Command<R>> commands) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Long> gate = sequencer.submit((tx, now) -> {
            running.countDown();
            await(go);
            return Decision.answer(0L);
        });
        running.await();
        List<CompletableFuture<R>> told =
                commands.stream().map(sequencer::submit).toList();
        go.countDown();
        gate.join();
        return told;
    }

    private static Command<Long> blocking(CountDownLatch running, CountDownLatch go) {
        return (tx, now) -> {
            running.countDown();
            await(go);
            return Notes.note("first").decide(tx, now);
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Draft document(String type) {
        return Draft.document(type, Json.object().build());
    }

    static Throwable failure(CompletableFuture<?> future) throws InterruptedException {
        try {
            throw new AssertionError("answered " + future.get());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }
}
