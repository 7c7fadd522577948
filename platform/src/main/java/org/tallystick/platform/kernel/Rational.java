package org.tallystick.platform.kernel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * An exact fraction, so that rating never rounds: rounding happens once, by name, where an amount is posted. Always in
 * lowest terms with a positive denominator, so equal values are equal records. Immutable.
 */
public record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {
    /** The value 0. */
    public static final Rational ZERO = of(0);

    /** The value 1. */
    public static final Rational ONE = of(1);

    private static final BigInteger MICROS = BigInteger.valueOf(Money.MICROS_PER_UNIT);
    private static final Pattern DECIMAL = Pattern.compile("-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,18})?");
    private static final Pattern FRACTION = Pattern.compile("-?(?:0|[1-9][0-9]{0,39})(?:/[1-9][0-9]{0,39})?");

    /** Brings to lowest terms. @throws ArithmeticException for a zero denominator */
    public Rational {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("denominator is zero");
        }
        if (!denominator.equals(BigInteger.ONE)) {
            BigInteger divisor = divisor(numerator, denominator);
            if (denominator.signum() < 0) {
                divisor = divisor.negate();
            }
            numerator = numerator.divide(divisor);
            denominator = denominator.divide(divisor);
        }
    }

    /** A whole number. */
    public static Rational of(long value) {
        return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
    }

    /** A fraction. @throws ArithmeticException for a zero denominator */
    public static Rational of(long numerator, long denominator) {
        return new Rational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /**
     * Reads a plain decimal ({@code 0.25}, up to 18 digits each side), a whole number or a fraction ({@code
     * 1/3}, up to 40 digits each) exactly.
     *
     * @throws RefusedException {@code number/malformed}
     */
    public static Rational parse(String text) {
        if (text.length() <= 40 && DECIMAL.matcher(text).matches()) {
            BigDecimal decimal = new BigDecimal(text);
            return new Rational(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
        }
        if (text.length() <= 82 && FRACTION.matcher(text).matches()) {
            int slash = text.indexOf('/');
            return slash < 0
                    ? new Rational(new BigInteger(text), BigInteger.ONE)
                    : new Rational(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
        }
        String shown = text.length() > 48 ? text.substring(0, 48) + "…" : text;
        throw Problem.invalid(
                        "number/malformed",
                        "Malformed number",
                        "a number is plain decimal like 0.25 or a fraction like 1/3, not '" + shown + "'")
                .asException();
    }

    /** The greatest common divisor, above zero; most amounts fit a word, where finding it is far cheaper. */
    private static BigInteger divisor(BigInteger one, BigInteger other) {
        if (one.bitLength() >= Long.SIZE - 1 || other.bitLength() >= Long.SIZE - 1) {
            return one.gcd(other);
        }
        long greater = Math.abs(one.longValue());
        long smaller = Math.abs(other.longValue());
        while (smaller != 0) {
            long rest = greater % smaller;
            greater = smaller;
            smaller = rest;
        }
        return BigInteger.valueOf(greater);
    }

    /** The sum. */
    public Rational plus(Rational other) {
        if (denominator.equals(other.denominator)) {
            return new Rational(numerator.add(other.numerator), denominator);
        }
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /** The difference. */
    public Rational minus(Rational other) {
        return plus(other.negated());
    }

    /** The product. */
    public Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** The product with a whole number. */
    public Rational times(long factor) {
        return new Rational(numerator.multiply(BigInteger.valueOf(factor)), denominator);
    }

    /** The quotient. @throws ArithmeticException when dividing by zero */
    public Rational dividedBy(Rational other) {
        return new Rational(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    /** The value with the opposite sign. */
    public Rational negated() {
        return new Rational(numerator.negate(), denominator);
    }

    /** -1, 0 or 1. */
    public int signum() {
        return numerator.signum();
    }

    /** Whether the value is a whole number. */
    public boolean isWhole() {
        return denominator.equals(BigInteger.ONE);
    }

    /** The smaller of two. */
    public Rational min(Rational other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The greater of two. */
    public Rational max(Rational other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The greatest whole number not above this: towards minus infinity, also below zero. */
    public BigInteger floor() {
        return floorDivide(numerator, denominator);
    }

    /** The smallest whole number not below this. */
    public BigInteger ceiling() {
        return floorDivide(numerator.negate(), denominator).negate();
    }

    /** Floor of a million times this. @throws ArithmeticException when it does not fit a {@code long} */
    public long floorMicros() {
        return floorDivide(numerator.multiply(MICROS), denominator).longValueExact();
    }

    /** A decimal with so many digits after the point, rounded as told; for showing, never for posting. */
    public BigDecimal toDecimal(int scale, RoundingMode rounding) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), scale, rounding);
    }

    private static BigInteger floorDivide(BigInteger dividend, BigInteger divisor) {
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    @Override
    public int compareTo(Rational other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    /** {@code 3} or {@code 1/3}: exact, and read back by {@link #parse} up to 40 digits. */
    @Override
    public String toString() {
        return isWhole() ? numerator.toString() : numerator + "/" + denominator;
    }
}
