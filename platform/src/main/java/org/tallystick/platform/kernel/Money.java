package org.tallystick.platform.kernel;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.protocol.pricing.Micros;

/**
 * An amount in micros: millionths of a currency's major unit. Finer than any minor unit, so that the price of a single
 * delivery can be posted. Whole numbers without a fixed width, so that sums are exact; a single amount is at most {@link
 * #LIMIT}, a balance at most {@link #WIDEST}, as the database's tables have it too. Immutable. All arithmetic throws
 * {@link ArithmeticException} beyond that and {@link IllegalArgumentException} when currencies differ; nothing rounds
 * unless its name says how.
 *
 * <p>{@code Money.parse("12.5 USD").toString()} is {@code "12.50 USD"}.
 *
 * @param micros at most {@link #WIDEST} either way
 */
public record Money(Currency currency, BigInteger micros) implements Comparable<Money> {
    private static final BigInteger PER_UNIT = BigInteger.valueOf(1_000_000);

    /** Micros in the greatest single amount, 10<sup>24</sup> major units: what is more is refused where it comes in. */
    public static final BigInteger LIMIT = BigInteger.TEN.pow(30);

    /** Micros in the greatest balance: a thousand amounts of {@link #LIMIT}. */
    public static final BigInteger WIDEST = BigInteger.TEN.pow(33);

    /** Decimal digits a micro amount can carry. */
    static final int DIGITS = 6;

    private static final Pattern DECIMAL = Pattern.compile("(-?)(0|[1-9][0-9]{0,39})(?:\\.([0-9]{1,24}))?");
    private static final int LONGEST = 66;

    /** Checks the range. */
    public Money {
        if (micros.abs().compareTo(WIDEST) > 0) {
            throw new ArithmeticException("amount out of range");
        }
    }

    /** Nothing of a currency. */
    public static Money zero(Currency currency) {
        return new Money(currency, BigInteger.ZERO);
    }

    /** So many micros. */
    public static Money ofMicros(Currency currency, BigInteger micros) {
        return new Money(currency, micros);
    }

    /** So many micros. */
    public static Money ofMicros(Currency currency, long micros) {
        return new Money(currency, BigInteger.valueOf(micros));
    }

    /** So many minor units, for example cents. */
    public static Money ofMinor(Currency currency, long minor) {
        return new Money(currency, BigInteger.valueOf(minor).multiply(microsPerMinor(currency)));
    }

    /** So many whole major units, for example dollars. */
    public static Money ofMajor(Currency currency, long major) {
        return new Money(currency, BigInteger.valueOf(major).multiply(PER_UNIT));
    }

    /**
     * Reads a plain decimal number of major units exactly: {@code -?digits[.digits]}, no exponent, no leading zeros, no
     * plus sign.
     *
     * @throws RefusedException {@code money/malformed}, {@code money/too-precise} (a non-zero digit after the sixth
     *     decimal) or {@code amount/limit} for more than a balance can be; see {@link #limited}
     */
    public static Money parse(Currency currency, String decimal) {
        Matcher matcher = decimal.length() > LONGEST ? null : DECIMAL.matcher(decimal);
        if (matcher == null || !matcher.matches()) {
            throw refused("money/malformed", "Malformed amount", "an amount is plain decimal like 12.50", decimal);
        }
        String fraction = matcher.group(3) == null ? "" : matcher.group(3);
        if (fraction.length() > DIGITS && !fraction.substring(DIGITS).chars().allMatch(c -> c == '0')) {
            throw refused("money/too-precise", "Amount too precise", "an amount has at most six decimals", decimal);
        }
        String digits = matcher.group(2) + (fraction + "000000").substring(0, DIGITS);
        BigInteger micros = new BigInteger(matcher.group(1) + digits);
        if (micros.abs().compareTo(WIDEST) > 0) {
            throw limit(decimal);
        }
        return new Money(currency, micros);
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

    /**
     * This, where it is an amount that may come in: at most 10<sup>24</sup> major units either way.
     *
     * @throws RefusedException {@code amount/limit}
     */
    public Money limited() {
        if (!isWithinLimit()) {
            throw limit(toString());
        }
        return this;
    }

    /** Whether this is at most 10<sup>24</sup> major units either way. */
    public boolean isWithinLimit() {
        return micros.abs().compareTo(LIMIT) <= 0;
    }

    private static RefusedException limit(String found) {
        return refused("amount/limit", "Amount too great", "an amount is at most 10^24 units of its currency", found);
    }

    private static RefusedException refused(String type, String title, String rule, String found) {
        String shown = found.length() > 48 ? found.substring(0, 48) + "…" : found;
        return Problem.invalid(type, title, rule + ", not '" + shown + "'").asException();
    }

    /** The sum. */
    public Money plus(Money other) {
        return new Money(same(other), micros.add(other.micros));
    }

    /** The difference. */
    public Money minus(Money other) {
        return new Money(same(other), micros.subtract(other.micros));
    }

    /** The same amount the other way. */
    public Money negated() {
        return new Money(currency, micros.negate());
    }

    /** So many times this. */
    public Money times(long factor) {
        return new Money(currency, micros.multiply(BigInteger.valueOf(factor)));
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
        return micros.signum() == 0;
    }

    /** Whether this is more than nothing. */
    public boolean isPositive() {
        return micros.signum() > 0;
    }

    /** Whether this is less than nothing. */
    public boolean isNegative() {
        return micros.signum() < 0;
    }

    /** The greatest whole number of minor units not above this, as an amount: what a rail can pay out of it. */
    public Money floorToMinor() {
        return new Money(currency, micros.subtract(micros.mod(microsPerMinor(currency))));
    }

    /** Whole minor units. @throws ArithmeticException if there is a finer remainder: floor first */
    public BigInteger minorExact() {
        BigInteger[] parts = micros.divideAndRemainder(microsPerMinor(currency));
        if (parts[1].signum() != 0) {
            throw new ArithmeticException(this + " is not a whole number of minor units");
        }
        return parts[0];
    }

    /** The number alone: at least the currency's minor digits, no trailing zeros beyond, for example {@code 12.50}. */
    public String toDecimal() {
        return Micros.text(micros, currency.minorDigits());
    }

    /** @throws IllegalArgumentException when currencies differ: amounts of two currencies have no order */
    @Override
    public int compareTo(Money other) {
        same(other);
        return micros.compareTo(other.micros);
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

    private static BigInteger microsPerMinor(Currency currency) {
        return BigInteger.TEN.pow(DIGITS - currency.minorDigits());
    }
}
