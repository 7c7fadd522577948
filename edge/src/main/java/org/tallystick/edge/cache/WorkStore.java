package org.tallystick.edge.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;

/**
 * The works kept here: all on disk, the small ones in use also in memory, both bounded. Room is
 * made from the oldest on, but what was used since it was loaded is put back up to three times (the CLOCK algorithm):
 * close to least recently used, at the cost of one write for each hit. No byte is served that this process has not
 * hashed: what lay on disk before it started counts as not hashed until {@link WorkLoader} has read it. Safe from any
 * thread.
 */
public final class WorkStore implements AutoCloseable {
    /** Works up to this length are served from memory. */
    public static final int SMALL = 256 << 10;

    private static final int MOST_USES = 3;
    private static final Logger LOG = LoggerFactory.getLogger(WorkStore.class);

    private final Disk disk;
    private final Path dir;
    private final long cacheBytes;
    private final long memoryBytes;
    private final ConcurrentHashMap<ContentId, Entry> entries = new ConcurrentHashMap<>();

    // All below is guarded by this.
    private final ArrayDeque<Entry> onDisk = new ArrayDeque<>();
    private final ArrayDeque<Entry> inMemory = new ArrayDeque<>();
    private long diskUsed;
    private long memoryUsed;
    private long evictions;

    /** One work on disk. */
    private static final class Entry {
        private final ContentId content;
        private final Path file;
        private final long length;
        private volatile boolean proven;
        private int uses = -1; // after the one that loaded it; not exact: a lost write only misplaces an eviction
        private volatile Optional<ByteBuf> bytes = Optional.empty();

        Entry(ContentId content, Path file, long length, boolean proven) {
            this.content = content;
            this.file = file;
            this.length = length;
            this.proven = proven;
        }
    }

    private WorkStore(Disk disk, Path dir, long cacheBytes, long memoryBytes) {
        this.disk = disk;
        this.dir = dir;
        this.cacheBytes = cacheBytes;
        this.memoryBytes = memoryBytes;
    }

    /** Opens the directory: lists the works in it, oldest first, and deletes what was fetched in part. */
    public static WorkStore open(Disk disk, Path dir, long cacheBytes, long memoryBytes) throws IOException {
        WorkStore store = new WorkStore(disk, dir, cacheBytes, memoryBytes);
        Files.createDirectories(dir.resolve("new"));
        try (Stream<Path> leftovers = Files.list(dir.resolve("new"))) {
            for (Path file : leftovers.toList()) {
                disk.delete(file);
            }
        }
        store.scan();
        return store;
    }

