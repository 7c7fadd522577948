package org.tallystick.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a person sees: bars, plain lines, tables, and nothing that moves the cursor from outside. */
final class ShellTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    private Terminal terminal(boolean interactive) {
        return new Terminal(out, err, interactive, now::get);
    }

    private void pass(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void elsewhereProgressIsAPlainLineEveryFewSeconds() {
        try (Progress progress = terminal(false).progress("upload", 2000, "works")) {
            progress.add(500);
            pass(Duration.ofSeconds(6));
            progress.add(500);
            progress.add(1);
            pass(Duration.ofMillis(1500));
            progress.set(2000);
        }
        assertThat(err()).isEqualTo("upload: 1 000 of 2 000 works (50 %)\nupload: 2 000 works, 7.5 s\n");
    }

    @Test
    void onATerminalTheBarIsRedrawnInPlace() {
        try (Progress progress = terminal(true).progress("upload", 4, "works")) {
            progress.add(1);
            pass(Duration.ofMillis(100));
            progress.add(1);
            progress.add(1);
        }
        assertThat(err()).contains("\rupload [############------------] 2 of 4 works (50 %)");
        assertThat(err()).endsWith("3 of 4 works (75 %), 0.1 s\u001b[K\n").doesNotContain("25 %");
    }

    @Test
    void aStepOfUnknownLengthOnlyCounts() {
        Progress progress = terminal(false).progress("scan", 0, "files");
        progress.add(3);
        progress.close();
        progress.close();
        assertThat(err()).isEqualTo("scan: 3 files, 0.0 s\n");
        assertThat(progress.done()).isEqualTo(3);
    }

    @Test
    void textFromOutsideCannotMoveTheCursor() {
        terminal(false).line("a\u001b[2Jb\rc\u0007 ü");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\uFFFD[2Jb\uFFFDc\uFFFD ü\n");
    }

    @Test
    void tablesAlignByTheirWidestCell() {
        Table table = new Table("creator", ">earned");
        table.row("java.base", "120.00 USD");
        table.row("jäzz\uD83D\uDE00", "5.00 USD");
        assertThat(table.lines())
                .containsExactly("creator        earned", "java.base  120.00 USD", "jäzz\uD83D\uDE00        5.00 USD");
        assertThatThrownBy(() -> table.row("one")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersAndDurationsReadWell() {
        assertThat(Progress.grouped(1_234_567)).isEqualTo("1 234 567");
        assertThat(Progress.seconds(Duration.ofMillis(1_249))).isEqualTo("1.2 s");
        assertThat(Progress.seconds(Duration.ofMillis(1_250))).isEqualTo("1.3 s");
    }
}
