package org.tallystick.protocol;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * JSON Canonicalization Scheme (RFC 8785): the one byte form of a JSON value, so that what is signed does not depend on
 * who wrote it. A number must be exactly the IEEE 754 double it is read as, or it is refused: a price must not change
 * by being signed.
 */
public final class Jcs {
    private Jcs() {}

    /**
     * The canonical UTF-8 bytes.
     *
     * @throws MalformedException {@code json/number-not-exact} for a number no double prints as
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
     * Parses bytes that must already be canonical, so that no two byte strings mean the same.
     *
     * @throws MalformedException {@code json/not-canonical}, or any reason of {@link Json#parse}
     */
    public static Json parseCanonical(byte[] utf8) {
        Json value = Json.parse(utf8);
        if (!Arrays.equals(bytes(value), utf8)) {
            throw new MalformedException("json/not-canonical", "the text is not in canonical form (RFC 8785)");
        }
        return value;
    }

    static boolean isScalarText(String value) {
        return value.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
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
        for (Map.Entry<String, Json> member : object.members().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            out.append(separator);
            separator = ",";
            writeString(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
        }
        out.append('}');
    }

    private static void writeString(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static String number(BigDecimal value) {
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

    /** Number::toString of ECMAScript (RFC 8785 section 3.2.2.3). */
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

    /** The shortest decimal that reads back as the same double; {@link Double#toString} never goes below two digits. */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() != 2) {
            return decimal;
        }
        // The nearer of the two one-digit neighbours, if it reads back as the same double.
        BigDecimal oneDigit = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
        if (oneDigit.doubleValue() == value) {
            return oneDigit.stripTrailingZeros();
        }
        return decimal;
    }
}
