package org.tallystick.drafting;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.tallystick.protocol.terms.Pricing;

/** Values in words. Depends on nothing of the machine it runs on: the words are signed. */
final class English {
    private English() {}

    /** {@code 1 year, 6 months and 10 days}. */
    static String period(Period period) {
        List<String> parts = new ArrayList<>();
        add(parts, period.getYears(), "year");
        add(parts, period.getMonths(), "month");
        add(parts, period.getDays(), "day");
        return and(parts);
    }

    private static void add(List<String> parts, int count, String unit) {
        if (count != 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }

    /** {@code every year}, {@code every 3 months}. */
    static String every(Period period) {
        String words = period(period);
        return "every "
                + (words.startsWith("1 ") && !words.contains(" and ") && !words.contains(",")
                        ? words.substring(2)
                        : words);
    }

    /** {@code USD 1,250.50}. */
    static String amount(Pricing.Price price) {
        return price.currency() + " " + number(price.amount());
    }

    /** {@code 12,345.678}. */
    static String number(BigDecimal number) {
        String plain = number.toPlainString();
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        StringBuilder out = new StringBuilder(whole);
        for (int at = whole.length() - 3; at > 0; at -= 3) {
            out.insert(at, ',');
        }
        return point < 0 ? out.toString() : out + plain.substring(point);
    }

    static String number(long number) {
        return number(BigDecimal.valueOf(number));
    }

    /** {@code 2.5 %}. */
    static String percent(BigDecimal share) {
        BigDecimal percent = share.movePointRight(2).stripTrailingZeros();
        return number(percent.scale() < 0 ? percent.setScale(0) : percent) + " %";
    }

    /** {@code a, b and c}. */
    static String and(Collection<String> items) {
        return joined(items, " and ");
    }

    /** {@code a, b or c}. */
    static String or(Collection<String> items) {
        return joined(items, " or ");
    }

    private static String joined(Collection<String> items, String last) {
        List<String> all = List.copyOf(items);
        if (all.size() < 2) {
            return String.join("", all);
        }
        return String.join(", ", all.subList(0, all.size() - 1)) + last + all.getLast();
    }

    /** A name of hyphenated words as words. */
    static String words(String name) {
        return name.replace('-', ' ');
    }

    static String times(int count) {
        return switch (count) {
            case 1 -> "once";
            case 2 -> "twice";
            default -> count + " times";
        };
    }
}