    private void scan() throws IOException {
        record Found(Entry entry, long modified) {}
        List<Found> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(dir, 2)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    ContentId content = new ContentId(Hash.ofHex(String.valueOf(file.getFileName())));
                    long modified = Files.getLastModifiedTime(file).toMillis();
                    found.add(new Found(new Entry(content, file, Files.size(file), false), modified));
                } catch (MalformedException e) {
                    LOG.warn("{} is no work and is left alone", file);
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::modified));
        synchronized (this) {
            for (Found each : found) {
                add(each.entry());
            }
            makeRoom(0);
        }
    }

    private synchronized void add(Entry entry) {
        Entry before = entries.put(entry.content, entry);
        if (before != null) {
            onDisk.remove(before);
            diskUsed -= before.length;
            forget(before);
        }
        onDisk.addLast(entry);
        diskUsed += entry.length;
    }

    /** The work, if it can be served without reading or fetching it first. */
    public Optional<Work> find(ContentId content) {
        Entry entry = entries.get(content);
        if (entry == null || !entry.proven) {
            return Optional.empty();
        }
        if (entry.uses < MOST_USES) {
            entry.uses++;
        }
        Optional<ByteBuf> bytes = entry.bytes;
        if (bytes.isPresent()) {
            try {
                return Optional.of(new Work.InMemory(bytes.get().retainedDuplicate()));
            } catch (IllegalReferenceCountException e) {
                return Optional.empty(); // evicted by another thread in between
            }
        }
        return fitsMemory(entry.length) ? Optional.empty() : open(entry);
    }

    private Optional<Work> open(Entry entry) {
        try {
            return Optional.of(new Work.OnDisk(FileChannel.open(entry.file, StandardOpenOption.READ), entry.length));
        } catch (IOException e) {
            LOG.warn("{} cannot be opened: {}", entry.file, e.toString());
            remove(entry);
            return Optional.empty();
        }
    }

    /** Whether the work is on disk, hashed by this process or not. */
    public boolean contains(ContentId content) {
        return entries.containsKey(content);
    }

    /** Whether a work of that length is served from memory. */
    boolean fitsMemory(long length) {
        return length <= SMALL && length <= memoryBytes;
    }

    /** Whether a work of that length can be kept at all. */
    boolean couldHold(long length) {
        return length <= cacheBytes;
    }

    /** The file of a work that lies here. */
    Optional<Path> file(ContentId content) {
        return Optional.ofNullable(entries.get(content)).map(entry -> entry.file);
    }

    /** Where a work's file belongs. */
    Path place(ContentId content) throws IOException {
        Path directory = dir.resolve(content.hex().substring(0, 2));
        Files.createDirectories(directory);
        return directory.resolve(content.hex());
    }

    /** A name for a file being fetched. */
    Path temporary(ContentId content) {
        return dir.resolve("new").resolve(content.hex());
    }

    /**
     * Sets bytes aside for a work about to be fetched, evicting others; {@link #settle} gives them back.
     *
     * @return whether there is room
     */
    synchronized boolean reserve(long bytes) {
        if (!makeRoom(bytes)) {
            return false;
        }
        diskUsed += bytes;
        return true;
    }

    /** Gives back what was reserved. */
    synchronized void settle(long bytes) {
        diskUsed -= bytes;
    }

    private boolean makeRoom(long bytes) {
        int chances = MOST_USES * onDisk.size();
        while (diskUsed + bytes > cacheBytes && !onDisk.isEmpty()) {
            Entry oldest = onDisk.removeFirst();
            if (oldest.uses > 0 && chances-- > 0) {
                oldest.uses--;
                onDisk.addLast(oldest);
            } else {
                diskUsed -= oldest.length;
                evict(oldest);
            }
        }
        return diskUsed + bytes <= cacheBytes;
    }

    private void evict(Entry entry) {
        entries.remove(entry.content, entry);
        forget(entry);
        evictions++;
        try {
            disk.delete(entry.file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", entry.file, e.toString());
        }
    }

    /** Adds a file whose bytes this process has just hashed. */
    void admit(ContentId content, Path file, long length) {
        add(new Entry(content, file, length, true));
    }

    /** Notes that this process has hashed the file that was found here. */
    void proven(ContentId content) {
        Entry entry = entries.get(content);
        if (entry != null) {
            entry.proven = true;
        }
    }

    /** Keeps the bytes of a small work in memory, if the work is still here. */
    synchronized void keep(ContentId content, byte[] bytes) {
        Entry entry = entries.get(content);
        if (entry == null || entry.bytes.isPresent()) {
            return;
        }
        int chances = MOST_USES * inMemory.size();
        while (memoryUsed + bytes.length > memoryBytes && !inMemory.isEmpty()) {
            Entry oldest = inMemory.getFirst();
            if (oldest.uses > 0 && chances-- > 0) {
                oldest.uses--;
                inMemory.addLast(inMemory.removeFirst());
            } else {
                forget(oldest);
            }
        }
        entry.bytes =
                Optional.of(Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes));
        inMemory.addLast(entry);
        memoryUsed += bytes.length;
    }

    private synchronized void forget(Entry entry) {
        Optional<ByteBuf> bytes = entry.bytes;
        if (bytes.isPresent()) {
            entry.bytes = Optional.empty();
            inMemory.remove(entry);
            memoryUsed -= entry.length;
            bytes.get().release();
        }
    }

    /** Removes a work whose file does not have the hash it should. */
    void remove(ContentId content) {
        Entry entry = entries.get(content);
        if (entry != null) {
            remove(entry);
        }
    }

    private synchronized void remove(Entry entry) {
        if (onDisk.remove(entry)) {
            diskUsed -= entry.length;
            evict(entry);
        }
    }

    /** Bytes on disk, those set aside included. */
    public synchronized long diskUsed() {
        return diskUsed;
    }

    public synchronized long memoryUsed() {
        return memoryUsed;
    }

    public synchronized long evictions() {
        return evictions;
    }

    public int size() {
        return entries.size();
    }

    /** Releases all memory; files stay. */
    @Override
    public synchronized void close() {
        for (Entry entry : List.copyOf(inMemory)) {
            forget(entry);
        }
        entries.clear();
    }
}
