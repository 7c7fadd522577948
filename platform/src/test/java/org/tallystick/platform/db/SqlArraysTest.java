package org.tallystick.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlArraysTest {
    private static final Database DB = TestDatabase.fresh();

    @Test
    void everyKindGoesInAndComesOutAsItWas() {
        List<String> rows = DB.read(h -> h.createQuery("""
                        select t || '|' || encode(b, 'hex') || '|' || l || '|' || i
                        from unnest(:texts, :bytes, :longs, :ints) with ordinality as a (t, b, l, i, n) order by n""")
                .bind("texts", SqlArrays.text(List.of("plain", "q\"uote,{}\\ 'x' NULL", "", "ä")))
                .bind("bytes", SqlArrays.bytea(new byte[][] {{}, {0}, {(byte) 0xff, 92}, {1, 2, 3}}))
                .bind("longs", SqlArrays.bigint(new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}))
                .bind("ints", SqlArrays.integer(new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}))
                .mapTo(String.class)
                .list());
        assertThat(rows)
                .containsExactly(
                        "plain||0|0",
                        "q\"uote,{}\\ 'x' NULL|00|-1|-1",
                        "|ff5c|9223372036854775807|2147483647",
                        "ä|010203|-9223372036854775808|-2147483648");
    }

    @Test
    void anEmptyArrayIsEmpty() {
        int found = DB.read(h -> h.createQuery("select count(*) from unnest(:ids)")
                .bind("ids", SqlArrays.bytea(new byte[0][]))
                .mapTo(Integer.class)
                .one());
        assertThat(found).isZero();
    }
}
