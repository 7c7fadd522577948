package org.tallystick.platform.db;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How to run PostgreSQL's programs here. They refuse to run as root, so there they run in a user namespace in which we
 * are nobody. They get a session of their own, so that Ctrl-C in a terminal reaches us and not the server we are about
 * to stop in order.
 *
 * @param prefix words to put before a long-running command
 * @param shortPrefix words to put before a short one
 */
record Launcher(List<String> prefix, List<String> shortPrefix) {

    static Launcher forThisSystem() throws IOException {
        List<String> drop = List.of();
        if (output(List.of("id", "-u")).equals(Optional.of("0"))) {
            drop = List.of("unshare", "-U");
            List<String> probe = new ArrayList<>(drop);
            probe.addAll(List.of("id", "-u"));
            if (output(probe).filter(uid -> !uid.equals("0")).isEmpty()) {
                throw new IOException("PostgreSQL does not run as root, and no user namespace can be made here (unshare"
                        + " -U): start as an ordinary user or name an external database");
            }
        }
        List<String> running = new ArrayList<>();
        find("setsid").ifPresent(running::add);
        running.addAll(drop);
        return new Launcher(List.copyOf(running), drop);
    }

    /** Runs a short command to its end. @return what it printed, both streams */
    String run(List<String> command, Path directory) throws IOException {
        Process process = builder(shortPrefix, command, directory)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = waitFor(process);
        if (code != 0) {
            throw new IOException(
                    Path.of(command.getFirst()).getFileName() + " ended with " + code + ": " + output.strip());
        }
        return output;
    }

    /** Starts a long-running command with both its streams appended to a file. */
    Process start(List<String> command, Path directory, Path log) throws IOException {
        return builder(prefix, command, directory)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static ProcessBuilder builder(List<String> prefix, List<String> command, Path directory) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C"); // its messages are matched and read by people of any language
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    private static Optional<String> output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text.strip())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<String> find(String program) {
        for (String directory :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")) {
            Path path = Path.of(directory, program);
            if (!directory.isEmpty() && Files.isExecutable(path)) {
                return Optional.of(path.toString());
            }
        }
        return Optional.empty();
    }

    private static int waitFor(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
