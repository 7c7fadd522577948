package org.tallystick.platform.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Goes through a log from its first entry. What needs nothing but an entry and the bytes it stands for is done ahead, on
 * all cores: reading, hashing, decoding, recomputing a batch's header from its leaves. What depends on what came before
 * is left to whoever is told, entry by entry in the order of the log, on the thread that asked. Used once.
 */
final class LogWalk {
    private static final int ENTRIES_AT_ONCE = 256;

    private final TransparencyLog log;
    private final BlobStore blobs;
    private final long size;
    private final OrderedPrefetch<List<Step>> stretches;
    private final Deque<Callable<List<Step>>> waiting = new ArrayDeque<>();
    private final OrderedPrefetch<List<Step>> checked;
    private long next;

    /** Batches that stand together and lie in the same bundle, which is read once for all of them. */
    private @Nullable List<Receipts> run;

    private LogWalk(TransparencyLog log, BlobStore blobs, ExecutorService pool) {
        this.log = log;
        this.blobs = blobs;
        this.size = log.size();
        this.stretches = new OrderedPrefetch<>(pool);
        this.checked = new OrderedPrefetch<>(pool);
    }

    /** What is told of an entry, or of some. */
    sealed interface Step {}

    /** A document. */
    record Document(long position, LogEntry.DocumentEntry entry) implements Step {}

    /**
     * A batch.
     *
     * @param batch what the bundle holds where the entry says; whether it is the same batch is not checked
     * @param failure why there is no batch, or why the batch, if it is the one of the entry, is not sound in itself
     */
    record Receipts(long position, LogEntry.BatchEntry entry, Optional<Batch> batch, Optional<RuntimeException> failure)
            implements Step {}

    /** An entry that says nothing. */
    record Undecodable(long position, RuntimeException failure) implements Step {}

    /** Entries that cannot be read. */
    record Unreadable(long from, long to, RuntimeException failure) implements Step {}

    /** Tells of every entry the log has now. */
    static void over(TransparencyLog log, BlobStore blobs, Consumer<Step> each) {
        try (ExecutorService pool = OrderedPrefetch.threads()) {
            new LogWalk(log, blobs, pool).walk(each);
        }
    }

    private void walk(Consumer<Step> each) {
        while (next < size || !stretches.isEmpty() || !waiting.isEmpty() || !checked.isEmpty()) {
            while (next < size && !stretches.isFull()) {
                long from = next;
                long to = Math.min(size, from + ENTRIES_AT_ONCE);
                stretches.give(() -> decoded(from, to));
                next = to;
            }
            while (!checked.isFull() && !(waiting.isEmpty() && stretches.isEmpty())) {
                if (waiting.isEmpty()) {
                    gather(stretches.take());
                } else {
                    checked.give(waiting.removeFirst());
                }
            }
            if (next == size && stretches.isEmpty()) {
                endRun();
            }
            if (!checked.isEmpty()) {
                checked.take().forEach(each);
            }
        }
    }

    private List<Step> decoded(long from, long to) {
        List<byte[]> entries;
        try {
            entries = log.entries(from, to);
        } catch (RuntimeException e) {
            return List.of(new Unreadable(from, to, e));
        }
        List<Step> steps = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            steps.add(decoded(from + i, entries.get(i)));
        }
        return steps;
    }

    private Step decoded(long position, byte[] entry) {
        try {
            return switch (LogEntry.decode(entry, blobs::read)) {
                case LogEntry.BatchEntry batch -> new Receipts(position, batch, Optional.empty(), Optional.empty());
                case LogEntry.DocumentEntry document -> new Document(position, document);
            };
        } catch (RuntimeException e) {
            return new Undecodable(position, e);
        }
    }

    /** Gives batches to be checked, bundle by bundle; everything else is ready. */
    private void gather(List<Step> steps) {
        List<Step> ready = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Receipts receipts) {
                endReady(ready);
                ready = new ArrayList<>();
                List<Receipts> open = run;
                if (open == null || !bundle(open).equals(receipts.entry().bundle())) {
                    endRun();
                    open = new ArrayList<>();
                    run = open;
                }
                open.add(receipts);
            } else {
                endRun();
                ready.add(step);
            }
        }
        endReady(ready);
    }

    private static Hash bundle(List<Receipts> open) {
        return open.getFirst().entry().bundle();
    }

    private void endReady(List<Step> ready) {
        if (!ready.isEmpty()) {
            waiting.addLast(() -> ready);
        }
    }

    private void endRun() {
        List<Receipts> ended = run;
        if (ended != null) {
            run = null;
            waiting.addLast(() -> checked(ended));
        }
    }

    private List<Step> checked(List<Receipts> receipts) {
        byte[] bundle;
        try {
            bundle = blobs.read(new ContentId(bundle(receipts)));
        } catch (RuntimeException e) {
            return receipts.stream().<Step>map(r -> failed(r, e)).toList();
        }
        return receipts.stream().<Step>map(r -> checked(r, bundle)).toList();
    }

    private static Receipts checked(Receipts receipts, byte[] bundle) {
        Batch batch;
        try {
            batch = Batch.decode(bundle, Math.toIntExact(receipts.entry().offset()));
        } catch (RuntimeException e) {
            return failed(receipts, e);
        }
        try {
            batch.check();
            return new Receipts(receipts.position(), receipts.entry(), Optional.of(batch), Optional.empty());
        } catch (RuntimeException e) {
            return new Receipts(receipts.position(), receipts.entry(), Optional.of(batch), Optional.of(e));
        }
    }

    private static Receipts failed(Receipts receipts, RuntimeException failure) {
        return new Receipts(receipts.position(), receipts.entry(), Optional.empty(), Optional.of(failure));
    }
}
