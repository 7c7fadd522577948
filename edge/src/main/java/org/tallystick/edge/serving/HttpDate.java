package org.tallystick.edge.serving;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} line of a response (RFC 9110, section 6.6.1), written anew once a second. Safe from any thread. */
final class HttpDate {
    /** The RFC's one form for senders: the day of the month has two digits, which Java's own form of RFC 1123 has not. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private volatile Line last = new Line(-1, new byte[0]);

    @SuppressWarnings("ArrayRecordComponent") // never leaves but to be copied
    private record Line(long second, byte[] bytes) {}

    /** The line with its CRLF, for a time in milliseconds since 1970; the array must not be written. */
    byte[] line(long millis) {
        long second = Math.floorDiv(millis, 1000L);
        Line line = last;
        if (line.second() != second) {
            String text = "Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(second)) + "\r\n";
            line = new Line(second, text.getBytes(StandardCharsets.US_ASCII));
            last = line;
        }
        return line.bytes();
    }
}
