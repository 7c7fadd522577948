package org.tallystick.platform.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and stops server processes a killed process of ours left behind. Stopped rather than adopted: what runs then has
 * our present settings, is our child, and holds no transaction of the dead. A process counts as the data directory's
 * only if it stands in it, because the number in {@code postmaster.pid} may since have been given to a stranger.
 */
record Orphans(Path pgdata, PostgresBinaries binaries, Launcher launcher) {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Duration FAST = Duration.ofSeconds(20);
    private static final Duration IMMEDIATE = Duration.ofSeconds(5);

    /** Stops whatever serves the directory and removes what it left. Call only while holding the directory's lock. */
    void clear() throws IOException {
        Optional<Long> postmaster = postmaster().filter(this::serves);
        if (postmaster.isPresent()) {
            LOG.warn("stopping the orphaned database server {} of {}", postmaster.get(), pgdata);
            stop(postmaster.get());
        }
        if (!await(() -> survivors().isEmpty(), IMMEDIATE)) {
            for (ProcessHandle survivor : survivors()) {
                LOG.warn("killing orphaned database process {}", survivor.pid());
                survivor.destroyForcibly();
            }
            if (!await(() -> survivors().isEmpty(), IMMEDIATE)) {
                throw new IOException("database processes of a former start still use " + pgdata);
            }
        }
        Files.deleteIfExists(pgdata.resolve("postmaster.pid"));
    }

    /** Stops a postmaster: in order, then at once (the WAL makes up for it), then by force. */
    void stop(long pid) throws IOException {
        signal("INT", pid);
        if (!await(() -> !isAlive(pid), FAST)) {
            LOG.warn("database server {} does not stop in order: stopping it at once", pid);
            signal("QUIT", pid);
            if (!await(() -> !isAlive(pid), IMMEDIATE)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                await(() -> !isAlive(pid), IMMEDIATE);
            }
        }
    }

    private void signal(String name, long pid) throws IOException {
        try {
            launcher.run(List.of(binaries.program("pg_ctl"), "kill", name, Long.toString(pid)), pgdata);
        } catch (IOException e) {
            if (isAlive(pid)) { // else it was gone before we asked
                throw e;
            }
        }
    }

    private Optional<Long> postmaster() throws IOException {
        Path file = pgdata.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        try {
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.getFirst().strip()));
        } catch (NumberFormatException e) {
            return Optional.empty(); // torn by a crash: the survivors are found without it
        }
    }

    private List<ProcessHandle> survivors() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> serves(process.pid()))
                .toList();
    }

    private boolean serves(long pid) {
        if (!isAlive(pid)) {
            return false;
        }
        Path proc = Path.of("/proc", Long.toString(pid));
        if (!Files.isDirectory(proc)) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().commandLine())
                    .filter(line -> line.contains("postgres") && line.contains(pgdata.toString()))
                    .isPresent();
        }
        try {
            return Files.readSymbolicLink(proc.resolve("cwd")).equals(pgdata)
                    && Files.readString(proc.resolve("comm")).strip().equals("postgres");
        } catch (IOException e) {
            return false; // gone, or another user's: none of ours
        }
    }

    /** Whether a process runs; one that ended and that nobody waited for does not. */
    static boolean isAlive(long pid) {
        if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (IOException e) {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        }
    }

    private static boolean await(BooleanSupplier condition, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return condition.getAsBoolean();
            }
        }
        return true;
    }
}
