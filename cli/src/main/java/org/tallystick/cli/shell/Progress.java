package org.tallystick.cli.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The progress of one step. Counting is cheap and safe from any thread. Draws at most ten times a second on a terminal;
 * elsewhere prints a plain line every {@link #PLAIN_EVERY}.
 */
public final class Progress implements AutoCloseable {
    private static final Duration DRAW_EVERY = Duration.ofMillis(100);
    private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
    private static final int WIDTH = 24;

    private final Terminal terminal;
    private final String label;
    private final long total;
    private final String unit;
    private final InstantSource clock;
    private final Instant started;
    private final AtomicLong done = new AtomicLong();
    private Instant nextDrawing;
    private boolean closed;

    Progress(Terminal terminal, String label, long total, String unit, InstantSource clock) {
        this.terminal = terminal;
        this.label = label;
        this.total = total;
        this.unit = unit;
        this.clock = clock;
        this.started = clock.instant();
        this.nextDrawing = started.plus(terminal.interactive() ? DRAW_EVERY : PLAIN_EVERY);
    }

    /** Counts units that are done. */
    public void add(long units) {
        done.addAndGet(units);
        draw();
    }

    /** Sets how many units are done altogether. */
    public void set(long units) {
        done.set(units);
        draw();
    }

    public long done() {
        return done.get();
    }

    private synchronized void draw() {
        Instant now = clock.instant();
        if (closed || now.isBefore(nextDrawing)) {
            return;
        }
        nextDrawing = now.plus(terminal.interactive() ? DRAW_EVERY : PLAIN_EVERY);
        if (terminal.interactive()) {
            terminal.redraw(bar() + " " + counted());
        } else {
            terminal.note(label + ": " + counted());
        }
    }

    /** Ends the step with one line that stays. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        String line = label + ": " + counted() + ", " + seconds(Duration.between(started, clock.instant()));
        if (terminal.interactive()) {
            terminal.finishRedrawing(line);
        } else {
            terminal.note(line);
        }
    }

    private String bar() {
        int filled = total <= 0 ? 0 : (int) Math.min(WIDTH, done.get() * WIDTH / total);
        return label + " [" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
    }

    private String counted() {
        long now = done.get();
        if (total <= 0) {
            return grouped(now) + " " + unit;
        }
        if (now >= total) {
            return grouped(now) + " " + unit;
        }
        return grouped(now) + " of " + grouped(total) + " " + unit + " (" + now * 100 / total + " %)";
    }

    /** A count with its thousands set apart by spaces. */
    public static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    /** A duration in seconds with one decimal. */
    public static String seconds(Duration duration) {
        long tenths = duration.plusMillis(50).toMillis() / 100;
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
