package org.tallystick.edge.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The file system without waiting for the device, with one step failing on demand: before it happened, after it
 * happened, or half way; once, or as the death of the machine, after which nothing happens any more and what was not
 * synced is partly lost. Safe from any thread.
 */
public final class FaultyDisk implements Disk {
    private final List<String> steps = new ArrayList<>();
    private final Map<Path, Long> synced = new HashMap<>();
    private final Map<Path, ArrayDeque<Overwritten>> unsynced = new HashMap<>();
    private Optional<Fault> fault = Optional.empty();
    private boolean dead;
    private boolean keepsUnsynced;
    private long room = Long.MAX_VALUE;
    private Duration syncTime = Duration.ZERO;

    public enum Mode {
        BEFORE,
        AFTER,
        TORN
    }

    /** @param step as {@link #steps} names it, for example {@code sync seg} */
    public record Fault(String step, int nth, Mode mode, boolean deadly) {}

    /** What stood where an unsynced write went. */
    private record Overwritten(long at, byte[] before) {}

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    public synchronized void inject(Fault what) {
        fault = Optional.of(what);
    }

    /** Whether the injected fault has happened. */
    public synchronized boolean struck() {
        return fault.isEmpty();
    }

    /** All steps so far. */
    public synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    /** The machine loses power now. */
    public synchronized void kill() {
        if (dead) {
            return;
        }
        dead = true;
        if (keepsUnsynced) {
            return;
        }
        synced.forEach((file, length) -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ArrayDeque<Overwritten> writes = unsynced.getOrDefault(file, new ArrayDeque<>());
                while (!writes.isEmpty()) {
                    Overwritten last = writes.removeLast();
                    int half = last.before().length / 2;
                    channel.write(ByteBuffer.wrap(last.before()).position(half), last.at() + half);
                }
                long torn = (channel.size() - length) / 2;
                channel.truncate(length + torn);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** A death of the process alone: the system still writes out what it was given. */
    public synchronized void keepUnsynced() {
        keepsUnsynced = true;
    }

    /** Only so many more bytes fit, until some are given back or it is said again. */
    public synchronized void leaveRoomFor(long bytes) {
        room = bytes;
    }

    /** Each sync takes that long. */
    public synchronized void slow(Duration perSync) {
        syncTime = perSync;
    }

    /** Takes room for more bytes; answers how many of them fit. */
    private synchronized long take(long bytes) {
        long fits = Math.min(bytes, room);
        room -= room == Long.MAX_VALUE ? 0 : fits;
        return fits;
    }

    private synchronized void giveBack(long bytes) {
        room += room == Long.MAX_VALUE ? 0 : bytes;
    }

    private static IOException full() {
        return new IOException("No space left on device");
    }

    private static String kind(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.length() == 64) {
            return "work";
        }
        return name.endsWith(".json") && Character.isDigit(name.charAt(0))
                ? "epoch"
                : name.substring(name.lastIndexOf('.') + 1).equals("json")
                        ? name.replace(".json", "")
                        : name.substring(name.lastIndexOf('.') + 1);
    }

    private synchronized void step(String verb, Path file, Step whole, Step half) throws IOException {
        if (dead) {
            throw new IOException("the machine is dead");
        }
        String name = verb + " " + kind(file);
        steps.add(name);
        boolean hit = fault.isPresent()
                && fault.get().step().equals(name)
                && steps.stream().filter(name::equals).count() == fault.get().nth();
        if (!hit) {
            whole.run();
            return;
        }
        Fault now = fault.get();
        fault = Optional.empty();
        switch (now.mode()) {
            case BEFORE -> {}
            case AFTER -> whole.run();
            case TORN -> half.run();
        }
        if (now.deadly()) {
            kill();
        }
        throw new IOException("injected: " + now);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        step("open", file, () -> create(file), () -> create(file));
        synchronized (this) {
            synced.putIfAbsent(file, Files.size(file));
        }
        return new File(file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static void create(Path file) throws IOException {
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
    }

    private final class File implements DiskFile {
        private final Path path;
        private final FileChannel file;

        File(Path path, FileChannel file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer data, long position) throws IOException {
            step(
                    "write",
                    path,
                    () -> put(data, position),
                    () -> put(data.slice(data.position(), data.remaining() / 2), position));
        }

        private void put(ByteBuffer data, long position) throws IOException {
            ByteBuffer before = ByteBuffer.allocate(Math.clamp(file.size() - position, 0, data.remaining()));
            while (before.hasRemaining() && file.read(before, position + before.position()) > 0) {}
            unsynced.computeIfAbsent(path, p -> new ArrayDeque<>()).addLast(new Overwritten(position, before.array()));
            long grows = Math.max(0, position + data.remaining() - Math.max(position, file.size()));
            long missing = grows - take(grows);
            data.limit(Math.toIntExact(data.limit() - missing));
            long at = position;
            while (data.hasRemaining()) {
                at += file.write(data, at);
            }
            if (missing > 0) {
                throw full();
            }
        }

        @Override
        public void sync() throws IOException {
            Duration wait;
            synchronized (FaultyDisk.this) {
                wait = syncTime;
            }
            LockSupport.parkNanos(wait.toNanos());
            step("sync", path, this::synced, this::synced);
        }

        private void synced() throws IOException {
            synced.put(path, Files.size(path));
            unsynced.remove(path);
        }

        @Override
        public void truncate(long length) throws IOException {
            step("truncate", path, () -> truncated(length), () -> {});
        }

        private void truncated(long length) throws IOException {
            giveBack(Math.max(0, file.size() - length));
            file.truncate(length);
            synced.computeIfPresent(path, (p, known) -> Math.min(known, length));
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Override
    public void replace(Path file, byte[] content, boolean secret) throws IOException {
        Path temp = file.resolveSibling(file.getFileName() + ".new");
        step(
                "replace",
                file,
                () -> {
                    if (take(content.length) < content.length) {
                        throw full();
                    }
                    Files.write(temp, content);
                    giveBack(Files.exists(file) ? Files.size(file) : 0);
                    Files.setPosixFilePermissions(
                            temp, PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--"));
                    Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                },
                () -> Files.write(temp, Arrays.copyOf(content, content.length / 2)));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step(
                "rename",
                to,
                () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING),
                () -> {});
        synchronized (this) {
            synced.remove(from);
        }
    }

    private void deleted(Path file) throws IOException {
        giveBack(Files.exists(file) ? Files.size(file) : 0);
        Files.deleteIfExists(file);
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete", file, () -> deleted(file), () -> {});
        synchronized (this) {
            synced.remove(file);
        }
    }
}
