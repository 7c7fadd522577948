package org.tallystick.edge.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.refusal.RefusedException;
import org.tallystick.edge.status.Metrics;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ChunkList;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Makes works servable: reads and hashes what lies on disk and was not hashed yet, fetches what is missing, once per
 * work however many requests wait for it. A large work can be sent on while it arrives, by its {@link Arrival}. A platform that could not be reached is not asked again for 500 ms, so that
 * requests are refused at once instead of waiting for timeouts. Safe from any thread.
 */
public final class WorkLoader {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoader.class);
    private static final int MAX_WAITING = 1024;
    private static final int MAX_AT_ONCE = 32;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Disk disk;
    private final WorkStore store;
    private final PlatformClient platform;
    private final Executor executor;
    private final Metrics metrics;
    private final ChunkLists chunkLists;
    private final ConcurrentHashMap<ContentId, Arrival> loads = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(MAX_AT_ONCE);
    private volatile Optional<Long> pausedUntilNanos = Optional.empty();

    public WorkLoader(
            Disk disk,
            WorkStore store,
            PlatformClient platform,
            ChunkLists chunkLists,
            Executor executor,
            Metrics metrics) {
        this.chunkLists = chunkLists;
        this.disk = disk;
        this.store = store;
        this.platform = platform;
        this.executor = executor;
        this.metrics = metrics;
    }

    /**
     * Makes a work servable, at least the byte at a position; fails with {@link RefusedException}.
     *
     * @param bytes its length as its manifest says
     * @return whether it had to come from the platform
     */
    public CompletableFuture<Boolean> load(ContentId content, long bytes, long position) {
        Arrival arrival = new Arrival(store.temporary(content), bytes);
        Arrival under = loads.putIfAbsent(content, arrival);
        if (under != null) {
            return under.reaches(position);
        }
        if (loads.size() > MAX_WAITING) {
            RefusedException overloaded = new RefusedException(Refusal.of(RefusalReason.EDGE_OVERLOADED));
            loads.remove(content);
            arrival.failed(overloaded);
            return CompletableFuture.failedFuture(overloaded);
        }
        CompletableFuture<Boolean> reached = arrival.reaches(position);
        executor.execute(() -> run(content, bytes, arrival));
        return reached;
    }

    /** A work that is on its way, if the byte at a position is here already. */
    public Optional<Work> arriving(ContentId content, long position) {
        return Optional.ofNullable(loads.get(content)).flatMap(arrival -> arrival.work(position));
    }

    private void run(ContentId content, long bytes, Arrival arrival) {
        slots.acquireUninterruptibly();
        try {
            boolean fetched = !prove(content);
            if (fetched) {
                fetch(content, bytes, arrival);
            }
            loads.remove(content);
            arrival.arrived(fetched);
        } catch (RefusedException | RuntimeException e) {
            loads.remove(content);
            arrival.failed(e);
        } finally {
            slots.release();
        }
    }

    /** Reads and hashes the file on disk; false where there is none or its hash is wrong. */
    private boolean prove(ContentId content) {
        Optional<Path> file = store.file(content);
        if (file.isEmpty()) {
            return false;
        }
        try {
            Proof proof = new Proof(store.fitsMemory(Files.size(file.get())));
            try (InputStream in = Files.newInputStream(file.get())) {
                byte[] buffer = new byte[1 << 16];
                int read = in.read(buffer);
                while (read >= 0) {
                    proof.add(buffer, read);
                    read = in.read(buffer);
                }
            }
            if (proof.is(content)) {
                store.proven(content);
                proof.kept().ifPresent(bytes -> store.keep(content, bytes));
                return true;
            }
            LOG.warn("{} is damaged and is fetched again", file.get());
            metrics.damagedWorks.increment();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file.get(), e.toString());
        }
        store.remove(content);
        return false;
    }

    private void fetch(ContentId content, long bytes, Arrival arrival) throws RefusedException {
        if (pausedUntilNanos.isPresent() && System.nanoTime() - pausedUntilNanos.get() < 0) {
            throw new RefusedException(Refusal.of(RefusalReason.PLATFORM_UNAVAILABLE));
        }
        if (!store.reserve(bytes)) {
            throw new RefusedException(Refusal.of(
                    store.couldHold(bytes) ? RefusalReason.CACHE_UNAVAILABLE : RefusalReason.CACHE_TOO_SMALL));
        }
        boolean reserved = true;
        Path temporary = store.temporary(content);
        try {
            Proof proof = new Proof(store.fitsMemory(bytes));
            Pieces pieces = new Pieces(chunkLists.find(content, bytes), arrival);
            download(content, bytes, temporary, proof, pieces);
            if (proof.length() != bytes || !proof.is(content)) {
                throw new RefusedException(Refusal.of(RefusalReason.PLATFORM_WRONG_CONTENT));
            }
            Path place = store.place(content);
            disk.rename(temporary, place);
            store.settle(bytes);
            reserved = false;
            store.admit(content, place, bytes);
            proof.kept().ifPresent(kept -> store.keep(content, kept));
            metrics.fetched.increment();
        } catch (IOException e) {
            LOG.warn("{} cannot be stored: {}", content, e.toString());
            throw new RefusedException(Refusal.of(RefusalReason.CACHE_UNAVAILABLE));
        } finally {
            if (reserved) {
                store.settle(bytes);
                discard(temporary);
            }
        }
    }

    private void download(ContentId content, long bytes, Path temporary, Proof proof, Pieces pieces)
            throws IOException, RefusedException {
        try (Disk.DiskFile file = disk.open(temporary)) {
            file.truncate(0);
            platform.blob(content, bytes, (buffer, length) -> {
                try {
                    file.write(ByteBuffer.wrap(buffer, 0, length), proof.length());
                } catch (IOException e) {
                    throw new LocalException(e);
                }
                proof.add(buffer, length);
                pieces.add(content, buffer, length);
            });
            pausedUntilNanos = Optional.empty();
        } catch (LocalException e) {
            throw new IOException(e.getCause());
        } catch (PlatformClient.PlatformException e) {
            throw refused(content, e);
        }
    }

    private RefusedException refused(ContentId content, PlatformClient.PlatformException e) {
        LOG.info("{} cannot be fetched: {}", content, Reasons.of(e));
        if (e.status() == 404) {
            return new RefusedException(Refusal.of(RefusalReason.WORK_UNKNOWN));
        }
        if (e.status() == 200) {
            return new RefusedException(Refusal.of(RefusalReason.PLATFORM_WRONG_CONTENT));
        }
        if (e.status() == 0) {
            pausedUntilNanos = Optional.of(System.nanoTime() + PAUSE.toNanos());
        }
        return new RefusedException(Refusal.of(RefusalReason.PLATFORM_UNAVAILABLE));
    }

    private void discard(Path temporary) {
        try {
            disk.delete(temporary);
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", temporary, e.toString());
        }
    }

    /** The disk failed while the platform was being read. */
    private static final class LocalException extends IOException {
        private static final long serialVersionUID = 1L;

        LocalException(IOException cause) {
            super(cause);
        }
    }

    /**
     * Checks the chunks of a work against its list as they pass, and lets those that fit be sent on. The last chunk is not among
     * them: it may be sent once the whole work has the hash it should, so that no wrong work is ever delivered in full,
     * whatever the list says.
     */
    private static final class Pieces {
        private final Optional<ChunkList> list;
        private final Arrival arrival;
        private final ChunkList.Hasher hasher = new ChunkList.Hasher();
        private int checked;

        Pieces(Optional<ChunkList> list, Arrival arrival) {
            this.list = list;
            this.arrival = arrival;
        }

        void add(ContentId content, byte[] buffer, int length) throws PlatformClient.PlatformException {
            if (list.isEmpty()) {
                return;
            }
            List<Hash> hashes = list.get().hashes();
            hasher.add(buffer, 0, length);
            for (; checked < hasher.complete(); checked++) {
                if (!hasher.hash(checked).equals(hashes.get(checked))) {
                    throw PlatformClient.PlatformException.wrongContent(
                            "chunk " + checked + " of " + content + " does not have the hash on the platform's list");
                }
                if (checked < hashes.size() - 1) {
                    arrival.proven((checked + 1L) * ChunkList.CHUNK);
                }
            }
        }
    }

    /** Hashes bytes as they pass and keeps them where they are to stay in memory. */
    private static final class Proof {
        private final MessageDigest digest = Sha256.newDigest();
        private final boolean keeps;
        private byte[] bytes = new byte[0];
        private long length;

        Proof(boolean keeps) {
            this.keeps = keeps;
        }

        void add(byte[] buffer, int count) {
            digest.update(buffer, 0, count);
            if (keeps) {
                bytes = Arrays.copyOf(bytes, bytes.length + count);
                System.arraycopy(buffer, 0, bytes, bytes.length - count, count);
            }
            length += count;
        }

        long length() {
            return length;
        }

        /** Whether the bytes hash to the content id; to be called once, at the end. */
        boolean is(ContentId content) {
            return Hash.of(digest.digest()).equals(content.hash());
        }

        Optional<byte[]> kept() {
            return keeps ? Optional.of(bytes) : Optional.empty();
        }
    }
}
