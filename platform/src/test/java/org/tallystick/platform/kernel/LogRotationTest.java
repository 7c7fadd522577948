package org.tallystick.platform.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever writes goes on writing, and no log grows without end. */
class LogRotationTest {
    @TempDir
    private Path folder;

    @Test
    void aLongLogIsCopiedAsideAndItsWriterGoesOn() throws Exception {
        Path log = folder.resolve("platform.log");
        assertThat(LogRotation.rotate(log, 10)).as("not there yet").isFalse();
        try (OutputStream writer = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write("0123456789".getBytes(StandardCharsets.US_ASCII));
            assertThat(LogRotation.rotate(log, 10)).isFalse();
            writer.write("first".getBytes(StandardCharsets.US_ASCII));
            assertThat(LogRotation.rotate(log, 10)).isTrue();
            assertThat(log).isEmptyFile();
            writer.write("second".getBytes(StandardCharsets.US_ASCII));
            assertThat(log).hasContent("second");
            assertThat(folder.resolve("platform.log.1")).hasContent("0123456789first");
            writer.write("and more".getBytes(StandardCharsets.US_ASCII));
            assertThat(LogRotation.rotate(log, 10)).isTrue();
            assertThat(folder.resolve("platform.log.1")).hasContent("secondand more");
        }
    }
}
