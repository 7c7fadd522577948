package org.tallystick.cli.supervise;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A child that did not become ready; carries the end of its log, where the reason stands. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Path log;
    private final transient List<String> lastLines;

    StartFailure(String sentence, Path log, List<String> lastLines) {
        super(Objects.requireNonNull(sentence));
        this.log = log;
        this.lastLines = List.copyOf(lastLines);
    }

    public Path log() {
        return log;
    }

    /** The last lines of the child's log. */
    public List<String> lastLines() {
        return lastLines;
    }

    public String sentence() {
        return Objects.requireNonNull(getMessage());
    }
}
