package org.tallystick.platform.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount in micros: millionths of a currency's major unit. Finer than any minor unit, so that the price of a single
 * delivery can be posted, and a {@code long}, so that sums are exact or fail loudly; ±9.2 × 10<sup>12</sup> major units.
 * Immutable. All arithmetic throws {@link ArithmeticException} on overflow and {@link IllegalArgumentException} when
 * currencies differ; nothing rounds unless its name says how.
 *
 * <p>{@code Money.parse("12.5 USD").toString()} is {@code "12.50 USD"}.
 *
 * @param micros any value but {@link Long#MIN_VALUE}, so that every amount has a negation
 */
public record Money(Currency currency, long micros) implements Comparable<Money> {
    /** Micros in one major unit. */
    public static final long MICROS_PER_UNIT = 1_000_000L;

    /** Decimal digits a micro amount can carry. */
    static final int DIGITS = 6;

    private static final Pattern DECIMAL = Pattern.compile("(-?)(0|[1-9][0-9]{0,12})(?:\\.([0-9]{1,24}))?");

    /** Checks the range. */
    public Money {
        if (micros == Long.MIN_VALUE) {
            throw new ArithmeticException("amount out of range");
        }
    }

    /** Nothing of a currency. */
    public static Money zero(Currency currency) {
        return new Money(currency, 0);
    }

    /** So many micros. */
    public static Money ofMicros(Currency currency, long micros) {
        return new Money(currency, micros);
    }

    /** So many minor units, for example cents. */
    public static Money ofMinor(Currency currency, long minor) {
        return new Money(currency, Math.multiplyExact(minor, microsPerMinor(currency)));
    }

    /** So many whole major units, for example dollars. */
    public static Money ofMajor(Currency currency, long major) {
        return new Money(currency, Math.multiplyExact(major, MICROS_PER_UNIT));
    }

    /**
     * Reads a plain decimal number of major units exactly: {@code -?digits[.digits]}, no exponent, no leading zeros, no
     * plus sign.
     *
     * @throws RefusedException {@code money/malformed}, {@code money/too-precise} (a non-zero digit after the sixth
     *     decimal) or {@code money/out-of-range}
     */
    public static Money parse(Currency currency, String decimal) {
        Matcher matcher = decimal.length() > 40 ? null : DECIMAL.matcher(decimal);
        if (matcher == null || !matcher.matches()) {
            throw refused("money/malformed", "Malformed amount", "an amount is plain decimal like 12.50", decimal);
        }
        String fraction = matcher.group(3) == null ? "" : matcher.group(3);
        if (fraction.length() > DIGITS && !fraction.substring(DIGITS).chars().allMatch(c -> c == '0')) {
            throw refused("money/too-precise", "Amount too precise", "an amount has at most six decimals", decimal);
        }
        String digits = matcher.group(2) + (fraction + "000000").substring(0, DIGITS);
        try {
            return new Money(currency, Long.parseLong(matcher.group(1) + digits));
        } catch (NumberFormatException | ArithmeticException e) {
            throw refused("money/out-of-range", "Amount out of range", "an amount fits 64 bits of micros", decimal);
        }
    }

    /**
     * Reads what {@link #toString} writes: {@code "12.50 USD"}.
     *
     * @throws RefusedException as {@link #parse(Currency, String)}, or {@code money/unknown-currency}
     */
    public static Money parse(String text) {
        int space = text.indexOf(' ');
        if (space < 0 || text.length() - space - 1 != 3) {
            throw refused("money/malformed", "Malformed amount", "an amount reads like 12.50 USD", text);
        }
        return parse(Currency.of(text.substring(space + 1)), text.substring(0, space));
    }

    private static RefusedException refused(String type, String title, String rule, String found) {
        String shown = found.length() > 48 ? found.substring(0, 48) + "…" : found;
        return Problem.invalid(type, title, rule + ", not '" + shown + "'").asException();
    }

    /** The sum. */
    public Money plus(Money other) {
        return new Money(same(other), Math.addExact(micros, other.micros));
    }

    /** The difference. */
    public Money minus(Money other) {
        return new Money(same(other), Math.subtractExact(micros, other.micros));
    }

    /** The same amount the other way. */
    public Money negated() {
        return new Money(currency, -micros);
    }

    /** So many times this. */
    public Money times(long factor) {
        return new Money(currency, Math.multiplyExact(micros, factor));
    }

    /** The smaller of two. */
    public Money min(Money other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The greater of two. */
    public Money max(Money other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Whether this is exactly nothing. */
    public boolean isZero() {
        return micros == 0;
    }

    /** Whether this is more than nothing. */
    public boolean isPositive() {
        return micros > 0;
    }

    /** Whether this is less than nothing. */
    public boolean isNegative() {
        return micros < 0;
    }

    /** The greatest whole number of minor units not above this, as an amount: what a rail can pay out of it. */
    public Money floorToMinor() {
        return new Money(currency, Math.subtractExact(micros, Math.floorMod(micros, microsPerMinor(currency))));
    }

    /** Whole minor units. @throws ArithmeticException if there is a finer remainder: floor first */
    public long minorExact() {
        long unit = microsPerMinor(currency);
        if (micros % unit != 0) {
            throw new ArithmeticException(this + " is not a whole number of minor units");
        }
        return micros / unit;
    }

    /** The number alone: at least the currency's minor digits, no trailing zeros beyond, for example {@code 12.50}. */
    public String toDecimal() {
        long absolute = Math.abs(micros);
        String digits = Long.toString(MICROS_PER_UNIT + absolute % MICROS_PER_UNIT);
        int end = DIGITS + 1;
        while (end > 1 + currency.minorDigits() && digits.charAt(end - 1) == '0') {
            end--;
        }
        String whole = (micros < 0 ? "-" : "") + absolute / MICROS_PER_UNIT;
        return end == 1 ? whole : whole + "." + digits.substring(1, end);
    }

    /** @throws IllegalArgumentException when currencies differ: amounts of two currencies have no order */
    @Override
    public int compareTo(Money other) {
        same(other);
        return Long.compare(micros, other.micros);
    }

    /** Number and currency: {@code 12.50 USD}, {@code 0.000001 USD}, {@code 12 JPY}. */
    @Override
    public String toString() {
        return toDecimal() + " " + currency.code();
    }

    private Currency same(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(currency + " and " + other.currency + " do not mix");
        }
        return currency;
    }

    private static long microsPerMinor(Currency currency) {
        long unit = MICROS_PER_UNIT;
        for (int i = 0; i < currency.minorDigits(); i++) {
            unit /= 10;
        }
        return unit;
    }
}
