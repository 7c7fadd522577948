package org.tallystick.protocol.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** An exact amount as statements write it: a whole number or a fraction in lowest terms, below zero for what is taken back. */
public record Ratio(BigInteger numerator, BigInteger denominator) {
    public static final Ratio ZERO = new Ratio(BigInteger.ZERO, BigInteger.ONE);

    private static final int WORD_DIGITS = 18;
    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);
    private static final Pattern TEXT = Pattern.compile("(-?(?:0|[1-9][0-9]{0,79}))(?:/([1-9][0-9]{0,79}))?");

    public Ratio {
        if (!denominator.equals(BigInteger.ONE)) {
            BigInteger divisor = divisor(numerator, denominator);
            numerator = numerator.divide(divisor);
            denominator = denominator.divide(divisor);
        }
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

    public static Ratio of(BigDecimal decimal) {
        return decimal.scale() <= 0
                ? new Ratio(decimal.toBigIntegerExact(), BigInteger.ONE)
                : new Ratio(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
    }

    public static Ratio of(long numerator, long denominator) {
        return new Ratio(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /** Reads the one text of an amount; {@code where} names it in messages. */
    public static Ratio parse(String text, String where) {
        int slash = text.indexOf('/');
        int end = slash < 0 ? text.length() : slash;
        boolean negative = text.startsWith("-");
        if (isWord(text, negative ? 1 : 0, end) && (slash < 0 || isWord(text, slash + 1, text.length()))) {
            long numerator = Long.parseLong(text, 0, end, 10);
            long denominator = slash < 0 ? 1 : Long.parseLong(text, slash + 1, text.length(), 10);
            BigInteger one = BigInteger.valueOf(numerator);
            BigInteger other = BigInteger.valueOf(denominator);
            if (numerator == 0 ? !negative && slash < 0 : slash < 0 || isLowest(one, other)) {
                return new Ratio(one, other);
            }
        }
        return parseAny(text, where);
    }

    /** Whether a part of a text is a whole number without a sign, written as one is, that surely fits a word. */
    private static boolean isWord(String text, int from, int to) {
        if (from >= to || to - from > WORD_DIGITS || (text.charAt(from) == '0' && to - from > 1)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowest(BigInteger numerator, BigInteger denominator) {
        return denominator.compareTo(BigInteger.ONE) > 0
                && divisor(numerator, denominator).equals(BigInteger.ONE);
    }

    private static Ratio parseAny(String text, String where) {
        var match = TEXT.matcher(text);
        if (match.matches()) {
            BigInteger denominator = match.group(2) == null ? BigInteger.ONE : new BigInteger(match.group(2));
            Ratio ratio = new Ratio(new BigInteger(match.group(1)), denominator);
            if (ratio.toString().equals(text)) {
                return ratio;
            }
        }
        throw new MalformedException(
                "statement/exact",
                where + " must be a whole number or a fraction in lowest terms, not " + Fields.shown(text));
    }

    public Ratio plus(Ratio other) {
        return new Ratio(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    public Ratio times(Ratio other) {
        return new Ratio(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    public Ratio negated() {
        return new Ratio(numerator.negate(), denominator);
    }

    public boolean isNegative() {
        return numerator.signum() < 0;
    }

    /** The greatest whole number of micros not above this. */
    public BigInteger floorMicros() {
        BigInteger[] parts = numerator.multiply(MICROS).divideAndRemainder(denominator);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
