package org.tallystick.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;

/** Turns a failure of another thread into an exception that this thread can throw. */
final class Failures {
    private Failures() {}

    static RuntimeException asRuntime(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException failure -> failure;
            case IOException failure -> new UncheckedIOException(failure);
            case null, default -> new IllegalStateException(e);
        };
    }
}
