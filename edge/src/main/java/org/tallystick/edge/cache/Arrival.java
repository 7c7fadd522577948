package org.tallystick.edge.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.refusal.RefusedException;
import org.tallystick.protocol.codec.Reasons;

/**
 * A work on its way to this edge: how many of its first bytes are proven and lie in its file, and who waits for more. Those
 * may be sent on before the rest is there. Only {@link WorkLoader} moves it on; safe from any thread.
 */
public final class Arrival {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private final Path file;
    private final long length;
    private volatile long proven;
    private volatile boolean over;
    private boolean fetched; // guarded by this, as all below
    private Optional<Throwable> failure = Optional.empty();
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(long position, CompletableFuture<Boolean> reached) {}

    Arrival(Path file, long length) {
        this.file = file;
        this.length = length;
    }

    /** How many bytes from the first on are proven. */
    public long proven() {
        return proven;
    }

    /**
     * Completes once the byte at a position can be served, from here or from the store; fails with {@link RefusedException}
     * where it never will.
     *
     * @return whether the work came from the platform
     */
    public CompletableFuture<Boolean> reaches(long position) {
        synchronized (this) {
            if (!over && proven <= position) {
                CompletableFuture<Boolean> reached = new CompletableFuture<>();
                waiting.add(new Waiting(position, reached));
                return reached;
            }
            if (failure.isPresent()) {
                return CompletableFuture.failedFuture(failure.get());
            }
            return CompletableFuture.completedFuture(!over || fetched);
        }
    }

    /** The work as far as it is here, if the byte at a position is. */
    Optional<Work> work(long position) {
        if (over || proven <= position) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Work.Arriving(FileChannel.open(file, StandardOpenOption.READ), length, this));
        } catch (IOException e) {
            LOG.debug("{} has just arrived or been given up: {}", file, Reasons.of(e));
            return Optional.empty();
        }
    }

    /** The bytes below a position are proven and written. */
    void proven(long position) {
        List<CompletableFuture<Boolean>> reached = new ArrayList<>();
        synchronized (this) {
            proven = position;
            waiting.removeIf(each -> each.position() < position && reached.add(each.reached()));
        }
        reached.forEach(each -> each.complete(true));
    }

    /** The whole work is in the store. */
    void arrived(boolean fromPlatform) {
        List<Waiting> all;
        synchronized (this) {
            proven = length;
            over = true;
            fetched = fromPlatform;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(each -> each.reached().complete(fromPlatform));
    }

    /** No more of it will come. */
    void failed(Throwable why) {
        List<Waiting> all;
        synchronized (this) {
            over = true;
            failure = Optional.of(why);
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(each -> each.reached().completeExceptionally(why));
    }
}
