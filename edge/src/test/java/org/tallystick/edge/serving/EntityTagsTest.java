package org.tallystick.edge.serving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EntityTagsTest {
    /** List, whether it names "a" by weak comparison, by strong comparison. */
    private static final String TABLE = """
            "a"               | yes | yes
            *                 | yes | yes
            W/"a"             | yes | no
            "b"               | no  | no
            "b", "a"          | yes | yes
            "b","a"           | yes | yes
            "b" , W/"a", "c"  | yes | no
            ,, "a"            | yes | yes
            "a,b", "c"        | no  | no
            "x,", "a"         | yes | yes
            a                 | no  | no
            "a                | no  | no
            "                 | no  | no
            W/                | no  | no
            W/a               | no  | no
            w/"a"             | no  | no
            "aa"              | no  | no
            ""                | no  | no
            "b" junk "a"      | no  | no
            *, "a"            | no  | no
            """;

    @Test
    void listsAreComparedAsTheRfcSays() {
        for (String row : TABLE.lines().toList()) {
            String[] cells = row.split("\\|");
            String list = cells[0].strip();
            assertThat(EntityTags.anyWeak(list, "\"a\""))
                    .as(row)
                    .isEqualTo(cells[1].strip().equals("yes"));
            assertThat(EntityTags.anyStrong(list, "\"a\""))
                    .as(row)
                    .isEqualTo(cells[2].strip().equals("yes"));
        }
        assertThat(EntityTags.anyWeak("", "\"a\"")).isFalse();
    }

    @Test
    void ifRangeTakesOneStrongTagAndNoDate() {
        assertThat(EntityTags.isStrong("\"a\"", "\"a\"")).isTrue();
        assertThat(EntityTags.isStrong(" \"a\" ", "\"a\"")).isTrue();
        assertThat(EntityTags.isStrong("W/\"a\"", "\"a\"")).isFalse();
        assertThat(EntityTags.isStrong("\"a\", \"b\"", "\"a\"")).isFalse();
        assertThat(EntityTags.isStrong("Sun, 01 Mar 2026 12:00:00 GMT", "\"a\""))
                .isFalse();
    }
}
