package org.tallystick.cli.supervise;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another JVM of the same build as this one. */
public final class Jvm {
    /** One line for each record: time, level, logger, message, and the trace where there is one. */
    private static final String LOG_LINE = "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n";

    private Jvm() {}

    /**
     * @param flags for the JVM, before the class path
     * @param arguments for the main class
     */
    public static List<String> command(String mainClass, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Djava.util.logging.SimpleFormatter.format=" + LOG_LINE);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
