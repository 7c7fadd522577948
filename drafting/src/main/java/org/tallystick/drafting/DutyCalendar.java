package org.tallystick.drafting;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.tallystick.protocol.codec.Sha256;

/** Duties as an iCalendar feed (RFC 5545, its name and refreshing by RFC 7986), one all-day event each, with an alarm a week before. */
public final class DutyCalendar {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int FOLD_AT = 75;

    private DutyCalendar() {}

    /**
     * The feed. It has at least one event, because a calendar without any is invalid: where no duty has a day, one that says
     * so, on the day of the stamp.
     *
     * @param duties those without a day are left out: a calendar has no place for them
     * @param stamp when the duties were last laid down: the acceptance, or what changed the end
     */
    public static String of(String name, List<DatedDuty> duties, Instant stamp) {
        StringBuilder out = new StringBuilder();
        line(out, "BEGIN:VCALENDAR");
        line(out, "VERSION:2.0");
        line(out, "PRODID:-//Tallystick//Contract duties//EN");
        line(out, "CALSCALE:GREGORIAN");
        line(out, "NAME:" + escaped(name));
        line(out, "X-WR-CALNAME:" + escaped(name));
        line(out, "REFRESH-INTERVAL;VALUE=DURATION:P1D");
        for (DatedDuty dated : duties) {
            dated.day().ifPresent(day -> event(out, dated, day, stamp));
        }
        if (duties.stream().allMatch(dated -> dated.day().isEmpty())) {
            nothing(out, name, stamp);
        }
        line(out, "END:VCALENDAR");
        return out.toString();
    }

    private static void nothing(StringBuilder out, String name, Instant stamp) {
        LocalDate day = stamp.atOffset(ZoneOffset.UTC).toLocalDate();
        line(out, "BEGIN:VEVENT");
        line(out, "UID:" + Sha256.hash(name.getBytes(StandardCharsets.UTF_8)) + "/none@tallystick.org");
        line(out, "DTSTAMP:" + MOMENT.format(stamp));
        line(out, "DTSTART;VALUE=DATE:" + DAY.format(day));
        line(out, "DTEND;VALUE=DATE:" + DAY.format(day.plusDays(1)));
        line(out, "SUMMARY:" + escaped(name + ": none has a day"));
        line(out, "TRANSP:TRANSPARENT");
        line(out, "END:VEVENT");
    }

    private static void event(StringBuilder out, DatedDuty dated, LocalDate day, Instant stamp) {
        line(out, "BEGIN:VEVENT");
        line(out, "UID:" + escaped(dated.id()) + "@tallystick.org");
        line(out, "DTSTAMP:" + MOMENT.format(stamp));
        line(out, "DTSTART;VALUE=DATE:" + DAY.format(day));
        line(out, "DTEND;VALUE=DATE:" + DAY.format(day.plusDays(1)));
        line(
                out,
                "SUMMARY:"
                        + escaped(dated.contract() + ": " + dated.duty().owner().words() + " "
                                + dated.duty().what()));
        line(out, "DESCRIPTION:" + escaped(dated.duty().sentence()));
        line(out, "CATEGORIES:" + dated.duty().owner().name());
        line(out, "TRANSP:TRANSPARENT");
        line(out, "BEGIN:VALARM");
        line(out, "ACTION:DISPLAY");
        line(out, "DESCRIPTION:" + escaped(dated.duty().what()));
        line(out, "TRIGGER;RELATED=START:-P7D");
        line(out, "END:VALARM");
        line(out, "END:VEVENT");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\n", "\\n");
    }

    /** Ends in CRLF; longer than 75 octets is folded between characters (RFC 5545 section 3.1). */
    private static void line(StringBuilder out, String text) {
        int octets = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            String character = Character.toString(point);
            int length = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > FOLD_AT) {
                out.append("\r\n ");
                octets = 1;
            }
            out.append(character);
            octets += length;
            i += Character.charCount(point);
        }
        out.append("\r\n");
    }
}
