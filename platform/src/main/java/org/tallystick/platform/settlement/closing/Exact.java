package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.Rational;

/** Sums of exact amounts as they stand in statements: longer than the numbers people may send. */
public final class Exact {
    private static final Pattern TEXT = Pattern.compile("(-?[0-9]{1,80})(?:/([1-9][0-9]{0,79}))?");

    private Exact() {}

    public static Rational parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException("not an exact amount: " + text);
        }
        BigInteger denominator = matcher.group(2) == null ? BigInteger.ONE : new BigInteger(matcher.group(2));
        return new Rational(new BigInteger(matcher.group(1)), denominator);
    }
}
