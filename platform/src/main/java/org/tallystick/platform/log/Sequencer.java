package org.tallystick.platform.log;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.log.LogEntry;

/**
 * The one place where state changes. Commands from all threads stand in one queue; one thread takes them in groups,
 * lets each decide on what the ones before have left, applies the entries they ask for to the database, appends all
 * entries of the group to the log at once and commits. One sync of the disk and one commit serve the whole group.
 *
 * <p>The log goes first: if the append fails, the database is rolled back and nothing has happened. If the database is
 * lost after the append, the entries stand, and are applied from the log as soon as it is back; those who wait are told
 * what they would have been told.
 *
 * <p>While the database does not answer, commands wait for as long as {@link Settings#patience} and then fail without
 * effect. Safe from any thread.
 */
public final class Sequencer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Database database;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final List<Projection> projections;
    private final Recovery recovery;
    private final InstantSource clock;
    private final Settings settings;
    private final BlockingQueue<Object> queue;
    private final Thread thread;
    private final Object moved = new Object();
    private volatile long position;
    private volatile boolean closing;
    private volatile @Nullable Throwable stopped;

    /**
     * Limits.
     *
     * @param queue commands that may wait; beyond them, askers are held back
     * @param group commands that share one append
     * @param patience how long a command waits for a place in the queue, and in it for the database
     */
    public record Settings(int queue, int group, Duration patience) {
        public static final Settings DEFAULT = new Settings(4096, 256, Duration.ofSeconds(10));

        public Settings {
            if (queue < 1 || group < 1 || patience.isNegative()) {
                throw new IllegalArgumentException("limits of the sequencer are positive");
            }
        }
    }

    /** Something to be done between two groups, by the sequencer's thread. */
    private record Chore(CompletableFuture<Long> done, LongSupplier work) {}

    private Sequencer(
            Database database,
            TransparencyLog log,
            BlobStore blobs,
            List<Projection> projections,
            InstantSource clock,
            Settings settings) {
        this.database = database;
        this.log = log;
        this.blobs = blobs;
        this.projections = WordsProjection.before(projections);
        this.recovery = new Recovery(database, log, blobs, this.projections);
        this.clock = clock;
        this.settings = settings;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
        this.position = recoverPatiently();
        this.thread = Thread.ofPlatform().name("sequencer").daemon().unstarted(this::run);
    }

    /**
     * Applies what the database has missed and begins to take commands. Closes none of what it is given.
     *
     * @param projections in the order in which they see each entry
     * @throws LogDamagedException if the log is not a continuation of the one the database knows
     * @throws UnavailableException if the database does not answer within {@link Settings#patience}
     */
    public static Sequencer start(
            Database database,
            TransparencyLog log,
            BlobStore blobs,
            List<Projection> projections,
            InstantSource clock,
            Settings settings) {
        Sequencer sequencer = new Sequencer(database, log, blobs, projections, clock, settings);
        sequencer.thread.start();
        return sequencer;
    }

    /** Starts with the usual limits on the length of the queue and of a group. */
    public static Sequencer start(
            Database database,
            TransparencyLog log,
            BlobStore blobs,
            List<Projection> projections,
            InstantSource clock) {
        return start(database, log, blobs, projections, clock, Settings.DEFAULT);
    }

    /**
     * Puts a command in the queue; waits for a place if it is full. What is chained to the answer without an executor
     * of its own runs on the sequencer's thread and must be short.
     *
     * @return completes with the command's answer once its entries are durable, or with what its decision or a
     *     projection threw, or with {@link LogUnavailableException}
     */
    public <R> CompletableFuture<R> submit(Command<R> command) {
        Pending<R> pending = new Pending<>(command);
        enqueue(pending).ifPresent(pending::fail);
        return pending.future();
    }

    /**
     * Puts a command in the queue and waits for its answer.
     *
     * @throws LogUnavailableException if disk or database do not answer; asking again is safe
     * @throws RuntimeException whatever the decision or a projection threw
     */
    public <R> R execute(Command<R> command) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException("a command would wait for the thread it runs on");
        }
        return join(submit(command));
    }

    /**
     * Empties every projection and applies the whole log again. Commands wait meanwhile; readers see the old tables.
     *
     * @return how many entries were applied
     */
    public long rebuild() {
        Chore chore = new Chore(new CompletableFuture<>(), recovery::rebuild);
        enqueue(chore).ifPresent(chore.done()::completeExceptionally);
        return join(chore.done());
    }

    private Optional<LogUnavailableException> enqueue(Object item) {
        if (closing) {
            return Optional.of(closed());
        }
        try {
            if (!queue.offer(item, settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.of(new LogUnavailableException("too many commands are waiting"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new LogUnavailableException("interrupted while waiting for a place", e));
        }
        // The thread may have emptied the queue for the last time just before.
        return closing && queue.remove(item) ? Optional.of(closed()) : Optional.empty();
    }

    private LogUnavailableException closed() {
        return new LogUnavailableException("the sequencer is closed", stopped);
    }

    private long recoverPatiently() {
        long end = System.nanoTime() + settings.patience().toNanos();
        while (true) {
            try {
                return recovery.recover();
            } catch (UnavailableException e) {
                if (System.nanoTime() > end || !paused()) {
                    throw e;
                }
            }
        }
    }

    private static boolean paused() {
        try {
            pause();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static <R> R join(CompletableFuture<R> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("the sequencer has stopped", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted while waiting for the answer", e, true);
        }
    }

    /** Log entries a database has taken in, as a transaction sees it; also beside the process that writes it. */
    public static long applied(Handle tx) {
        return AppliedStore.read(tx).position();
    }

    /** Entries the database has taken in, committed. */
    public long position() {
        return position;
    }

    /**
     * Waits until the database has taken in more entries than that, or the time is over, or the sequencer is closed.
     *
     * @return the position then
     */
    public long awaitMoreThan(long entries, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (moved) {
            for (long left = 1; position <= entries && !closing && left > 0; left = end - System.nanoTime()) {
                moved.wait(Math.clamp(left / 1_000_000, 1, 60_000));
            }
        }
        return position;
    }

    /**
     * The entry at a position, with its blob read in.
     *
     * @throws IndexOutOfBoundsException if the log is not that long
     */
    public LogEntry entry(long at) {
        return LogEntry.decode(log.entry(at), blobs::read);
    }

    /** Why the sequencer takes no more commands, if a broken invariant has stopped it. */
    public Optional<Throwable> stoppedBy() {
        return Optional.ofNullable(stopped);
    }

    private void run() {
        try {
            while (!closing) {
                Object item = queue.poll(1, TimeUnit.SECONDS);
                if (item instanceof Chore chore) {
                    perform(chore);
                } else if (item instanceof Pending<?> first) {
                    process(groupFrom(first));
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("the sequencer stops: it cannot know what state would be right", e);
            stopped = e;
        } finally {
            closing = true;
            drain();
            become(position);
        }
    }

    private List<Pending<?>> groupFrom(Pending<?> first) {
        List<Pending<?>> group = new ArrayList<>();
        group.add(first);
        while (group.size() < settings.group() && queue.peek() instanceof Pending<?>) {
            group.add((Pending<?>) queue.remove());
        }
        return group;
    }

    private void process(List<Pending<?>> commands) throws InterruptedException {
        List<Pending<?>> waiting = commands;
        while (!waiting.isEmpty()) {
            Group group =
                    new Group(waiting, log, blobs, projections, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            try {
                commit(group);
                return;
            } catch (UnavailableException | ConnectionLostException e) {
                LOG.warn("the database does not answer: {}", Reasons.of(e));
                waiting = stillPatient(waiting, e);
                pause();
            } catch (LogUnavailableException e) {
                LOG.warn("a group of {} was not appended", waiting.size(), e);
                group.fail(e);
                return;
            } catch (RuntimeException | Error e) {
                group.fail(e);
                throw e;
            }
        }
    }

    /** Runs a group; returns once everyone has been told, throws if nothing has happened. */
    private void commit(Group group) throws InterruptedException {
        try {
            database.write(tx -> {
                group.run(tx);
                return group;
            });
            become(log.size());
        } catch (RuntimeException e) {
            if (!group.appending()) {
                throw e;
            }
            settle(e);
            if (!group.stands()) {
                throw e;
            }
            LOG.warn("the log has the entries, the database does not: applying them from the log", e);
            catchUp();
        }
        group.complete();
    }

    /** Makes sure that the log's size is the truth, after an append or what follows it has failed. */
    private void settle(RuntimeException failure) throws InterruptedException {
        while (true) {
            try {
                log.reload();
                return;
            } catch (LogUnavailableException e) {
                giveUpIfClosing(failure);
                expire(failure);
                pause();
            }
        }
    }

    private void catchUp() throws InterruptedException {
        while (true) {
            try {
                become(recovery.recover());
                return;
            } catch (UnavailableException | LogUnavailableException e) {
                giveUpIfClosing(e);
                expire(e);
                pause();
            }
        }
    }

    private void giveUpIfClosing(RuntimeException failure) {
        if (closing) {
            throw new LogUnavailableException(
                    "closed before it was known whether the entries stand; the next start applies them", failure, true);
        }
    }

    /** Those who would rather go on waiting for the database; the others are told that nothing has happened. */
    private List<Pending<?>> stillPatient(List<Pending<?>> waiting, RuntimeException cause) {
        expire(cause);
        List<Pending<?>> patient = new ArrayList<>();
        for (Pending<?> pending : waiting) {
            if (closing || pending.hasWaited(settings.patience())) {
                pending.fail(new LogUnavailableException("the database does not answer", cause));
            } else {
                patient.add(pending);
            }
        }
        return patient;
    }

    private void expire(RuntimeException cause) {
        queue.removeIf(item -> {
            boolean over = item instanceof Pending<?> pending && pending.hasWaited(settings.patience());
            if (over) {
                ((Pending<?>) item).fail(new LogUnavailableException("the database does not answer", cause));
            }
            return over;
        });
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(PAUSE);
    }

    private void perform(Chore chore) {
        try {
            chore.done().complete(chore.work().getAsLong());
        } catch (RuntimeException e) {
            chore.done().completeExceptionally(e);
        } catch (Error e) {
            chore.done().completeExceptionally(e);
            throw e;
        }
    }

    private void drain() {
        for (Object item = queue.poll(); item != null; item = queue.poll()) {
            switch (item) {
                case Pending<?> pending -> pending.fail(closed());
                case Chore chore -> chore.done().completeExceptionally(closed());
                default -> throw new IllegalStateException("no such item: " + item);
            }
        }
    }

    private void become(long reached) {
        position = reached;
        synchronized (moved) {
            moved.notifyAll();
        }
    }

    /** Finishes the group at hand, fails those still waiting, and stops. Idempotent. */
    @Override
    public void close() {
        closing = true;
        queue.offer(new Chore(new CompletableFuture<>(), () -> position)); // wakes the thread if it has nothing to do
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
