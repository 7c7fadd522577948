package org.tallystick.protocol.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * An exact amount as papers of version 1 state it: a whole number or a fraction in lowest terms, in major units. Kept so
 * that those papers go on being read, verified and computed again to the byte; nothing new is made of fractions, because
 * their sums grow with every new denominator.
 *
 * @param numerator below zero for what is taken back
 * @param denominator above zero
 */
public record Fraction(BigInteger numerator, BigInteger denominator) implements StatedAmount {
    /** Nothing. */
    public static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

    private static final int WORD_DIGITS = 18;
    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);
    private static final Pattern TEXT = Pattern.compile("(-?(?:0|[1-9][0-9]{0,79}))(?:/([1-9][0-9]{0,79}))?");

    /** Brings it to lowest terms. */
    public Fraction {
        if (denominator.signum() <= 0) {
            throw new ArithmeticException("a denominator is above zero");
        }
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

    /** The same amount, exactly. */
    static Fraction of(Exact exact) {
        return new Fraction(exact.e(), BigInteger.TEN.pow(Exact.PLACES));
    }

    /** What the factors of a line of version 1 come to: nothing is rounded. */
    static Fraction worth(Worth worth) {
        BigDecimal unit = worth.unit();
        Fraction one = new Fraction(unit.unscaledValue(), BigInteger.TEN.pow(Math.max(0, unit.scale())));
        BigInteger tens = BigInteger.TEN.pow(Math.max(0, -unit.scale()));
        return new Fraction(
                one.numerator.multiply(tens).multiply(BigInteger.valueOf(worth.uses())),
                one.denominator.multiply(BigInteger.valueOf(worth.isFlat() ? worth.of() : 1)));
    }

    /**
     * Reads the one text of an amount.
     *
     * @param where names the place in messages
     */
    static Fraction parse(String text, String where) {
        int slash = text.indexOf('/');
        int end = slash < 0 ? text.length() : slash;
        boolean negative = text.startsWith("-");
        if (isWord(text, negative ? 1 : 0, end) && (slash < 0 || isWord(text, slash + 1, text.length()))) {
            long numerator = Long.parseLong(text, 0, end, 10);
            long denominator = slash < 0 ? 1 : Long.parseLong(text, slash + 1, text.length(), 10);
            BigInteger one = BigInteger.valueOf(numerator);
            BigInteger other = BigInteger.valueOf(denominator);
            if (numerator == 0 ? !negative && slash < 0 : slash < 0 || isLowest(one, other)) {
                return new Fraction(one, other);
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

    private static Fraction parseAny(String text, String where) {
        var match = TEXT.matcher(text);
        if (match.matches()) {
            BigInteger denominator = match.group(2) == null ? BigInteger.ONE : new BigInteger(match.group(2));
            Fraction fraction = new Fraction(new BigInteger(match.group(1)), denominator);
            if (fraction.toString().equals(text)) {
                return fraction;
            }
        }
        throw new MalformedException(
                "statement/exact",
                where + " must be a whole number or a fraction in lowest terms, not " + Fields.shown(text));
    }

    @Override
    public Fraction plus(StatedAmount other) {
        if (!(other instanceof Fraction fraction)) {
            throw new IllegalArgumentException("a fraction and an amount in e are not added");
        }
        return new Fraction(
                numerator.multiply(fraction.denominator).add(fraction.numerator.multiply(denominator)),
                denominator.multiply(fraction.denominator));
    }

    @Override
    public Exact toExact() {
        BigInteger scaled = numerator.multiply(BigInteger.TEN.pow(Exact.PLACES));
        return new Exact(floorDivide(scaled, denominator));
    }

    @Override
    public Fraction negated() {
        return new Fraction(numerator.negate(), denominator);
    }

    @Override
    public boolean isNegative() {
        return numerator.signum() < 0;
    }

    @Override
    public BigInteger floorMicros() {
        return floorDivide(numerator.multiply(MICROS), denominator);
    }

    private static BigInteger floorDivide(BigInteger dividend, BigInteger divisor) {
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
