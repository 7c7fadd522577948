package org.tallystick.protocol.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The only text form of a time in documents of this project: RFC 3339, UTC, milliseconds ({@code
 * 2026-01-05T12:34:56.000Z}).
 */
public final class Times {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Pattern RFC_3339 = Pattern.compile(
            "(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})[Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2})"
                    + ":(?<second>[0-5][0-9]|60)(?:\\.(?<fraction>[0-9]+))?"
                    + "(?:[Zz]|(?<sign>[+-])(?<offsetHours>[01][0-9]|2[0-3]):(?<offsetMinutes>[0-5][0-9]))");
    private static final int NANO_DIGITS = 9;
    private static final int LAST_NANO = 999_999_999;
    private static final long SECONDS_OF_A_DAY = 86_400;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Times() {}

    /** The text of a time, rounded down to the millisecond. */
    public static String text(Instant time) {
        return FORMAT.format(time.truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Reads an RFC 3339 time with any offset from UTC, as other programs write it: date, hour, minute, second and offset
     * all in full. Decimals of a second beyond the ninth are cut off. A leap second, which only the last minute of a month
     * can have, becomes the last nanosecond before it, so that it stays in its day, month and period.
     *
     * @throws MalformedException {@code time/malformed}, or {@code time/out-of-range} unless it is between 1970 and
     *     9999
     */
    public static Instant parse(String text) {
        Matcher parts = RFC_3339.matcher(text);
        if (!parts.matches()) {
            throw malformed(text);
        }
        boolean leap = parts.group("second").equals("60");
        Instant time;
        try {
            LocalDateTime written = LocalDateTime.of(
                    number(parts, "year"),
                    number(parts, "month"),
                    number(parts, "day"),
                    number(parts, "hour"),
                    number(parts, "minute"),
                    leap ? 59 : number(parts, "second"),
                    leap ? LAST_NANO : nanos(parts));
            time = written.toInstant(ZoneOffset.UTC).minusSeconds(offset(parts));
        } catch (DateTimeException e) {
            throw malformed(text);
        }
        if (leap && !endsMonth(time)) {
            throw malformed(text);
        }
        if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
            throw new MalformedException("time/out-of-range", "time " + text + " is not between 1970 and 9999");
        }
        return time;
    }

    /**
     * Reads a time in a document that was taken in before times were read strictly, whose signatures go on being valid: also
     * without seconds, or with an offset of hours alone.
     *
     * @throws MalformedException as {@link #parse}
     */
    static Instant recorded(String text) {
        Matcher parts = RFC_3339.matcher(text);
        if (parts.matches()) {
            return parse(text);
        }
        try {
            Instant time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
                throw new MalformedException("time/out-of-range", "time " + text + " is not between 1970 and 9999");
            }
            return time;
        } catch (DateTimeException e) {
            throw malformed(text);
        }
    }

    /**
     * Reads a day, {@code 2026-01-05}, of the years 1970 to 9999.
     *
     * @throws MalformedException {@code time/malformed}, {@code time/out-of-range}
     */
    public static LocalDate date(String text) {
        LocalDate day;
        try {
            day = LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedException("time/malformed", "not a date such as 2026-01-05: " + Shown.text(text));
        }
        if (day.getYear() < 1970 || day.getYear() > 9999) {
            throw new MalformedException("time/out-of-range", "day " + text + " is not between 1970 and 9999");
        }
        return day;
    }

    private static int number(Matcher parts, String group) {
        return Integer.parseInt(parts.group(group));
    }

    private static int nanos(Matcher parts) {
        int from = parts.start("fraction");
        if (from < 0) {
            return 0;
        }
        int end = Math.min(parts.end("fraction"), from + NANO_DIGITS);
        int read = Integer.parseInt(parts.group().substring(from, end));
        for (int digits = end - from; digits < NANO_DIGITS; digits++) {
            read *= 10;
        }
        return read;
    }

    /** Seconds that the written time is ahead of UTC. */
    private static int offset(Matcher parts) {
        if (parts.start("sign") < 0) {
            return 0;
        }
        int seconds = number(parts, "offsetHours") * 3_600 + number(parts, "offsetMinutes") * 60;
        return parts.group("sign").equals("-") ? -seconds : seconds;
    }

    private static boolean endsMonth(Instant time) {
        return time.plusNanos(1).atOffset(ZoneOffset.UTC).getDayOfMonth() == 1
                && time.plusNanos(1).getEpochSecond() % SECONDS_OF_A_DAY == 0;
    }

    private static MalformedException malformed(String text) {
        return new MalformedException("time/malformed", "not an RFC 3339 time: " + Shown.text(text));
    }
}
