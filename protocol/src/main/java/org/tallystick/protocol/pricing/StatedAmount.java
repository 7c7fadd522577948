package org.tallystick.protocol.pricing;

import java.math.BigInteger;

/**
 * An exact amount of money as a paper (statement or invoice) states it, in major units of the paper's currency; below
 * zero for what is taken back. A paper keeps one kind throughout, which its {@link Notation} names, so amounts of two
 * kinds are never added.
 */
public sealed interface StatedAmount permits Exact, Fraction {
    /**
     * The sum.
     *
     * @throws IllegalArgumentException where the other is of another kind
     */
    StatedAmount plus(StatedAmount other);

    /** The same amount with the other sign. */
    StatedAmount negated();

    /** Whether it is below zero. */
    boolean isNegative();

    /** The greatest whole number of micros (10<sup>-6</sup> of the major unit) not above it: what is posted of it. */
    BigInteger floorMicros();

    /** It in whole e, rounded down; unchanged for whatever is a decimal of at most 48 places. */
    Exact toExact();

    /**
     * Reads an amount of either kind, for readers of papers and tables of both; each notation alone is stricter.
     *
     * @throws org.tallystick.protocol.codec.MalformedException {@code statement/exact}
     */
    static StatedAmount parseEither(String text, String where) {
        return (text.indexOf('/') >= 0 ? Notation.FRACTIONS : Notation.DECIMALS).parse(text, where);
    }
}
