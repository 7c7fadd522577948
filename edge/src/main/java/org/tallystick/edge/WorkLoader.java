package org.tallystick.edge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Makes works servable: reads and hashes what lies on disk unproven, fetches what is missing, one flight per work
 * however many ask. A platform that could not be reached is left alone for a moment, so that requests fail fast instead
 * of queueing up behind timeouts. Safe from any thread.
 */
final class WorkLoader {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoader.class);
    private static final int MAX_WAITING = 1024;
    private static final int MAX_AT_ONCE = 32;
    private static final Duration REST = Duration.ofMillis(500);

    private final Disk disk;
    private final WorkStore store;
    private final PlatformClient platform;
    private final Executor executor;
    private final Metrics metrics;
    private final ConcurrentHashMap<ContentId, CompletableFuture<Boolean>> flights = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(MAX_AT_ONCE);
    private volatile Optional<Long> restUntilNanos = Optional.empty();

    WorkLoader(Disk disk, WorkStore store, PlatformClient platform, Executor executor, Metrics metrics) {
        this.disk = disk;
        this.store = store;
        this.platform = platform;
        this.executor = executor;
        this.metrics = metrics;
    }

    /**
     * Makes a work servable; fails with {@link RefusedException}.
     *
     * @param bytes its length as its manifest says
     * @return whether it had to come from the platform
     */
    CompletableFuture<Boolean> load(ContentId content, long bytes) {
        CompletableFuture<Boolean> flight = new CompletableFuture<>();
        CompletableFuture<Boolean> under = flights.putIfAbsent(content, flight);
        if (under != null) {
            return under;
        }
        if (flights.size() > MAX_WAITING) {
            flights.remove(content);
            return CompletableFuture.failedFuture(new RefusedException(Refusal.of(RefusalReason.EDGE_OVERLOADED)));
        }
        executor.execute(() -> fly(content, bytes, flight));
        return flight;
    }

    private void fly(ContentId content, long bytes, CompletableFuture<Boolean> flight) {
        slots.acquireUninterruptibly();
        try {
            boolean fetched = !prove(content);
            if (fetched) {
                fetch(content, bytes);
            }
            flights.remove(content);
            flight.complete(fetched);
        } catch (RefusedException | RuntimeException e) {
            flights.remove(content);
            flight.completeExceptionally(e);
        } finally {
            slots.release();
        }
    }

    /** Reads and hashes the file that lies here; answers whether there is one that is what it should be. */
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

    private void fetch(ContentId content, long bytes) throws RefusedException {
        if (restUntilNanos.isPresent() && System.nanoTime() - restUntilNanos.get() < 0) {
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
            download(content, bytes, temporary, proof);
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

    private void download(ContentId content, long bytes, Path temporary, Proof proof)
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
            });
            restUntilNanos = Optional.empty();
        } catch (LocalException e) {
            throw new IOException(e.getCause());
        } catch (PlatformClient.PlatformException e) {
            throw refused(content, e);
        }
    }

    private RefusedException refused(ContentId content, PlatformClient.PlatformException e) {
        LOG.info("{} cannot be fetched: {}", content, e.getMessage());
        if (e.status() == 404) {
            return new RefusedException(Refusal.of(RefusalReason.WORK_UNKNOWN));
        }
        if (e.status() == 200) {
            return new RefusedException(Refusal.of(RefusalReason.PLATFORM_WRONG_CONTENT));
        }
        if (e.status() == 0) {
            restUntilNanos = Optional.of(System.nanoTime() + REST.toNanos());
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

        /** Whether the bytes are that work; to be asked once, at the end. */
        boolean is(ContentId content) {
            return Hash.of(digest.digest()).equals(content.hash());
        }

        Optional<byte[]> kept() {
            return keeps ? Optional.of(bytes) : Optional.empty();
        }
    }
}
