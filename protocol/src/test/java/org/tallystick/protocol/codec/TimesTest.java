package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as RFC 3339 has them, no more and no less. */
class TimesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2026-01-05T12:34:56Z, 2026-01-05T12:34:56Z",
        "2026-01-05t12:34:56z, 2026-01-05T12:34:56Z",
        "2026-01-05T12:34:56.5+01:30, 2026-01-05T11:04:56.5Z",
        "2026-01-05T12:34:56-23:59, 2026-01-06T12:33:56Z",
        "2026-01-05T12:34:56-00:00, 2026-01-05T12:34:56Z",
        "2026-01-05T12:34:56.1234567891234567890123456789Z, 2026-01-05T12:34:56.123456789Z",
        "2016-12-31T23:59:60Z, 2016-12-31T23:59:59.999999999Z",
        "2016-12-31T23:59:60.5Z, 2016-12-31T23:59:59.999999999Z",
        "2017-01-01T00:59:60+01:00, 2016-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void whatRfc3339AllowsIsRead(String text, Instant time) {
        assertThat(Times.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "2026-01-05T12:34Z",
                "2026-01-05T12:34:56+01",
                "2026-01-05T12:34:56+0100",
                "2026-01-05T12:34:56+01:00:00",
                "2026-01-05T12:34:56+24:00",
                "2026-01-05T12:34:56",
                "2026-01-05 12:34:56Z",
                "2026-01-05T24:00:00Z",
                "2026-01-05T12:34:56.Z",
                "2026-01-05T12:34:56,5Z",
                "2026-01-05T12:34:60Z",
                "2026-01-05T23:59:60Z",
                "2016-12-31T23:59:60+01:00",
                "2026-01-05T12:34:61Z",
                "2026-02-30T00:00:00Z",
                "+2026-01-05T12:34:56Z",
                "2026-1-5T12:34:56Z",
                ""
            })
    void whatItDoesNotAllowIsRefused(String text) {
        assertThatThrownBy(() -> Times.parse(text))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("time/malformed"));
    }

    @Test
    void aTimeThatWasWrittenDownBeforeIsStillRead() {
        assertThat(Times.recorded("2026-01-05T12:34Z")).isEqualTo("2026-01-05T12:34:00Z");
        assertThat(Times.recorded("2026-01-05T12:34:56+01")).isEqualTo("2026-01-05T11:34:56Z");
        assertThat(Times.recorded("2016-12-31T23:59:60Z")).isEqualTo("2016-12-31T23:59:59.999999999Z");
        assertThatThrownBy(() -> Times.recorded("2026-01-05")).isInstanceOf(MalformedException.class);
    }

    @Test
    void aDayHasFourDigitsOfYear() {
        assertThat(Times.date("2026-01-05")).isEqualTo(LocalDate.of(2026, 1, 5));
        for (String text : new String[] {"+12026-01-05", "2026-1-5", "1969-12-31", "2026-02-29", "20260105"}) {
            assertThatThrownBy(() -> Times.date(text)).as(text).isInstanceOf(MalformedException.class);
        }
    }
}
