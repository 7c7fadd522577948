package org.tallystick.cli.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the JVM learns of one kind of process when it runs the first time (which classes it loads, which methods it uses
 * most), kept so that later starts take half the time: the ahead-of-time cache of JEP 483, 514 and 515. It is written when
 * the process stops by itself, under another name until it has been tried, and it is only ever an improvement: a JVM that
 * cannot use it starts without.
 */
public final class StartCache {
    private static final String QUIET = "-Xlog:aot=off,cds=off";

    private final Path file;
    private final Path draft;
    private final String classPath;

    private StartCache(Path file, String classPath) {
        this.file = file;
        this.classPath = classPath;
        this.draft = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".draft");
    }

    /**
     * The cache of one kind of process beside the build that runs, where the launcher says where that is.
     *
     * @param name of the kind of process
     */
    public static Optional<StartCache> of(String name) {
        return Optional.ofNullable(System.getProperty("tallystick.app"))
                .map(Path::of)
                .filter(Files::isWritable)
                .map(app -> in(app, name, System.getProperty("java.class.path")));
    }

    /** A JVM uses the cache only on the class path it was made with, which holds archives alone. */
    static StartCache in(Path folder, String name, String classPath) {
        return new StartCache(folder.resolve(name + ".aot"), classPath);
    }

    boolean isMissing() {
        return Files.notExists(file);
    }

    /** Flags for the JVM: to use what is kept, or else to write it when the process stops. */
    public List<String> flags() {
        return Files.exists(file)
                ? List.of("-XX:AOTCache=" + file, QUIET)
                : List.of("-XX:AOTCacheOutput=" + draft, QUIET);
    }

    /** Keeps what a process that has stopped wrote, if it wrote anything and a JVM can use it. */
    void keep() throws InterruptedException {
        if (Files.notExists(draft)) {
            return;
        }
        try {
            if (works()) {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.delete(draft);
            }
        } catch (IOException e) {
            return; // then the next start is not faster
        }
    }

    private boolean works() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Jvm.program(), "-XX:AOTMode=on", "-XX:AOTCache=" + draft, QUIET));
        command.addAll(Jvm.PERMISSIONS);
        command.addAll(List.of("-cp", classPath, "-version"));
        Process trial = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!trial.waitFor(20, TimeUnit.SECONDS)) {
            trial.destroyForcibly();
            return false;
        }
        return trial.exitValue() == 0;
    }
}
