package org.tallystick.edge.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The form every client reads, on every day of a year: RFC 9110's IMF-fixdate, 29 characters. */
final class HttpDateTest {
    private final HttpDate date = new HttpDate();

    private String line(Instant at) {
        return new String(date.line(at.toEpochMilli()), StandardCharsets.US_ASCII);
    }

    @Test
    void singleDaysYearEndsAndLeapDaysAreWrittenAsTheRfcHasThem() {
        assertThat(line(Instant.parse("1994-11-06T08:49:37Z"))).isEqualTo("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        assertThat(line(Instant.parse("2026-12-01T00:00:00Z"))).isEqualTo("Date: Tue, 01 Dec 2026 00:00:00 GMT\r\n");
        assertThat(line(Instant.parse("2026-12-31T23:59:59.999Z")))
                .isEqualTo("Date: Thu, 31 Dec 2026 23:59:59 GMT\r\n");
        assertThat(line(Instant.parse("2027-01-01T00:00:00Z"))).isEqualTo("Date: Fri, 01 Jan 2027 00:00:00 GMT\r\n");
        assertThat(line(Instant.parse("2028-02-29T12:00:00Z"))).isEqualTo("Date: Tue, 29 Feb 2028 12:00:00 GMT\r\n");
        // A week of the ISO calendar that belongs to the next year: a pattern of weeks would write 2025.
        assertThat(line(Instant.parse("2024-12-30T00:00:00Z"))).isEqualTo("Date: Mon, 30 Dec 2024 00:00:00 GMT\r\n");
    }

    /** A leap second has no moment of its own in Java: clocks repeat or smear it, so second 60 is never written. */
    @Test
    void everyDayHasTheSameLengthAndNoSecondSixty() {
        Instant at = Instant.parse("2016-12-25T23:59:58Z");
        for (int i = 0; i < 400 * 24; i++) {
            assertThat(line(at)).hasSize("Date: ".length() + 29 + 2).doesNotContain(":60 ");
            at = at.plus(Duration.ofHours(1)).plusSeconds(1);
        }
    }
}
