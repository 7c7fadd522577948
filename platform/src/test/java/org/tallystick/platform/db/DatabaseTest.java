package org.tallystick.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions, on the shared test server. */
class DatabaseTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Database DB = TestDatabase.fresh(InstantSource.fixed(NOW));

    @BeforeEach
    void table() {
        DB.write(h -> h.execute("drop table if exists t"));
        DB.write(h -> h.execute("create table t (n int primary key)"));
    }

    private static List<Integer> rows() {
        return DB.read(
                h -> h.select("select n from t order by n").mapTo(Integer.class).list());
    }

    @Test
    void aWriteIsOneTransaction() {
        DB.write(h -> h.execute("insert into t values (1)") + h.execute("insert into t values (2)"));
        assertThatThrownBy(() -> DB.write(h -> {
                    h.execute("insert into t values (3)");
                    throw new IllegalStateException("broken invariant");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken invariant");
        assertThatThrownBy(() -> DB.write(h -> {
                    h.execute("insert into t values (4)");
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void aRefusedStatementIsNotAnUnavailableServer() {
        DB.write(h -> h.execute("insert into t values (1)"));
        assertThatThrownBy(() -> DB.write(h -> h.execute("insert into t values (1)")))
                .isInstanceOf(UnableToExecuteStatementException.class)
                .hasMessageContaining("duplicate key");
    }

    @Test
    void aFunctionThatHidesAFailedStatementCommitsNothing() {
        assertThatThrownBy(() -> DB.write(h -> {
                    h.execute("insert into t values (1)");
                    try {
                        h.execute("insert into t values (1)");
                    } catch (UnableToExecuteStatementException hidden) {
                        return "done";
                    }
                    return "not reached";
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(rows()).isEmpty();
    }

    @Test
    void aReadCannotWrite() {
        assertThatThrownBy(() -> DB.read(h -> h.execute("insert into t values (1)")))
                .hasMessageContaining("read-only transaction");
        assertThat(rows()).isEmpty();
    }

    @Test
    void aReadSeesOneSnapshot() {
        List<Integer> seen = DB.read(h -> {
            List<Integer> counts = new ArrayList<>();
            counts.add(h.select("select count(*) from t").mapTo(Integer.class).one());
            inAnotherThread(() -> DB.write(w -> w.execute("insert into t values (1)")));
            counts.add(h.select("select count(*) from t").mapTo(Integer.class).one());
            return counts;
        });
        assertThat(seen).containsExactly(0, 0);
        assertThat(rows()).containsExactly(1);
    }

    private static void inAnotherThread(Runnable action) {
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            thread.submit(action).get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTransactionInsideATransactionFailsAtOnce() {
        assertThatThrownBy(() -> DB.read(outer -> DB.read(inner -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pass the transaction on");
        assertThatThrownBy(() -> DB.read(outer -> DB.write(inner -> 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> DB.write(outer -> {
                    outer.execute("insert into t values (1)");
                    return DB.read(inner -> 1);
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(rows())
                .as("the outer one is rolled back, and the thread may go on")
                .isEmpty();
    }

    @Test
    void aTransactionOfAnotherDatabaseIsNotInTheWay() {
        try (Database other = TestDatabase.fresh(InstantSource.fixed(NOW))) {
            assertThat(DB.<Integer>read(outer -> other.read(inner ->
                            inner.select("select 1").mapTo(Integer.class).one())))
                    .isEqualTo(1);
        }
    }

    @Test
    void waitingWritersDoNotStarveReaders() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch holding = new CountDownLatch(6);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            writers.add(Thread.startVirtualThread(() -> DB.write(h -> {
                holding.countDown();
                return await(release, 30_000);
            })));
        }
        assertThat(holding.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(rows()).isEmpty();
        long start = System.nanoTime();
        assertThatThrownBy(() -> DB.write(h -> 1)).isInstanceOf(UnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        release.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(DB.<Integer>write(h -> 1)).isEqualTo(1);
    }

    private static boolean await(CountDownLatch latch, int milliseconds) {
        try {
            return latch.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConnectionLostBeforeTheCommitLeavesNothing() {
        assertThatThrownBy(() -> DB.write(h -> {
                    h.execute("insert into t values (1)");
                    return h.execute("select pg_terminate_backend(pg_backend_pid())");
                }))
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.mayHaveCommitted()).isFalse());
        assertThat(rows()).isEmpty();
    }

    /** What happens to a transaction when this process is suspended in it for minutes. */
    @Test
    void aTransactionLeftIdleTooLongIsUnavailableAndLeavesNothing() {
        assertThatThrownBy(() -> DB.write(h -> {
                    h.execute("set local idle_in_transaction_session_timeout = '20ms'");
                    h.execute("insert into t values (1)");
                    await(new CountDownLatch(1), 300);
                    return 0;
                }))
                .isInstanceOf(UnavailableException.class);
        assertThat(rows()).isEmpty();
    }

    @Test
    void aConnectionLostWhileCommittingSaysThatItMayHaveCommitted() {
        DB.write(h -> h.execute("""
                create or replace function die() returns trigger language plpgsql as $$
                begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$"""));
        DB.write(h -> h.execute("create constraint trigger die after insert on t deferrable initially deferred"
                + " for each row execute function die()"));
        assertThatThrownBy(() -> DB.write(h -> h.execute("insert into t values (1)")))
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.mayHaveCommitted()).isTrue());
        assertThat(rows()).isEmpty();
    }

    @Test
    void aConstraintRefusedAtCommitIsThatAndNotUnavailable() {
        DB.write(h -> h.execute("create table if not exists later (n int unique deferrable initially deferred)"));
        assertThatThrownBy(() -> DB.write(h -> h.execute("insert into later values (1), (1)")))
                .isNotInstanceOf(UnavailableException.class)
                .hasStackTraceContaining("duplicate key");
    }

    @Test
    void migratingAgainDoesNothing() {
        assertThat(DB.migrate()).isZero();
    }

    @Test
    void timeIsTheInjectedClocks() {
        assertThat(DB.now()).isEqualTo(NOW);
    }

    @Test
    void eachTestDatabaseIsItsOwn() {
        DB.write(h -> h.execute("insert into t values (1)"));
        try (Database other = TestDatabase.fresh()) {
            assertThat(other.<Boolean>read(h -> h.select("select to_regclass('public.t') is null")
                            .mapTo(Boolean.class)
                            .one()))
                    .isTrue();
        }
    }

    @Test
    void aClosedDatabaseSaysSo() {
        Database closed = TestDatabase.fresh();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.read(h -> 1)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void anExternalServerThatIsNotThereIsUnavailable() {
        DatabaseConfig nowhere = new DatabaseConfig.External("jdbc:postgresql://127.0.0.1:1/x", "u", "hidden");
        assertThat(nowhere.toString()).doesNotContain("hidden");
        assertThatThrownBy(() -> Database.open(nowhere, InstantSource.system()))
                .isInstanceOf(UnavailableException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hidden"));
        assertThatThrownBy(() -> new DatabaseConfig.External("jdbc:mysql://x", "u", "p"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
