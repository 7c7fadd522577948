package org.tallystick.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;

/**
 * Every operation of an append fails once, in every way, and passes or takes the process with it. Whatever an append has
 * returned must be there afterwards; whatever it has refused for certain must not; and the log must go on.
 */
class LogFaultTest {
    private static final AtomicInteger NEXT = new AtomicInteger();

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    /** From 250 to 260 entries: bundles, both levels of tiles, directories that are new, and partial tiles to remove. */
    private static final long BEFORE = 250;

    private static final long AFTER = 260;

    private static final long GONE_ON = 300;

    private static final long END = 520;

    private static final Hash ROOT_AT_END = Logs.root(END);

    @TestFactory
    Stream<DynamicTest> everyStepOfAnAppend() {
        List<DynamicTest> cases = new ArrayList<>();
        List<String> steps = stepsOfAnAppend();
        assertThat(steps).hasSizeBetween(25, 60).anyMatch(step -> step.equals("rename to checkpoint"));
        for (int i = 0; i < steps.size(); i++) {
            for (FaultyDisk.Fault fault : FaultyDisk.Fault.reported(steps.get(i))) {
                for (FaultyDisk.After after : FaultyDisk.After.values()) {
                    int number = i;
                    String name = String.format(Locale.ROOT, "%02d %s: %s, then %s", i, steps.get(i), fault, after);
                    cases.add(dynamicTest(name, () -> appendFails(number, fault, after)));
                }
            }
        }
        return cases.stream();
    }

    private List<String> stepsOfAnAppend() {
        Path root = fresh();
        prepare(root);
        FaultyDisk disk = new FaultyDisk(root);
        try (TransparencyLog log = Logs.open(root, disk)) {
            disk.failing(-1, FaultyDisk.Fault.NOTHING, FaultyDisk.After.PASSING);
            log.append(Logs.entries(BEFORE, AFTER));
            return List.copyOf(disk.trace());
        }
    }

