package org.tallystick.edge.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.refusal.RefusedException;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;

/**
 * Dataset versions by root: asked of the platform once, proven, kept on disk, so that a known dataset is served with
 * the platform away. Bounded in memory by the number of members; what is not in use is read again from disk. Safe from
 * any thread.
 */
public final class Datasets {
    private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);

    private final Disk disk;
    private final Path dir;
    private final PlatformClient platform;
    private final Executor executor;
    private final long maxMembers;

    private final Map<Hash, Membership> loaded = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Hash, CompletableFuture<Membership>> loading = new LinkedHashMap<>();

    public Datasets(Disk disk, Path dir, PlatformClient platform, Executor executor, long maxMembers)
            throws IOException {
        this.disk = disk;
        this.dir = dir;
        this.platform = platform;
        this.executor = executor;
        this.maxMembers = maxMembers;
        Files.createDirectories(dir);
    }

    /** The dataset version, if it is in memory. */
    public synchronized Optional<Membership> find(Hash root) {
        return Optional.ofNullable(loaded.get(root));
    }

    /** The dataset version, from memory, disk or platform; fails with {@link RefusedException}. One load per root. */
    public synchronized CompletableFuture<Membership> load(Hash root) {
        Membership known = loaded.get(root);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Membership> under = loading.get(root);
        if (under != null) {
            return under;
        }
        CompletableFuture<Membership> result = new CompletableFuture<>();
        loading.put(root, result);
        executor.execute(() -> finish(root, result));
        return result;
    }

    private void finish(Hash root, CompletableFuture<Membership> result) {
        try {
            Membership membership = read(root);
            keep(membership);
            result.complete(membership);
        } catch (RefusedException | RuntimeException e) {
            synchronized (this) {
                loading.remove(root);
            }
            result.completeExceptionally(e);
        }
    }

    private synchronized void keep(Membership membership) {
        loading.remove(membership.root());
        loaded.put(membership.root(), membership);
        long members = loaded.values().stream().mapToLong(Membership::size).sum();
        Iterator<Membership> leastUsed = loaded.values().iterator();
        while (members > maxMembers && loaded.size() > 1) {
            members -= leastUsed.next().size();
            leastUsed.remove();
        }
    }

    private Membership read(Hash root) throws RefusedException {
        Path file = dir.resolve(root.hex() + ".json");
        if (Files.exists(file)) {
            try {
                return Membership.parse(root, Files.readAllBytes(file));
            } catch (MalformedException | IOException e) {
                LOG.warn("dataset version {} is fetched again, its file is damaged: {}", root, Reasons.of(e));
            }
        }
        return fetch(root, file);
    }

    private Membership fetch(Hash root, Path file) throws RefusedException {
        byte[] json;
        try {
            json = platform.members(root);
        } catch (PlatformClient.PlatformException e) {
            if (e.status() == 404) {
                throw new RefusedException(Refusal.of(RefusalReason.DATASET_UNKNOWN));
            }
            throw new RefusedException(RefusalReason.PLATFORM_UNAVAILABLE, "The dataset version is not here yet.");
        } catch (IOException e) {
            throw new RefusedException(RefusalReason.PLATFORM_UNAVAILABLE, "The dataset version is not here yet.");
        }
        Membership membership;
        try {
            membership = Membership.parse(root, json);
        } catch (MalformedException e) {
            LOG.error("dataset version {} from the platform is refused: {}", root, e.detail());
            throw new RefusedException(Refusal.of(RefusalReason.DATASET_WRONG_ROOT));
        }
        try {
            disk.replace(file, json, false);
        } catch (IOException e) {
            LOG.warn("dataset version {} cannot be kept on disk: {}", root, Reasons.of(e));
        }
        return membership;
    }
}
