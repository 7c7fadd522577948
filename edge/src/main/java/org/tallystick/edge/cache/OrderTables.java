package org.tallystick.edge.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.refusal.RefusedException;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.ReleaseTable;

/**
 * The tables of release keys by which job orders say what they want: asked of the platform once, proven against the root
 * that the grant names, kept on disk, so that a known order is served with the platform away. Bounded in memory and on
 * disk by bytes; the one used last always has a place. Safe from any thread.
 */
public final class OrderTables {
    private static final Logger LOG = LoggerFactory.getLogger(OrderTables.class);

    private final Disk disk;
    private final Path dir;
    private final PlatformClient platform;
    private final Executor executor;
    private final Bounds bounds;

    private final Map<Key, ReleaseTable> loaded = new LinkedHashMap<>(16, 0.75f, true); // guarded by this
    private final Map<Key, CompletableFuture<ReleaseTable>> loading = new HashMap<>(); // guarded by this

    /** Most bytes of tables in memory and on disk. */
    public record Bounds(long memory, long disk) {}

    /** The same table under another tag opens to other keys. */
    private record Key(String root, String tag) {}

    public OrderTables(Disk disk, Path dir, PlatformClient platform, Executor executor, Bounds bounds)
            throws IOException {
        this.disk = disk;
        this.dir = dir;
        this.platform = platform;
        this.executor = executor;
        this.bounds = bounds;
        Files.createDirectories(dir);
    }

    /** The table of an order, if it is in memory. */
    public synchronized Optional<ReleaseTable> find(Grant.Order order) {
        return Optional.ofNullable(loaded.get(key(order)));
    }

    /**
     * The table of an order, from memory, disk or platform; fails with {@link RefusedException}. One load per table.
     *
     * @param works members of the grant's dataset version, which is also the number of entries of the table
     */
    public synchronized CompletableFuture<ReleaseTable> load(Grant.Order order, int works) {
        Key key = key(order);
        ReleaseTable known = loaded.get(key);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<ReleaseTable> under = loading.get(key);
        if (under != null) {
            return under;
        }
        CompletableFuture<ReleaseTable> result = new CompletableFuture<>();
        loading.put(key, result);
        executor.execute(() -> finish(order, works, result));
        return result;
    }

    private static Key key(Grant.Order order) {
        return new Key(order.keys().hex(), order.tag());
    }

    private void finish(Grant.Order order, int works, CompletableFuture<ReleaseTable> result) {
        try {
            ReleaseTable table = read(order, works);
            keep(key(order), table);
            result.complete(table);
        } catch (RefusedException | RuntimeException e) {
            synchronized (this) {
                loading.remove(key(order));
            }
            result.completeExceptionally(e);
        }
    }

    private synchronized void keep(Key key, ReleaseTable table) {
        loading.remove(key);
        loaded.put(key, table);
        long bytes = loaded.values().stream()
                .mapToLong(kept -> kept.entries().length)
                .sum();
        Iterator<ReleaseTable> leastUsed = loaded.values().iterator();
        while (bytes > bounds.memory() && loaded.size() > 1) {
            bytes -= leastUsed.next().entries().length;
            leastUsed.remove();
        }
    }

    private ReleaseTable read(Grant.Order order, int works) throws RefusedException {
        Path file = dir.resolve(order.keys().hex() + ".table");
        if (Files.exists(file)) {
            try {
                return proven(order, works, Files.readAllBytes(file));
            } catch (MalformedException | IOException e) {
                LOG.warn("order table {} is fetched again, its file is not good: {}", order.keys(), Reasons.of(e));
            }
        }
        return fetch(order, works, file);
    }

    private static ReleaseTable proven(Grant.Order order, int works, byte[] entries) {
        if (entries.length != (long) works * ReleaseTable.ENTRY) {
            throw new MalformedException("release/table", "the table is not for " + works + " works");
        }
        ReleaseTable table = new ReleaseTable(HexFormat.of().parseHex(order.tag()), entries);
        if (!table.root().equals(order.keys())) {
            throw new MalformedException("release/table", "the table does not hash to the order's root");
        }
        return table;
    }

    private ReleaseTable fetch(Grant.Order order, int works, Path file) throws RefusedException {
        byte[] entries;
        try {
            entries = platform.orderTable(order.keys());
        } catch (PlatformClient.PlatformException e) {
            if (e.status() == 404) {
                throw new RefusedException(Refusal.of(RefusalReason.ORDER_UNKNOWN));
            }
            throw new RefusedException(RefusalReason.PLATFORM_UNAVAILABLE, "The order's table is not here yet.");
        } catch (IOException e) {
            throw new RefusedException(RefusalReason.PLATFORM_UNAVAILABLE, "The order's table is not here yet.");
        }
        ReleaseTable table;
        try {
            table = proven(order, works, entries);
        } catch (MalformedException e) {
            LOG.error("order table {} from the platform is refused: {}", order.keys(), e.detail());
            throw new RefusedException(Refusal.of(RefusalReason.ORDER_WRONG_TABLE));
        }
        try {
            makeRoom(entries.length);
            disk.replace(file, entries, false);
        } catch (IOException e) {
            LOG.warn("order table {} cannot be kept on disk: {}", order.keys(), Reasons.of(e));
        }
        return table;
    }

    /** Deletes the tables that were fetched longest ago until another of so many bytes has room. */
    private synchronized void makeRoom(long bytes) throws IOException {
        record Kept(Path file, long length, FileTime fetched) {}
        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.toList()) {
                kept.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
            }
        }
        kept.sort(Comparator.comparing(Kept::fetched));
        long used = bytes + kept.stream().mapToLong(Kept::length).sum();
        for (Kept each : kept) {
            if (used <= bounds.disk()) {
                return;
            }
            disk.delete(each.file());
            used -= each.length();
        }
    }
}
