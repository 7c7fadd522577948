package org.tallystick.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.protocol.codec.Fields;

/** The whole loop through the public doors: real processes, real PostgreSQL, real HTTP. */
class DemoTest {
    private static final int WORKS = 26;

    @TempDir
    Path scratch;

    @Test
    void moneyIsTheSameWithEveryProcessKilledInTheMiddle() throws Exception {
        Path content = content();
        Fields calm = run(content, "calm", false);
        assertThat(calm.integer("creators", 0, 99)).isEqualTo(3);
        assertThat(calm.integer("works", 0, 999)).isEqualTo(WORKS);
        assertThat(calm.integer("distinct_uses", 0, 999))
                .as("two jobs on everything, one on every third work")
                .isEqualTo(2 * WORKS + (WORKS + 2) / 3);
        assertThat(calm.optionalBool("verified")).contains(true);
        assertThat(calm.integer("refused", 0, 999)).isPositive();
        assertThat(calm.strings("statement_files")).hasSize(4).allMatch(file -> Files.exists(Path.of(file)));

        Fields chaos = run(content, "chaos", true);
        assertThat(chaos.strings("killed")).isNotEmpty();
        for (String amount : new String[] {"gross", "to_creators", "to_curators", "fees", "escrow_left"}) {
            assertThat(chaos.text(amount)).as(amount).isEqualTo(calm.text(amount));
        }
        assertThat(chaos.integer("distinct_uses", 0, 999)).isEqualTo(calm.integer("distinct_uses", 0, 999));
        assertThat(chaos.optionalBool("verified")).contains(true);
    }

    private Fields run(Path content, String name, boolean chaos) throws Exception {
        DemoOptions options = new DemoOptions(
                Optional.of(content), scratch.resolve(name), false, Optional.empty(), chaos ? 4 : 0, false, 2);
        Terminal quiet = new Terminal(
                OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false, InstantSource.system());
        Report report = Demo.run(options, quiet, InstantSource.system(), (found, system) -> {});
        return Fields.of(report.json(), "report");
    }

    /** Binary files, an empty file, odd names, nested folders, the same bytes twice. */
    private Path content() throws IOException {
        Path root = Files.createDirectories(scratch.resolve("content"));
        SplittableRandom random = new SplittableRandom(7);
        Path first = Files.createDirectories(root.resolve("ada"));
        for (int i = 0; i < 20; i++) {
            byte[] bytes = new byte[1 + random.nextInt(30_000)];
            random.nextBytes(bytes);
            Files.write(first.resolve("work " + i + ".bin"), bytes);
        }
        Files.write(first.resolve("empty"), new byte[0]);
        Path second = Files.createDirectories(root.resolve("Zoë Ünïcode/deep/er"));
        Files.writeString(second.resolve("l'été \"quoted\" & 100%.txt"), "été");
        Files.writeString(second.resolve("#1?.txt"), "one");
        Files.writeString(second.resolve("…"), "dots");
        Path third = Files.createDirectories(root.resolve("bo"));
        Files.writeString(third.resolve("a.txt"), "a");
        Files.writeString(third.resolve("b.txt"), "b");
        Files.writeString(third.resolve("copy of a.txt"), "a");
        Files.write(third.resolve("empty too"), new byte[0]);
        return root;
    }
}
