package org.tallystick.edge.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Seeds;

class ByteRangeTest {
    /** Field, length of the work, expected. */
    private static final String TABLE = """
            bytes=0-0            | 10 | part 0 1
            bytes=0-9            | 10 | part 0 10
            bytes=0-             | 10 | part 0 10
            bytes=9-             | 10 | part 9 1
            bytes=3-5            | 10 | part 3 3
            bytes=5-99           | 10 | part 5 5
            bytes=-1             | 10 | part 9 1
            bytes=-10            | 10 | part 0 10
            bytes=-99            | 10 | part 0 10
            BYTES=2-3            | 10 | part 2 2
            bytes= 2-3           | 10 | part 2 2
            bytes=2-3,           | 10 | part 2 2
            bytes=, ,2-3         | 10 | part 2 2
            bytes=002-003        | 10 | part 2 2
            bytes=10-            | 10 | unsatisfiable
            bytes=10-20          | 10 | unsatisfiable
            bytes=-0             | 10 | unsatisfiable
            bytes=0-             | 0  | whole
            bytes=-5             | 0  | whole
            bytes=99999999999999999999999-             | 10 | unsatisfiable
            bytes=0-99999999999999999999999            | 10 | part 0 10
            bytes=-99999999999999999999999             | 10 | part 0 10
            bytes=0-1,3-4        | 10 | whole
            bytes=0-1,0-1        | 10 | whole
            bytes=5-3            | 10 | whole
            bytes=-              | 10 | whole
            bytes=               | 10 | whole
            bytes=,              | 10 | whole
            bytes=a-b            | 10 | whole
            bytes=1              | 10 | whole
            bytes=1-2-3          | 10 | whole
            bytes=+1-2           | 10 | whole
            bytes=1 - 2          | 10 | whole
            bytes=0x1-2          | 10 | whole
            bytes 0-1            | 10 | whole
            lines=0-1            | 10 | whole
            byte                 | 10 | whole
            bytes=١-٢            | 10 | whole
            """;

    @Test
    void rangesAreReadAsTheRfcSays() {
        for (String row : TABLE.lines().toList()) {
            String[] cells = row.split("\\|");
            ByteRange range = ByteRange.parse(cells[0].strip(), Long.parseLong(cells[1].strip()));
            assertThat(shown(range)).as(row).isEqualTo(cells[2].strip());
        }
    }

    private static String shown(ByteRange range) {
        String kind = range.kind().name().toLowerCase(Locale.ROOT);
        return range.kind() == ByteRange.Kind.PART ? kind + " " + range.from() + " " + range.length() : kind;
    }

    @Test
    void whateverIsAskedTheAnswerLiesWithinTheWork() {
        String alphabet = "bytes=0123456789-, ;x";
        Seeds.check(20_000, random -> {
            StringBuilder field = new StringBuilder(random.nextInt(4) > 0 ? "bytes=" : "");
            for (int i = random.nextInt(24); i > 0; i--) {
                field.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            long length = random.nextLong(0, 1000);
            ByteRange range = ByteRange.parse(field.toString(), length);
            assertThat(range.from()).isBetween(0L, Math.max(0, length));
            assertThat(range.length()).isBetween(0L, length - range.from());
            if (range.kind() == ByteRange.Kind.PART) {
                assertThat(range.length()).isPositive();
            }
        });
    }
}
