package org.tallystick.cli.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Names of files as text, and names of folders as party ids. */
final class NamesTest {
    @Test
    void textIsKeptAndTheRestEscaped() {
        assertThat(PathText.ofBytes("plain-ä".getBytes(StandardCharsets.UTF_8))).isEqualTo("plain-ä");
        assertThat(PathText.ofBytes(new byte[] {'a', (byte) 0xff, 'b', 1})).isEqualTo("a%FFb%01");
        assertThat(PathText.ofText("line\nbreak\u007f")).isEqualTo("line%0Abreak%7F");
        assertThat(PathText.ofText("50%")).isEqualTo("50%");
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
