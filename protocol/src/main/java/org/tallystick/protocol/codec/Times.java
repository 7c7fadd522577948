package org.tallystick.protocol.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The only text form of a time in documents of this project: RFC 3339, UTC, milliseconds ({@code
 * 2026-01-05T12:34:56.000Z}).
 */
public final class Times {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Times() {}

    /** The text of a time, rounded down to the millisecond. */
    public static String text(Instant time) {
        return FORMAT.format(time.truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Reads an RFC 3339 time with any number of decimals and any offset from UTC, as other programs write it.
     *
     * @throws MalformedException {@code time/malformed}, or {@code time/out-of-range} unless it is between 1970 and
     *     9999
     */
    public static Instant parse(String text) {
        try {
            Instant time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
            if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("9999-12-31T23:59:59Z"))) {
                throw new MalformedException("time/out-of-range", "time " + text + " is not between 1970 and 9999");
            }
            return time;
        } catch (DateTimeException e) {
            throw new MalformedException("time/malformed", "not an RFC 3339 time: " + Shown.text(text));
        }
    }
}
