package org.tallystick.bench.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.tallystick.platform.log.Disk;

/**
 * Real files under a disk that can be told to fail, and that can lose power: then some of what was not synced is gone, and
 * the process that used it has to be started again. Safe from any thread.
 */
final class SimDisk implements Disk {
    private final Disk files = Disk.real();
    private final Path root;
    private final SplittableRandom random;
    private final Map<Path, Path> names = new HashMap<>();
    private final List<Unsynced> unsynced = new ArrayList<>();
    private int failuresLeft;
    private long failures;
    private boolean dead;

    /** A change that a loss of power may take back until its place is synced. */
    private record Unsynced(Path place, Step undo) {}

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    SimDisk(Path root, SplittableRandom random) {
        this.root = root;
        this.random = random;
    }

    /** Makes some of the next operations fail. A failed operation may have done nothing, a part or all of its work. */
    synchronized void failSoon(int operations) {
        failuresLeft = operations;
    }

    /** Operations that have failed. */
    synchronized long failures() {
        return failures;
    }

    /** Takes back at random what was not synced, and refuses everything until {@link #powerOn}. */
    synchronized void losePower() {
        dead = true;
        failuresLeft = 0;
        for (Unsynced change : unsynced.reversed()) {
            if (random.nextBoolean()) {
                try {
                    change.undo().run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        unsynced.clear();
        names.clear();
    }

    synchronized void powerOn() {
        dead = false;
    }

    @Override
    public synchronized byte[] read(Path file) throws IOException {
        checkPower();
        return files.read(file);
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        checkPower();
        return files.list(directory);
    }

    @Override
    public synchronized Sink create(Path file) throws IOException {
        change(() -> Files.write(file, new byte[0]));
        names.put(file, file);
        unsynced.add(new Unsynced(file, () -> cut(names.getOrDefault(file, file))));
        return new SimSink(file);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        boolean existed = Files.exists(to);
        byte[] before = existed ? Files.readAllBytes(to) : new byte[0];
        change(() -> {
            files.rename(from, to);
            names.put(from, to);
            unsynced.add(new Unsynced(parent(to), () -> {
                if (existed) {
                    Files.write(to, before);
                } else {
                    Files.deleteIfExists(to);
                }
            }));
        });
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        boolean existed = Files.exists(directory);
        change(() -> {
            files.createDirectory(directory);
            if (!existed) {
                unsynced.add(new Unsynced(parent(directory), () -> removeTree(directory)));
            }
        });
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        change(() -> settle(directory));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        change(() -> files.delete(path));
    }

    private void change(Step step) throws IOException {
        checkPower();
        if (failuresLeft == 0 || random.nextInt(3) > 0) {
            step.run();
            return;
        }
        failuresLeft--;
        failures++;
        if (random.nextBoolean()) {
            step.run();
        }
        throw new IOException("the simulated disk failed");
    }

    private void checkPower() throws IOException {
        if (dead) {
            throw new IOException("the simulated disk has no power");
        }
    }

    private void settle(Path place) {
        unsynced.removeIf(change -> change.place().equals(place));
    }

    /** Cuts unsynced content off a file, under whatever name the file has by now. */
    private void cut(Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, random.nextInt(content.length + 1)));
        }
    }

    private Path parent(Path path) {
        return Objects.requireNonNullElse(path.getParent(), root);
    }

    private static void removeTree(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> walk = Files.walk(directory)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** A file being written; a write that fails may have written a part. */
    private final class SimSink implements Sink {
        private final Path file;

        SimSink(Path file) {
            this.file = file;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            synchronized (SimDisk.this) {
                byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
                try {
                    change(() -> Files.write(file, bytes, java.nio.file.StandardOpenOption.APPEND));
                } catch (IOException e) {
                    if (!dead && length > 1) {
                        cut(file);
                    }
                    throw e;
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimDisk.this) {
                change(() -> settle(file));
            }
        }

        @Override
        public void close() {
            // no file is held open between writes
        }
    }
}
