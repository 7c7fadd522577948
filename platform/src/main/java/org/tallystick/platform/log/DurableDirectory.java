package org.tallystick.platform.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files that appear whole or not at all: written and synced under a temporary name, then renamed, then their directory
 * synced. A directory counts as durable only once this process has synced the one above it, because the process before
 * may have died between making it and syncing it. Safe from any thread.
 */
final class DurableDirectory {
    private static final String TEMPORARY = ".tmp";

    private final Disk disk;
    private final Path root;
    private final Path temporary;
    private final AtomicLong counter = new AtomicLong();
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    private DurableDirectory(Disk disk, Path root) {
        this.disk = disk;
        this.root = root;
        this.temporary = root.resolve(TEMPORARY);
    }

    /** Takes over a directory, making it if it is not there, and throws away what an earlier process left half done. */
    static DurableDirectory open(Disk disk, Path root) throws IOException {
        Files.createDirectories(root);
        disk.syncDirectory(parent(root.toAbsolutePath()));
        DurableDirectory directory = new DurableDirectory(disk, root);
        directory.ensure(directory.temporary);
        for (Path leftover : disk.list(directory.temporary)) {
            disk.delete(leftover);
        }
        return directory;
    }

    /** A fresh temporary name for a file that is to be put into this directory. */
    Path temporaryFile() {
        return temporary.resolve(Long.toString(counter.incrementAndGet()));
    }

    /**
     * Puts a file in its place once it reads back as it was written, replacing what is there; durable after {@link #sync} of its directory.
     *
     * @param target below the root
     */
    void put(Path target, byte[] content) throws IOException {
        Path file = temporaryFile();
        try (Disk.Sink sink = disk.create(file)) {
            sink.write(content, 0, content.length);
            sink.sync();
        }
        if (!Arrays.equals(disk.read(file), content)) {
            throw new LogDamagedException(target + " was read back as other bytes than were written");
        }
        move(file, target);
    }

    /** Puts a file, written and synced under a temporary name, in its place. */
    void move(Path file, Path target) throws IOException {
        ensure(parent(target));
        disk.rename(file, target);
    }

    /** Makes the names in a directory durable. */
    void sync(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    /** Forgets what it believes to be durable; called after any failure. */
    void distrust() {
        durable.clear();
    }

    private void ensure(Path directory) throws IOException {
        if (directory.equals(root) || durable.contains(directory)) {
            return;
        }
        Path above = parent(directory);
        ensure(above);
        disk.createDirectory(directory);
        disk.syncDirectory(above);
        durable.add(directory);
    }

    /** The last part of a path, as text. */
    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** The directory a path lies in. */
    static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no directory above it");
        }
        return parent;
    }
}
