package org.tallystick.protocol.codec;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The strict parser behind {@link Json#parse(byte[])}. It refuses every text that two parsers might read differently.
 * Used once for each text; not thread-safe.
 */
final class JsonParser {
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_EXPONENT = 400;

    /** One for all objects without members: a text of nothing else must not become many times its length in memory. */
    private static final Json.Obj EMPTY_OBJECT = new Json.Obj(Map.of());

    /** One for all arrays without items. */
    private static final Json.Arr EMPTY_ARRAY = new Json.Arr(List.of());

    private final String text;
    private final long mostValues;
    private long values;
    private int at;

    private JsonParser(String text, long mostValues) {
        this.text = text;
        this.mostValues = mostValues;
    }

    static Json parse(byte[] utf8, long mostValues) {
        JsonParser parser = new JsonParser(decode(utf8), mostValues);
        String text = parser.text;
        parser.space();
        Json value = parser.value(0);
        parser.space();
        if (parser.at < text.length()) {
            throw parser.wrong("json/trailing", "something follows the value");
        }
        return value;
    }

    /** Most texts are ASCII, which takes one byte a character in memory; the way over a decoder takes three times that. */
    private static String decode(byte[] utf8) {
        boolean ascii = true;
        for (int i = 0; i < utf8.length && ascii; i++) {
            ascii = utf8[i] >= 0;
        }
        if (ascii) {
            return new String(utf8, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("json/not-utf8", "the text is not UTF-8");
        }
    }

    private Json value(int depth) {
        values++;
        if (values > mostValues) {
            throw wrong("json/too-many-values", "more than " + mostValues + " values in one text");
        }
        if (depth > Json.MAX_DEPTH) {
            throw wrong("json/too-deep", "nesting deeper than " + Json.MAX_DEPTH);
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Str(string());
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", Json.NULL);
            default -> number();
        };
    }

    private Json object(int depth) {
        at++;
        space();
        if (peek() == '}') {
            at++;
            return EMPTY_OBJECT;
        }
        Map<String, Json> members = new LinkedHashMap<>();
        while (true) {
            space();
            if (peek() != '"') {
                throw wrong("json/syntax", "a member name is expected");
            }
            String name = string();
            space();
            expect(':');
            space();
            if (members.putIfAbsent(name, value(depth + 1)) != null) {
                throw wrong("json/duplicate-member", "member " + Shown.text(name) + " stands twice");
            }
            space();
            if (peek() == '}') {
                at++;
                return new Json.Obj(members);
            }
            expect(',');
        }
    }

    private Json array(int depth) {
        at++;
        space();
        if (peek() == ']') {
            at++;
            return EMPTY_ARRAY;
        }
        List<Json> items = new ArrayList<>();
        while (true) {
            space();
            items.add(value(depth + 1));
            space();
            if (peek() == ']') {
                at++;
                return new Json.Arr(items);
            }
            expect(',');
        }
    }

    private String string() {
        at++;
        int start = at;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        String value = at < text.length() && text.charAt(at) == '"'
                ? text.substring(start, at++)
                : withEscapes(new StringBuilder().append(text, start, at));
        if (!Jcs.isScalarText(value)) {
            throw wrong("json/lone-surrogate", "a string holds half of a surrogate pair");
        }
        return value;
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c != '"' && c != '\\';
    }

    /** Reads the rest of a string, from its first escape to the closing quote. */
    private String withEscapes(StringBuilder out) {
        while (true) {
            char c = next();
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                throw wrong("json/control-character", "a control character stands unescaped in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("json/syntax", "unknown escape in a string");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = next();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw wrong("json/syntax", "\\u needs four hexadecimal digits");
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private Json number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits();
        }
        String literal = text.substring(start, at);
        if (literal.length() > MAX_NUMBER_LENGTH) {
            throw wrong("json/number-too-long", "a number of " + literal.length() + " characters");
        }
        BigDecimal value;
        try {
            value = new BigDecimal(literal);
        } catch (NumberFormatException e) {
            throw wrong("json/number-out-of-range", "number " + literal + " is out of range");
        }
        if (value.signum() != 0 && Math.abs((long) value.precision() - value.scale()) > MAX_EXPONENT) {
            throw wrong("json/number-out-of-range", "number " + literal + " is out of range");
        }
        return new Json.Num(value);
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("json/syntax", "a value is expected");
        }
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw wrong("json/syntax", "a value is expected");
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("json/truncated", "the text ends too early");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("json/syntax", "'" + c + "' is expected");
        }
        at++;
    }

    private MalformedException wrong(String reason, String what) {
        return new MalformedException(reason, what + " (at character " + at + ")");
    }
}
