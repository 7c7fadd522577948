package org.tallystick.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;

/** What failed on another thread, made fit to be thrown on this one. */
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
