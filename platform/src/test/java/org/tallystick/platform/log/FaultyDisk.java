package org.tallystick.platform.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.tallystick.platform.kernel.FileTree;

/**
 * Real files, and one operation that goes wrong; or a loss of power that takes what was not synced. Numbers the
 * operations that change something, so that a test can fail each of them by its number and name it in words.
 */
final class FaultyDisk implements Disk {
    /** How an operation goes wrong. */
    enum Fault {
        /** It does nothing and says that it failed. */
        NOTHING,
        /** It does all and says that it failed. */
        DONE,
        /** It does half, where half is possible, and says that it failed. */
        TORN,
        /** What it writes has a bit flipped, and it says nothing. */
        FLIPPED;

        /** The ways that do not pass in silence. */
        static final List<Fault> REPORTED = List.of(NOTHING, DONE, TORN);

        /** Those among them that can befall a step of the trace. */
        static List<Fault> reported(String step) {
            return step.startsWith("write ") ? REPORTED : List.of(NOTHING, DONE);
        }
    }

    /** What happens after the fault. */
    enum After {
        /** All goes well again. */
        PASSING,
        /** No operation works any more, reading included: the process might as well be dead. */
        DEAD
    }

    private final Path root;
    private final List<String> trace = new ArrayList<>();
    private final Map<Path, Path> places = new ConcurrentHashMap<>();
    private final List<Undo> unsynced = Collections.synchronizedList(new ArrayList<>());
    private int failAt = -1;
    private Fault fault = Fault.NOTHING;
    private After after = After.PASSING;
    private volatile boolean dead;
    private int slowAt = -1;
    private Runnable slowness = () -> {};
    private String watched = "";
    private Runnable watcher = () -> {};

    /** What a loss of power may take back until the directory is synced. */
    private record Undo(Path directory, IoRunnable undo) {}

    @FunctionalInterface
    private interface IoRunnable {
        void run() throws IOException;
    }

    FaultyDisk(Path root) {
        this.root = root;
    }

    /** The same disk in the hands of another process: what was not synced before still is not. */
    FaultyDisk nextProcess() {
        FaultyDisk next = new FaultyDisk(root);
        next.unsynced.addAll(unsynced);
        next.places.putAll(places);
        return next;
    }

    /** The changing operations so far, in words. */
    List<String> trace() {
        return trace;
    }

    /** Makes the operation with that number go wrong, counting from now. */
    FaultyDisk failing(int number, Fault how, After then) {
        trace.clear();
        failAt = number;
        fault = how;
        after = then;
        return this;
    }

    /** Makes the operation with that number take as long as something else does, counting from now. */
    void slow(int number, Runnable meanwhile) {
        trace.clear();
        slowAt = number;
        slowness = meanwhile;
    }

    /** Has something else happen right after the next operation of that name. */
    void after(String step, Runnable then) {
        watched = step;
        watcher = then;
    }

    private void step(String name, Path path, IoRunnable all) throws IOException {
        step(name, path, all, () -> {}, all);
    }

    private void step(String name, Path path, IoRunnable all, IoRunnable half, IoRunnable flipped) throws IOException {
        if (dead) {
            throw new IOException("the disk is gone");
        }
        String words = name + " " + root.relativize(path);
        int number;
        synchronized (trace) {
            trace.add(words);
            number = trace.size() - 1;
        }
        if (number == slowAt) {
            slowness.run();
        }
        if (number != failAt) {
            all.run();
            notice(words);
            return;
        }
        dead = after == After.DEAD;
        switch (fault) {
            case NOTHING -> {}
            case DONE -> all.run();
            case TORN -> half.run();
            case FLIPPED -> {
                flipped.run();
                return;
            }
        }
        throw new IOException("injected: " + words);
    }

    private void notice(String step) {
        if (step.equals(watched)) {
            watched = "";
            watcher.run();
        }
    }

    boolean isDead() {
        return dead;
    }

    /** Works again, and remembers which operation it was that failed. */
    void comeBack() {
        dead = false;
    }

    /** Lets all operations work again. */
    void revive() {
        dead = false;
        failAt = -1;
    }

    @Override
    public byte[] read(Path file) throws IOException {
        if (dead) {
            throw new IOException("the disk is gone");
        }
        return Files.readAllBytes(file);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return RealDisk.INSTANCE.list(directory);
    }

    @Override
    public Sink create(Path file) throws IOException {
        step("create", file, () -> Files.write(file, new byte[0]));
        places.put(file, file);
        unsynced.add(new Undo(file, () -> empty(places.getOrDefault(file, file))));
        return new FaultySink(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        byte[] before = Files.exists(to) ? Files.readAllBytes(to) : new byte[0];
        boolean existed = Files.exists(to);
        IoRunnable rename = () -> {
            RealDisk.INSTANCE.rename(from, to);
            places.put(from, to);
            unsynced.add(new Undo(DurableDirectory.parent(to), () -> {
                if (existed) {
                    Files.write(to, before);
                } else {
                    Files.deleteIfExists(to);
                }
            }));
        };
        step("rename to", to, rename);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        boolean existed = Files.exists(directory);
        IoRunnable create = () -> {
            RealDisk.INSTANCE.createDirectory(directory);
            if (!existed) {
                unsynced.add(new Undo(DurableDirectory.parent(directory), () -> FileTree.delete(directory)));
            }
        };
        step("make directory", directory, create);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (!directory.startsWith(root)) {
            return;
        }
        step("sync directory", directory, () -> settled(directory));
    }

    @Override
    public void delete(Path path) throws IOException {
        boolean file = Files.isRegularFile(path);
        byte[] before = file ? Files.readAllBytes(path) : new byte[0];
        IoRunnable delete = () -> {
            RealDisk.INSTANCE.delete(path);
            if (file) {
                unsynced.add(new Undo(DurableDirectory.parent(path), () -> {
                    if (Files.isDirectory(DurableDirectory.parent(path))) {
                        Files.write(path, before);
                    }
                }));
            }
        };
        step("delete", path, delete);
    }

    /** Content that was not synced is lost under whatever name the file has by now. */
    private static void empty(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.write(file, new byte[0]);
        }
    }

    private void settled(Path directory) {
        unsynced.removeIf(undo -> undo.directory().equals(directory));
    }

    /** Takes back, at random, what was not synced, last first. */
    void losePower(SplittableRandom random) {
        dead = true;
        for (Undo undo : unsynced.reversed()) {
            if (random.nextBoolean()) {
                try {
                    undo.undo().run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        unsynced.clear();
    }

    private final class FaultySink implements Sink {
        private final Path file;

        FaultySink(Path file) {
            this.file = file;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            byte[] flipped = buffer.clone();
            flipped[offset + length / 2] ^= 16;
            step(
                    "write",
                    file,
                    () -> append(buffer, offset, length),
                    () -> append(buffer, offset, length / 2),
                    () -> append(flipped, offset, length));
        }

        private void append(byte[] buffer, int offset, int length) throws IOException {
            byte[] part = Arrays.copyOfRange(buffer, offset, offset + length);
            Files.write(file, part, StandardOpenOption.APPEND);
        }

        @Override
        public void sync() throws IOException {
            step("sync", file, () -> settled(file));
        }

        @Override
        public void close() {}
    }
}
