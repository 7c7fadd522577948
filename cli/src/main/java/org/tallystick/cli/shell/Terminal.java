package org.tallystick.cli.shell;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Where a command writes. Results go to standard output; progress, notes and failures to standard error, so that a
 * program reading the result never meets them. Safe from any thread: whole lines only.
 */
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final InstantSource clock;

    /**
     * @param interactive whether a person watches, so that bars may be redrawn in place
     */
    public Terminal(OutputStream out, OutputStream err, boolean interactive, InstantSource clock) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.interactive = interactive;
        this.clock = Objects.requireNonNull(clock);
    }

    /** The process's own streams; a terminal where the launcher saw one. */
    public static Terminal ofProcess() {
        boolean terminal = Boolean.getBoolean("tallystick.terminal");
        return new Terminal(System.out, System.err, terminal, InstantSource.system());
    }

    /** The same streams without redrawn lines, even on a terminal. */
    public Terminal plain() {
        return new Terminal(out, err, false, clock);
    }

    public boolean interactive() {
        return interactive;
    }

    /** One line of the result. */
    public void line(String text) {
        out.println(clean(text));
    }

    /** Prints one line about what the command is doing, to standard error. */
    public synchronized void note(String text) {
        err.println(clean(text));
    }

    /** The trace of a failure, for {@code --debug}. */
    public synchronized void trace(Throwable failure) {
        failure.printStackTrace(err); // the only place that prints a stack trace, and only when --debug asks for it
    }

    /**
     * A step of known length. On a terminal a bar; elsewhere a line every few seconds.
     *
     * @param total how many units the step has, 0 where that is not known
     * @param unit what is counted, in the plural
     */
    public Progress progress(String label, long total, String unit) {
        return new Progress(this, label, total, unit, clock);
    }

    /** Draws over the current line. */
    synchronized void redraw(String text) {
        err.print("\r" + clean(text) + "\u001b[K");
        err.flush();
    }

    synchronized void finishRedrawing(String text) {
        err.print("\r" + clean(text) + "\u001b[K\n");
        err.flush();
    }

    /** Text from outside must not move the cursor. */
    static String clean(String text) {
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean harmless = c == '\n' || c == '\t' || !Character.isISOControl(c);
            cleaned.appendCodePoint(harmless ? c : '\uFFFD');
        });
        return cleaned.toString();
    }
}
