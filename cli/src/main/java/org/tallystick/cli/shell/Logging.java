package org.tallystick.cli.shell;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Keeps the libraries' chatter out of the log: theirs begins at warnings, ours at the usual level. */
public final class Logging {
    /** Held, because the JDK forgets the level of a logger nobody holds. */
    private static final List<Logger> QUIET = Stream.of(
                    "com.zaxxer", "org.flywaydb", "org.eclipse.jetty", "io.javalin", "io.zonky", "io.netty")
            .map(Logger::getLogger)
            .toList();

    private Logging() {}

    /** To be called once, where a process starts. */
    public static void quiet() {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /** As {@link #quiet}; of our own, too, only what is broken: where things are made to fail on purpose. */
    public static void silent() {
        quiet();
        Logger.getLogger("").setLevel(Level.SEVERE);
    }
}
