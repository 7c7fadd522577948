package org.tallystick.edge.serving;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The {@code Date} line of a response (RFC 9110, section 6.6.1), written anew once a second. Safe from any thread. */
final class HttpDate {
    private volatile Line last = new Line(-1, new byte[0]);

    @SuppressWarnings("ArrayRecordComponent") // never leaves but to be copied
    private record Line(long second, byte[] bytes) {}

    /** The line with its CRLF, for a time in milliseconds since 1970; the array must not be written. */
    byte[] line(long millis) {
        long second = Math.floorDiv(millis, 1000L);
        Line line = last;
        if (line.second() != second) {
            String text = "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC))
                    + "\r\n";
            line = new Line(second, text.getBytes(StandardCharsets.US_ASCII));
            last = line;
        }
        return line.bytes();
    }
}
