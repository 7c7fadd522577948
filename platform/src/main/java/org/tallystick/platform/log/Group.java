package org.tallystick.platform.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Several commands on their way into one database transaction and one append. Each decides on what those before it have
 * left; one that throws is undone by itself and takes no other with it. One attempt is one object: after a rollback the
 * commands go into a new one. Used by the sequencer's thread only.
 */
final class Group {
    /** Number of drafts of one command from which on they are encoded on all cores. */
    private static final int MANY = 64;

    private final List<Pending<?>> commands;
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final List<Projection> projections;
    private final Instant clockTime;
    private final List<byte[]> entries = new ArrayList<>();
    private final List<Runnable> completions = new ArrayList<>();
    private long base;
    private Instant lastTime = Instant.EPOCH;
    private boolean appending;

    /** An entry on its way: as it was asked for, its bytes, and what these read back as. */
    private record Decided(LogEntry draft, byte[] bytes, LogEntry read) {}

    Group(
            List<Pending<?>> commands,
            TransparencyLog log,
            BlobStore blobs,
            List<Projection> projections,
            Instant clockTime) {
        this.commands = List.copyOf(commands);
        this.log = log;
        this.blobs = blobs;
        this.projections = projections;
        this.clockTime = clockTime;
    }

    /** Decides all, applies what they ask for, appends it, and notes in the database how far it is now. */
    void run(Handle tx) {
        AppliedStore.Applied applied = AppliedStore.lock(tx);
        base = applied.position();
        if (base != log.size()) {
            throw new IllegalStateException("the database is at " + base + ", the log at " + log.size());
        }
        lastTime = applied.time();
        Instant now = clockTime.isBefore(lastTime) ? lastTime : clockTime;
        SavepointStore.begin(tx);
        for (Pending<?> command : commands) {
            attempt(tx, command, now);
        }
        if (entries.isEmpty()) {
            return;
        }
        appending = true;
        log.append(entries);
        AppliedStore.save(tx, new AppliedStore.Applied(log.size(), log.rootAt(log.size()), lastTime));
    }

    private <R> void attempt(Handle tx, Pending<R> pending, Instant now) {
        int before = entries.size();
        Instant lastBefore = lastTime;
        try {
            Decision<R> decision = pending.command().decide(tx, now);
            SavepointStore.undo(tx);
            Runnable completion = carryOut(tx, pending, decision, now);
            SavepointStore.next(tx);
            completions.add(completion);
        } catch (RuntimeException e) {
            undo(tx, e);
            entries.subList(before, entries.size()).clear();
            lastTime = lastBefore;
            completions.add(() -> pending.fail(e));
        }
    }

    /** Undoes one command; where that fails too, it was not the command's fault. */
    private static void undo(Handle tx, RuntimeException failure) {
        try {
            SavepointStore.undo(tx);
        } catch (RuntimeException e) {
            e.addSuppressed(failure);
            if (SavepointStore.isLost(tx)) {
                throw new ConnectionLostException(e);
            }
            throw new IllegalStateException("a command has ended the transaction it was given", e);
        }
    }

    private <R> Runnable carryOut(Handle tx, Pending<R> pending, Decision<R> decision, Instant now) {
        return switch (decision) {
            case Decision.Answer<R>(R answer) -> () -> pending.future().complete(answer);
            case Decision.Append<R>(List<Draft> drafts, LongFunction<R> answer) -> {
                long first = base + entries.size();
                addAll(tx, drafts, now);
                yield () -> complete(pending, answer, first);
            }
        };
    }

    /** Documents go to the projections one by one, batches that stand together all at once. */
    private void addAll(Handle tx, List<Draft> drafts, Instant now) {
        List<LogEntry.BatchEntry> run = new ArrayList<>();
        ContentId known = new ContentId(MerkleTree.emptyRoot());
        int atOnce = drafts.size() < MANY ? 1 : Runtime.getRuntime().availableProcessors();
        for (int from = 0; from < drafts.size(); from += atOnce) {
            for (Decided taken : taken(drafts.subList(from, Math.min(drafts.size(), from + atOnce)), now)) {
                if (taken.draft() instanceof LogEntry.BatchEntry batch) {
                    known = stored(new ContentId(batch.bundle()), known);
                    entries.add(taken.bytes());
                    run.add((LogEntry.BatchEntry) taken.read());
                } else {
                    apply(tx, run);
                    add(tx, taken);
                }
            }
        }
        apply(tx, run);
    }

    /** Encodes entries and reads them back; many at a time on all cores, because no entry needs another. */
    private List<Decided> taken(List<Draft> some, Instant now) {
        return some.size() == 1
                ? List.of(take(some.getFirst().at(now)))
                : some.parallelStream().map(draft -> take(draft.at(now))).toList();
    }

    private ContentId stored(ContentId bundle, ContentId known) {
        if (!bundle.equals(known) && !blobs.has(bundle)) {
            throw new IllegalArgumentException("the batch's bundle " + bundle.hash() + " has not been stored");
        }
        return bundle;
    }

    private void apply(Handle tx, List<LogEntry.BatchEntry> run) {
        if (!run.isEmpty()) {
            long first = base + entries.size() - run.size();
            projections.forEach(projection -> projection.applyAll(tx, first, run));
            run.clear();
        }
    }

    private void add(Handle tx, Decided taken) {
        LogEntry read = taken.read();
        entries.add(taken.bytes());
        long position = base + entries.size() - 1;
        for (Projection projection : projections) {
            projection.apply(tx, position, read);
        }
        lastTime = read instanceof LogEntry.DocumentEntry document ? document.time() : lastTime;
    }

    /** Projections see the entry as it reads back from its bytes, the same as they will in a recovery. */
    private Decided take(LogEntry entry) {
        LogEntry.Encoded encoded = log.salts.orElseThrow().salted(entry).encoded();
        byte[] blob = encoded.blob().orElse(new byte[0]);
        if (blob.length > 0) {
            blobs.put(blob);
        }
        return new Decided(entry, encoded.entry(), LogEntry.decode(encoded.entry(), id -> blob));
    }

    private static <R> void complete(Pending<R> pending, LongFunction<R> answer, long first) {
        try {
            pending.future().complete(answer.apply(first));
        } catch (RuntimeException e) {
            pending.fail(e);
        }
    }

    /** Whether the log was asked to append, so that its size tells whether the group stands. */
    boolean appending() {
        return appending;
    }

    /** Whether the group's entries are in the log. */
    boolean stands() {
        return appending && log.size() == base + entries.size();
    }

    /** Completes the answers of all commands; called once the group is durable in the log. */
    void complete() {
        completions.forEach(Runnable::run);
    }

    void fail(Throwable cause) {
        commands.forEach(command -> command.fail(cause));
    }

    List<Pending<?>> commands() {
        return commands;
    }
}
