package org.tallystick.cli.shell;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Sets log levels: libraries log warnings and errors only, this project's code logs at the usual level. */
public final class Logging {
    /** Kept in a field, because the JDK drops the level of a logger that nothing refers to. */
    private static final List<Logger> QUIET = Stream.of(
                    "com.zaxxer", "org.flywaydb", "org.eclipse.jetty", "io.javalin", "io.zonky", "io.netty")
            .map(Logger::getLogger)
            .toList();

    private Logging() {}

    /** Sets the levels. Called once, where a process starts. */
    public static void quiet() {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /**
     * Sets the levels, and lets this project's code log errors only: for processes in which failures are caused on
     * purpose.
     */
    public static void silent() {
        quiet();
        Logger.getLogger("").setLevel(Level.SEVERE);
    }
}
