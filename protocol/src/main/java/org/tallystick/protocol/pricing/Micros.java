package org.tallystick.protocol.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** Posted and charged amounts, whole micros (10<sup>-6</sup> of the major unit), as the one text that stands for each. */
public final class Micros {
    private static final int DIGITS = 6;
    private static final BigInteger PER_UNIT = BigInteger.valueOf(1_000_000);
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,29})(\\.[0-9]{1,6})?");

    private Micros() {}

    /** Major units with at least the currency's minor digits and no trailing zeros beyond, for example {@code 12.50}. */
    public static String text(BigInteger micros, int minorDigits) {
        BigInteger[] parts = micros.abs().divideAndRemainder(PER_UNIT);
        String digits = PER_UNIT.add(parts[1]).toString();
        int end = DIGITS + 1;
        while (end > 1 + minorDigits && digits.charAt(end - 1) == '0') {
            end--;
        }
        String whole = (micros.signum() < 0 ? "-" : "") + parts[0];
        return end == 1 ? whole : whole + "." + digits.substring(1, end);
    }

    /**
     * Reads what {@link #text} writes, and nothing else.
     *
     * @throws MalformedException {@code invoice/amount}
     */
    public static BigInteger parse(Fields fields, String name, int minorDigits) {
        String text = fields.text(name);
        if (DECIMAL.matcher(text).matches()) {
            BigInteger micros = new BigDecimal(text).setScale(DIGITS).unscaledValue();
            if (text(micros, minorDigits).equals(text)) {
                return micros;
            }
        }
        throw new MalformedException("invoice/amount", fields.path(name) + " is not the one text of an amount");
    }
}
