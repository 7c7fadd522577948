package org.tallystick.protocol.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * An exact amount of money: a whole number of e, where e is 10<sup>-48</sup> of a currency's major unit. Sums, differences
 * and products with whole numbers are exact. The one operation that loses anything is {@link #part}, which rounds down
 * and loses less than one e. The currency is known from the context. Immutable.
 *
 * <p>Why 48 places: a price has at most 12 decimals, what a fee leaves of it 12 more, a share 12 more, so whatever is
 * linear has at most 36 and is exact; 12 remain for divisions, so that a million of them stay far below a micro. Unlike
 * fractions, whose denominators multiply, the size of a sum grows with the logarithm of its terms alone.
 *
 * @param e the amount in e, below 10<sup>40</sup> major units either way
 */
public record Exact(BigInteger e) implements StatedAmount, Comparable<Exact> {
    /** Decimal places of e. */
    public static final int PLACES = 48;

    /** Nothing. */
    public static final Exact ZERO = new Exact(BigInteger.ZERO);

    /** Most digits before the point in a text; a thousand million of such amounts still sum within the range. */
    private static final int MAX_WHOLE_DIGITS = 30;

    private static final int MICRO_PLACES = 6;
    private static final int LONG_DIGITS = 18;
    private static final List<BigInteger> TENS = tens();
    private static final BigInteger PER_MICRO = TENS.get(PLACES - MICRO_PLACES);
    private static final BigInteger BOUND = BigInteger.TEN.pow(40 + PLACES);
    private static final int SURELY_WITHIN = BOUND.bitLength() - 1;

    /** @throws ArithmeticException for an amount of 10<sup>40</sup> major units or more */
    public Exact {
        if (e.bitLength() > SURELY_WITHIN && e.abs().compareTo(BOUND) >= 0) {
            throw new ArithmeticException("an amount is below 10^40 major units");
        }
    }

    private static List<BigInteger> tens() {
        List<BigInteger> tens = new ArrayList<>();
        for (int i = 0; i <= PLACES; i++) {
            tens.add(BigInteger.TEN.pow(i));
        }
        return List.copyOf(tens);
    }

    /**
     * The amount of a decimal number of major units.
     *
     * @throws ArithmeticException for more than 48 decimals that are not zero
     */
    public static Exact of(BigDecimal decimal) {
        int missing = PLACES - decimal.scale();
        return missing >= 0 && missing <= PLACES
                ? new Exact(decimal.unscaledValue().multiply(TENS.get(missing)))
                : new Exact(decimal.setScale(PLACES).unscaledValue());
    }

    /**
     * Reads the one text of an amount: a plain decimal number of major units with at most 30 digits before and 48 after
     * the point, without a sign but {@code -}, without zeros that could be left out.
     *
     * @param where names the place in messages
     * @throws MalformedException {@code statement/exact}
     */
    public static Exact parse(String text, String where) {
        int from = text.startsWith("-") ? 1 : 0;
        int point = text.indexOf('.');
        int whole = (point < 0 ? text.length() : point) - from;
        int places = point < 0 ? 0 : text.length() - point - 1;
        boolean sized = whole >= 1 && whole <= MAX_WHOLE_DIGITS && places <= PLACES && (point < 0 || places > 0);
        boolean shortest = sized
                && (whole == 1 || text.charAt(from) != '0')
                && (places == 0 || text.charAt(text.length() - 1) != '0')
                && !text.equals("-0");
        if (!shortest || !isDigits(text, from, point)) {
            throw new MalformedException(
                    "statement/exact",
                    where + " must be a plain decimal of at most " + PLACES + " places, not " + Fields.shown(text));
        }
        String digits = point < 0 ? text : text.substring(0, point).concat(text.substring(point + 1));
        BigInteger unscaled =
                whole + places <= LONG_DIGITS ? BigInteger.valueOf(Long.parseLong(digits)) : new BigInteger(digits);
        return new Exact(unscaled.multiply(TENS.get(PLACES - places)));
    }

    private static boolean isDigits(String text, int from, int except) {
        for (int i = from; i < text.length(); i++) {
            if (i != except && (text.charAt(i) < '0' || text.charAt(i) > '9')) {
                return false;
            }
        }
        return true;
    }

    public Exact plus(Exact other) {
        return new Exact(e.add(other.e));
    }

    public Exact minus(Exact other) {
        return new Exact(e.subtract(other.e));
    }

    public Exact times(long factor) {
        return new Exact(e.multiply(BigInteger.valueOf(factor)));
    }

    /**
     * The part {@code floor(this * weight / whole)} in e: the only division. The parts by weights that sum to the whole
     * sum to at most this, and to less than one e below it for each part.
     *
     * @param weight from 0 up to the whole
     * @param whole above 0
     * @throws IllegalArgumentException for weights out of range, or where this is below zero
     */
    public Exact part(BigInteger weight, BigInteger whole) {
        if (e.signum() < 0 || weight.signum() < 0 || whole.signum() <= 0 || weight.compareTo(whole) > 0) {
            throw new IllegalArgumentException("no such part: " + weight + " of " + whole + " of " + this);
        }
        return new Exact(e.multiply(weight).divide(whole));
    }

    /** As {@link #part(BigInteger, BigInteger)}. */
    public Exact part(long weight, long whole) {
        return part(BigInteger.valueOf(weight), BigInteger.valueOf(whole));
    }

    /** -1, 0 or 1, as the amount is below, at or above zero. */
    public int signum() {
        return e.signum();
    }

    @Override
    public Exact plus(StatedAmount other) {
        if (other instanceof Exact exact) {
            return plus(exact);
        }
        throw new IllegalArgumentException("an amount in e and a fraction are not added");
    }

    @Override
    public Exact negated() {
        return new Exact(e.negate());
    }

    @Override
    public boolean isNegative() {
        return e.signum() < 0;
    }

    @Override
    public BigInteger floorMicros() {
        BigInteger[] parts = e.divideAndRemainder(PER_MICRO);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    @Override
    public Exact toExact() {
        return this;
    }

    @Override
    public int compareTo(Exact other) {
        return e.compareTo(other.e);
    }

    /** Major units as a plain decimal without zeros at its end, for example {@code 0.016}; read back by {@link #parse}. */
    @Override
    public String toString() {
        String digits = e.abs().toString();
        if (digits.length() <= PLACES) {
            digits = "0".repeat(PLACES + 1 - digits.length()).concat(digits);
        }
        int point = digits.length() - PLACES;
        int end = digits.length();
        while (end > point && digits.charAt(end - 1) == '0') {
            end--;
        }
        String sign = e.signum() < 0 ? "-" : "";
        String whole = sign.concat(digits.substring(0, point));
        return end == point ? whole : whole + "." + digits.substring(point, end);
    }
}
