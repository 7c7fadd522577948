package org.tallystick.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small files beside the data. */
class ServerFilesTest {
    @TempDir
    Path temporary;

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aPasswordIsMadeUpForEachDirectoryAndKept() throws IOException {
        String password = ServerFiles.in(temporary.resolve("a")).password();
        assertThat(password)
                .hasSize(43)
                .isEqualTo(ServerFiles.in(temporary.resolve("a")).password());
        assertThat(password).isNotEqualTo(ServerFiles.in(temporary.resolve("b")).password());
        assertThat(permissions(temporary.resolve("a/password"))).isEqualTo("rw-------");
    }

    @Test
    void aPortIsKeptWhileItIsFree() throws IOException {
        ServerFiles files = ServerFiles.in(temporary);
        int port = files.port();
        assertThat(files.port()).isEqualTo(port);
        for (String spoilt : new String[] {"", "x", "0", "70000", "-1"}) {
            Files.writeString(temporary.resolve("port"), spoilt);
            assertThat(files.port()).isBetween(1, 65_535);
        }
    }

    @Test
    void theLogIsPrivateAndRolled() throws IOException {
        ServerFiles files = ServerFiles.in(temporary);
        assertThat(permissions(files.rolledLog())).isEqualTo("rw-------");
        Files.write(files.log(), "x".repeat(5 << 20).getBytes(StandardCharsets.US_ASCII));
        assertThat(files.logTail()).hasSize(2_000);
        assertThat(files.rolledLog()).isEmptyFile();
        assertThat(temporary.resolve("postgres.log.1")).exists();
        assertThat(permissions(temporary.resolve("postgres.log.1"))).isEqualTo("rw-------");
    }

    @Test
    void theLockIsHeldUntilItIsClosedOnce() throws IOException {
        ServerFiles files = ServerFiles.in(temporary);
        Closeable first = files.lock();
        assertThatThrownBy(files::lock).isInstanceOf(IllegalStateException.class);
        first.close();
        Closeable second = files.lock();
        first.close(); // must not give up what is no longer its own
        assertThatThrownBy(files::lock).isInstanceOf(IllegalStateException.class);
        second.close();
        files.lock().close();
    }

    @Test
    void aLinkToADirectoryIsTheSameDirectory() throws IOException {
        Path link =
                Files.createSymbolicLink(temporary.resolve("link"), Files.createDirectory(temporary.resolve("real")));
        try (Closeable lock = ServerFiles.in(temporary.resolve("real")).lock()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> ServerFiles.in(link).lock()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aHalfUnpackedArchiveIsUnpackedAgain() throws IOException {
        Files.createDirectories(temporary.resolve("unpacking/bin"));
        PostgresBinaries binaries = PostgresBinaries.unpack(temporary);
        assertThat(Path.of(binaries.program("postgres"))).isExecutable();
        assertThat(temporary.resolve("unpacking")).doesNotExist();
        assertThat(PostgresBinaries.unpack(temporary)).isEqualTo(binaries);
    }
}
