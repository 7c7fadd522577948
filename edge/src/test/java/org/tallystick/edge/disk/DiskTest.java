package org.tallystick.edge.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One contract for the disk that serves and the one that fails on demand. */
class DiskTest {
    @TempDir
    Path dir;

    private static List<Disk> disks() {
        return List.of(new RealDisk(), new FaultyDisk());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void filesAreWrittenAtPositionsAndCut() throws IOException {
        for (Disk disk : disks()) {
            Path file = dir.resolve(disk.getClass().getSimpleName());
            try (Disk.DiskFile open = disk.open(file)) {
                open.write(ByteBuffer.wrap(bytes("hello world")), 0);
                ByteBuffer part = ByteBuffer.wrap(bytes("xWORLDx"), 1, 5);
                open.write(part, 6);
                assertThat(part.hasRemaining()).isFalse();
                open.sync();
                open.truncate(8);
                open.truncate(100);
            }
            assertThat(file).hasContent("hello WO");
            try (Disk.DiskFile again = disk.open(file)) {
                again.write(ByteBuffer.wrap(bytes("J")), 0);
            }
            assertThat(file).hasContent("Jello WO");
        }
    }

    @Test
    void aReplacementIsWholeAndAsSecretAsAsked() throws IOException {
        for (Disk disk : disks()) {
            Path each = Files.createDirectory(dir.resolve(disk.getClass().getSimpleName()));
            Path file = each.resolve("state.json");
            disk.replace(file, bytes("one"), false);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r--r--");
            disk.replace(file, bytes("two"), true);
            assertThat(file).hasContent("two");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            Files.writeString(each.resolve("state.json.new"), "left by a crash");
            disk.replace(file, bytes("three"), false);
            assertThat(file).hasContent("three");
            try (Stream<Path> files = Files.list(each)) {
                assertThat(files).containsExactly(file);
            }
        }
    }

    @Test
    void renamingReplacesAndDeletingTwiceIsFine() throws IOException {
        for (Disk disk : disks()) {
            Path each = Files.createDirectory(dir.resolve(disk.getClass().getSimpleName()));
            Files.writeString(each.resolve("a"), "new");
            Files.writeString(each.resolve("b"), "old");
            disk.rename(each.resolve("a"), each.resolve("b"));
            assertThat(each.resolve("b")).hasContent("new");
            assertThat(each.resolve("a")).doesNotExist();
            disk.delete(each.resolve("b"));
            disk.delete(each.resolve("b"));
            assertThat(each).isEmptyDirectory();
            assertThatThrownBy(() -> disk.open(each.resolve("no").resolve("where")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theFailingDiskLosesWhatWasNotSynced() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        Path file = dir.resolve("0.seg");
        Disk.DiskFile open = disk.open(file);
        open.write(ByteBuffer.wrap(bytes("kept")), 0);
        open.sync();
        open.write(ByteBuffer.wrap(bytes("half")), 4);
        disk.kill();
        assertThat(file).hasContent("keptha");
        assertThatThrownBy(() -> open.write(ByteBuffer.wrap(bytes("x")), 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk.delete(file)).isInstanceOf(IOException.class);
        open.close();
    }
}
