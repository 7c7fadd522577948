package org.tallystick.cli.supervise;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another JVM of the same build as this one. */
public final class Jvm {
    /** One line for each record: time, level, logger, message, and the trace where there is one. */
    private static final String LOG_LINE = "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n";

    /** What the libraries of every process need. */
    static final List<String> PERMISSIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private Jvm() {}

    /** The JVM's program. */
    static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * @param flags for the JVM, before the class path
     * @param arguments for the main class
     */
    public static List<String> command(String mainClass, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program());
        command.addAll(flags);
        command.addAll(PERMISSIONS);
        command.add("-Djava.util.logging.SimpleFormatter.format=" + LOG_LINE);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
