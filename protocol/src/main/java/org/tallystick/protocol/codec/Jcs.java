package org.tallystick.protocol.codec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * JSON Canonicalization Scheme (RFC 8785): exactly one byte string for each JSON value, so that the signed bytes do not
 * depend on the program that wrote them. RFC 8785 writes numbers as IEEE 754 doubles. A number that is not exactly a
 * double is therefore refused: rounding it would change a price by signing it. Stateless, safe from any thread.
 */
public final class Jcs {
    /** Whole numbers of up to so many digits are doubles whose shortest text is the number itself. */
    private static final int EXACT_DIGITS = 15;

    private Jcs() {}

    /**
     * The canonical UTF-8 bytes.
     *
     * @throws MalformedException {@code json/number-not-exact} for a number that is not exactly an IEEE 754 double
     */
    public static byte[] bytes(Json value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** The canonical text. */
    public static String text(Json value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /**
     * Parses bytes and accepts only the canonical form, so that no two byte strings stand for the same value.
     *
     * @throws MalformedException {@code json/not-canonical}, or any reason of {@link Json#parse(byte[])}
     */
    public static Json parseCanonical(byte[] utf8) {
        Json value = Json.parse(utf8);
        if (!Arrays.equals(bytes(value), utf8)) {
            throw new MalformedException("json/not-canonical", "the text is not in canonical form (RFC 8785)");
        }
        return value;
    }

    public static boolean isScalarText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                i++;
                if (!Character.isHighSurrogate(c)
                        || i == value.length()
                        || !Character.isLowSurrogate(value.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void write(Json value, StringBuilder out) {
        switch (value) {
            case Json.Obj object -> writeObject(object, out);
            case Json.Arr array -> {
                out.append('[');
                String separator = "";
                for (Json item : array.items()) {
                    out.append(separator);
                    separator = ",";
                    write(item, out);
                }
                out.append(']');
            }
            case Json.Str string -> writeString(string.value(), out);
            case Json.Num number -> out.append(number(number.value()));
            case Json.Bool bool -> out.append(bool.value());
            case Json.Null ignored -> out.append("null");
        }
    }

    private static void writeObject(Json.Obj object, StringBuilder out) {
        out.append('{');
        String separator = "";
        // String's natural order compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
        String[] names = object.members().keySet().toArray(String[]::new);
        Arrays.sort(names);
        for (String name : names) {
            out.append(separator);
            separator = ",";
            writeString(name, out);
            out.append(':');
            write(Objects.requireNonNull(object.members().get(name)), out);
        }
        out.append('}');
    }

    /** Writes a string in double quotes. Most strings need no escape and are copied at once. */
    private static void writeString(String value, StringBuilder out) {
        out.append('"');
        int written = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                out.append(value, written, i);
                writeEscaped(c, out);
                written = i + 1;
            }
        }
        if (written == 0) {
            out.append(value);
        } else {
            out.append(value, written, value.length());
        }
        out.append('"');
    }

    private static void writeEscaped(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default ->
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
        }
    }

    private static String number(BigDecimal value) {
        if (value.scale() <= 0 && value.precision() - value.scale() <= EXACT_DIGITS) {
            return Long.toString(value.longValueExact());
        }
        double nearest = value.doubleValue();
        if (Double.isInfinite(nearest)) {
            throw new MalformedException("json/number-not-exact", "number " + value + " is too large");
        }
        String text = ecmaScript(nearest);
        if (new BigDecimal(text).compareTo(value) != 0) {
            throw new MalformedException(
                    "json/number-not-exact", "number " + value.toPlainString() + " would be signed as " + text);
        }
        return text;
    }

    /**
     * The text of a number as ECMAScript's {@code Number::toString} gives it, which RFC 8785 (section 3.2.2.3) asks
     * for.
     */
    static String ecmaScript(double value) {
        if (value == 0) {
            return "0";
        }
        if (value < 0) {
            return "-" + ecmaScript(-value);
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().toString();
        int count = digits.length();
        int point = count - shortest.scale();
        if (count <= point && point <= 21) {
            return digits + "0".repeat(point - count);
        }
        if (0 < point && point <= 21) {
            return digits.substring(0, point) + "." + digits.substring(point);
        }
        if (-6 < point && point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        String exponent = (point - 1 < 0 ? "-" : "+") + Math.abs(point - 1);
        return digits.charAt(0) + (count == 1 ? "" : "." + digits.substring(1)) + "e" + exponent;
    }

    /**
     * The shortest decimal that reads back as the same double. {@link Double#toString} always prints two digits at
     * least, so a decimal of one digit is tried first.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() != 2) {
            return decimal;
        }
        // The nearest decimal of one digit, if it reads back as the same double.
        BigDecimal oneDigit = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
        if (oneDigit.doubleValue() == value) {
            return oneDigit.stripTrailingZeros();
        }
        return decimal;
    }
}