    /** The disk writes something else than it was given, and says nothing. */
    @Test
    void aDiskThatFlipsABit() throws IOException {
        List<String> steps = stepsOfAnAppend();
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).startsWith("write ")) {
                continue;
            }
            Path root = fresh();
            prepare(root);
            byte[] checkpoint = Files.readAllBytes(root.resolve("checkpoint"));
            FaultyDisk disk = new FaultyDisk(root);
            try (TransparencyLog log = Logs.open(root, disk)) {
                disk.failing(i, FaultyDisk.Fault.FLIPPED, FaultyDisk.After.PASSING);
                assertThatThrownBy(() -> log.append(Logs.entries(BEFORE, AFTER)))
                        .as(steps.get(i))
                        .isInstanceOf(LogDamagedException.class);
                assertThat(Files.readAllBytes(root.resolve("checkpoint"))).isEqualTo(checkpoint);
                assertThat(log.append(Logs.entries(BEFORE, AFTER))).isEqualTo(BEFORE);
            }
            assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(AFTER, List.of(), List.of()));
        }
    }

    private void appendFails(int number, FaultyDisk.Fault fault, FaultyDisk.After after) {
        Path root = fresh();
        prepare(root);
        FaultyDisk disk = new FaultyDisk(root);
        boolean returned = false;
        boolean certain = true;
        try (TransparencyLog log = Logs.open(root, disk)) {
            disk.failing(number, fault, after);
            try {
                assertThat(log.append(Logs.entries(BEFORE, AFTER))).isEqualTo(BEFORE);
                returned = true;
            } catch (LogUnavailableException e) {
                certain = !e.isOutcomeUnknown();
            }
            assertThat(log.size()).isEqualTo(returned ? AFTER : BEFORE);
            if (after == FaultyDisk.After.PASSING) {
                assertThat(certain).isTrue();
                log.append(Logs.entries(log.size(), GONE_ON));
            }
        }
        assertGoesOn(root, returned, certain, after);
    }

    private static void assertGoesOn(Path root, boolean returned, boolean certain, FaultyDisk.After after) {
        try (TransparencyLog log = unsynced(root)) {
            if (after == FaultyDisk.After.PASSING) {
                assertThat(log.size()).isEqualTo(GONE_ON);
            } else if (certain) {
                assertThat(log.size()).isEqualTo(returned ? AFTER : BEFORE);
            } else {
                assertThat(log.size()).isIn(BEFORE, AFTER);
            }
            log.append(Logs.entries(log.size(), END));
            assertThat(log.rootAt(END)).isEqualTo(ROOT_AT_END);
        }
        assertThat(Logs.fsck(root)).isEqualTo(new LogFsck.Report(END, List.of(), List.of()));
    }

    /** Opening repairs; a repair that is interrupted is repaired by the next. */
    @Test
    void everyStepOfOpeningAfterACrash() {
        for (int i = 0; ; i++) {
            Path root = fresh();
            prepare(root);
            leaveHalfAnAppend(root);
            FaultyDisk disk = new FaultyDisk(root).failing(i, FaultyDisk.Fault.NOTHING, FaultyDisk.After.DEAD);
            boolean opened = false;
            try (TransparencyLog log = Logs.open(root, disk)) {
                opened = log.size() == BEFORE;
            } catch (LogUnavailableException e) {
                assertThat(e).hasMessageContaining("cannot be opened");
            }
            assertGoesOn(root, false, true, FaultyDisk.After.DEAD);
            if (opened) {
                assertThat(i).as("steps of opening").isGreaterThan(8);
                return;
            }
        }
    }

    /** All that an append to 900 writes, under the checkpoint from before it. */
    private void leaveHalfAnAppend(Path root) {
        Path before = root.resolveSibling(root.getFileName() + "-before");
        prepare(before);
        try (TransparencyLog log = unsynced(root)) {
            log.append(Logs.entries(BEFORE, 900));
        }
        Logs.files(before).forEach(file -> copy(before, root, file));
        assertThat(Logs.fsck(root).leftovers()).contains("tile/0/000", "tile/0/003.p/132", "tile/1/000.p/3");
    }

    private static void copy(Path from, Path to, String file) {
        try {
            Files.createDirectories(DurableDirectory.parent(to.resolve(file)));
            Files.write(to.resolve(file), Files.readAllBytes(from.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes die at random moments, some by a loss of power that takes with it at random what was not synced. */
    @Test
    void powerIsLost() {
        Powered.check(25, this::fresh);
    }

    /** A log of that size, the same in every case: made once and copied. */
    private void prepare(Path root) {
        Path made = directory.resolve("prepared");
        if (!Files.exists(made)) {
            try (TransparencyLog log = unsynced(made)) {
                log.append(Logs.entries(0, 100));
                log.append(Logs.entries(100, BEFORE));
            }
        }
        Logs.files(made).forEach(file -> copy(made, root, file));
    }

    /** A log on a disk without faults, which does not wait for the real one to sync: that would prove nothing here. */
    private static TransparencyLog unsynced(Path root) {
        return Logs.open(root, new FaultyDisk(root));
    }

    private Path fresh() {
        return directory.resolve("log-" + NEXT.incrementAndGet());
    }

    /** One log through many losses of power. */
    private static final class Powered {
        private final Path root;
        private final SplittableRandom random;
        private FaultyDisk disk;
        private long promised;

        private Powered(Path root, SplittableRandom random) {
            this.root = root;
            this.random = random;
            this.disk = new FaultyDisk(root);
        }

        static void check(int cases, java.util.function.Supplier<Path> directories) {
            Seeds.check(cases, random -> {
                Powered log = new Powered(directories.get(), random);
                for (int i = 0; i < 6; i++) {
                    log.live();
                }
                log.last();
            });
        }

        private void live() {
            disk = disk.nextProcess();
            disk.failing(random.nextInt(120), FaultyDisk.Fault.REPORTED.get(random.nextInt(3)), FaultyDisk.After.DEAD);
            try (TransparencyLog log = Logs.open(root, disk)) {
                assertThat(log.size()).isGreaterThanOrEqualTo(promised);
                promised = log.size(); // whoever opens a log acts on what it finds there
                for (int i = 0; i < 6; i++) {
                    long size = log.size();
                    log.append(Logs.entries(size, size + random.nextInt(1, 200)));
                    promised = log.size();
                }
            } catch (LogUnavailableException e) {
                assertThat(e.getCause()).isInstanceOf(IOException.class);
            }
            if (random.nextBoolean()) {
                disk.losePower(random);
            }
        }

        private void last() {
            disk.losePower(random);
            try (TransparencyLog log = unsynced(root)) {
                assertThat(log.size()).isGreaterThanOrEqualTo(promised);
                log.append(Logs.entries(log.size(), log.size() + 1));
                assertThat(log.rootAt(log.size())).isEqualTo(Logs.root(log.size()));
            }
            LogFsck.Report report = Logs.fsck(root);
            assertThat(report.differences()).isEmpty();
            assertThat(report.leftovers()).isEmpty();
        }
    }
}
