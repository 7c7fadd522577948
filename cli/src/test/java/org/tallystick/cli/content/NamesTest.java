package org.tallystick.cli.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of files as text, and names of folders as party ids. */
final class NamesTest {
    @Test
    void textIsKeptAndTheRestEscaped() {
        assertThat(PathText.ofBytes("plain-ä".getBytes(StandardCharsets.UTF_8))).isEqualTo("plain-ä");
        assertThat(PathText.ofBytes(new byte[] {'a', (byte) 0xff, 'b', 1})).isEqualTo("a%FFb%01");
        assertThat(PathText.ofText("line\nbreak\u007f")).isEqualTo("line%0Abreak%7F");
        assertThat(PathText.ofText("50%")).isEqualTo("50%");
    }

    /** Bit 11 of an entry's flags says that its name is UTF-8; without it the name is in code page 437, by ZIP's definition. */
    @Test
    void aNameInAnArchiveIsReadAsItsFlagSays(@TempDir Path folder) throws IOException {
        Path old = zip(folder.resolve("old.zip"), "IBM437", "M\u00fcller/\u00e9t\u00e9.txt");
        Path now = zip(folder.resolve("now.zip"), "UTF-8", "M\u00fcller/\u6771\u4eac.txt");
        assertThat(paths(old)).containsExactly("M\u00fcller/\u00e9t\u00e9.txt");
        assertThat(paths(now)).containsExactly("M\u00fcller/\u6771\u4eac.txt");
    }

    private static Path zip(Path file, String charset, String name) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file), Charset.forName(charset))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(1);
        }
        return file;
    }

    private static List<String> paths(Path file) throws IOException {
        try (ZipContent content = new ZipContent("zip", file)) {
            return content.list().files().stream().map(WorkFile::path).toList();
        }
    }

    @Test
    void plainNamesAreTheirOwnIds() {
        assertThat(ids("java.base", "a_b-c")).containsValues("creator:java.base", "creator:a_b-c");
    }

    @Test
    void oddAndLongNamesGetTheStartOfTheirHash() {
        Map<String, String> ids = ids("a b", "a  b", "x".repeat(300), "日本語");
        assertThat(ids.values())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("creator:[A-Za-z0-9._-]{1,56}") && id.length() <= 64)
                .anyMatch(id -> id.startsWith("creator:a-b-"));
        assertThat(ids).isEqualTo(ids("日本語", "a b", "x".repeat(300), "a  b"));
    }

    @Test
    void aPlainNameThatLooksLikeAnHashedOneDoesNotCollide() {
        String hashed = ids("a b").values().iterator().next().substring("creator:".length());
        assertThat(ids("a b", hashed))
                .containsEntry(hashed, "creator:" + hashed)
                .satisfies(ids -> assertThat(ids.get("a b"))
                        .startsWith("creator:" + hashed)
                        .isNotEqualTo("creator:" + hashed));
    }

    private static Map<String, String> ids(String... names) {
        return CreatorIds.of(new TreeSet<>(List.of(names)));
    }
}
