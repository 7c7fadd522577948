package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Region;

/**
 * Bounds that several terms share. A term checks them when it is made; each error names the clause and the member at
 * fault.
 */
final class Bounds {
    static final int MAX_TEXT = 500;

    private static final int MAX_DECIMALS = 12;
    private static final int MAX_ITEMS = 256;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private Bounds() {}

    static MalformedException fault(String clause, String member, String what) {
        return new MalformedException(
                "contract/" + clause, clause + (member.isEmpty() ? "" : ", " + member) + ": " + what);
    }

    /**
     * Checks that a period, counted from 1 January 1970, is at least one day and at most {@code maxYears} years long.
     * Carries twelve months into a year, so that equal periods are equal.
     */
    static Period period(Period period, int maxYears, String clause, String member) {
        Period normal = period.normalized();
        LocalDate end = LocalDate.EPOCH.plus(normal);
        boolean negative = normal.getYears() < 0 || normal.getMonths() < 0 || normal.getDays() < 0;
        if (negative || normal.isZero() || end.isAfter(LocalDate.EPOCH.plusYears(maxYears))) {
            throw fault(clause, member, period + " is not between one day and " + maxYears + " years");
        }
        return normal;
    }

    /**
     * Whether one period is longer than the other when both begin on 1 January 1970. Fixed to one day because months
     * differ in length.
     */
    static boolean longer(Period one, Period other) {
        return LocalDate.EPOCH.plus(one).isAfter(LocalDate.EPOCH.plus(other));
    }

    /** Checks that a share is above 0 and at most 1. */
    static BigDecimal share(BigDecimal share, String clause, String member) {
        if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
            throw fault(clause, member, share.toPlainString() + " is not above 0 and at most 1");
        }
        return decimals(share, clause, member);
    }

    static BigDecimal decimals(BigDecimal number, String clause, String member) {
        BigDecimal stripped = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (stripped.scale() > MAX_DECIMALS) {
            throw fault(clause, member, "has more than " + MAX_DECIMALS + " decimals");
        }
        return stripped;
    }

    static long within(long number, long min, long max, String clause, String member) {
        if (number < min || number > max) {
            throw fault(clause, member, number + " is not between " + min + " and " + max);
        }
        return number;
    }

    /** Checks names of lower-case words joined by hyphens, none twice, and sorts them: their order has no meaning. */
    static List<String> names(Collection<String> names, String clause, String member) {
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw fault(
                        clause, member, Fields.shown(name) + " is not a name of lower-case words joined by hyphens");
            }
        }
        return distinct(names, clause, member);
    }

    /** Checks places, {@code EU}, {@code EEA} or ISO 3166-1 alpha-2 codes, none twice, and sorts them. */
    static List<String> places(Collection<String> places, String clause, String member) {
        for (String place : places) {
            if (!Region.isKnown(place)) {
                throw fault(clause, member, Fields.shown(place) + " is not EU, EEA or a two-letter country code");
            }
        }
        return distinct(places, clause, member);
    }

    private static List<String> distinct(Collection<String> items, String clause, String member) {
        TreeSet<String> sorted = new TreeSet<>(items);
        if (sorted.size() != items.size()) {
            throw fault(clause, member, "names something twice");
        }
        if (sorted.size() > MAX_ITEMS) {
            throw fault(clause, member, "has more than " + MAX_ITEMS + " items");
        }
        return List.copyOf(sorted);
    }

    /** Checks one line of text that a person wrote: printable, not blank, at most {@value #MAX_TEXT} characters. */
    static String text(String text, String clause, String member) {
        boolean printable = text.codePoints()
                .allMatch(c -> !Character.isISOControl(c)
                        && Character.getType(c) != Character.FORMAT
                        && Character.getType(c) != Character.LINE_SEPARATOR
                        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR
                        && Character.getType(c) != Character.SURROGATE);
        if (text.isBlank() || text.length() > MAX_TEXT || !printable || !text.equals(text.strip())) {
            throw fault(
                    clause,
                    member,
                    Fields.shown(text) + " is not a line of up to " + MAX_TEXT + " printable characters");
        }
        return text;
    }
}
