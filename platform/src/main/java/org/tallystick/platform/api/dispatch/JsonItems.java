package org.tallystick.platform.api.dispatch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Reads a JSON object one of whose members is a long array, item by item, so that no more than one item is in memory. It
 * only finds where values end; each is then parsed by {@link Json#parse(byte[], long)}, as strictly as any. One thread, one
 * use.
 */
final class JsonItems {
    /** Longest item of the array, in bytes. */
    private static final int MAX_ITEM = 64 << 10;

    /** Longest member beside the array, in bytes. */
    private static final int MAX_MEMBER = 16 << 20;

    private static final int MAX_MEMBERS = 100;
    private static final int END = -1;

    private final InputStream in;
    private final long mostValues;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();
    private int at;
    private int filled;
    private long offset;

    JsonItems(InputStream in, long mostValues) {
        this.in = in;
        this.mostValues = mostValues;
    }

    /**
     * Reads the whole text.
     *
     * @param array name of the member that is read item by item
     * @param each is given each item in turn
     * @return the object, with an empty array in that member's place
     * @throws MalformedException as {@link Json#parse(byte[])}; {@code json/item-too-long}
     */
    Json.Obj read(String array, Consumer<Json> each) throws IOException {
        Map<String, Json> members = new LinkedHashMap<>();
        if (next() != '{') {
            throw wrong("json/not-an-object", "a JSON object is expected");
        }
        if (next() != '}') {
            back();
            do {
                member(array, each, members);
            } while (more('}'));
        }
        if (next() != END) {
            throw wrong("json/trailing", "something follows the value");
        }
        return new Json.Obj(members);
    }

    private void member(String array, Consumer<Json> each, Map<String, Json> members) throws IOException {
        if (next() != '"') {
            throw wrong("json/syntax", "a member name is expected");
        }
        back();
        String name = value(MAX_ITEM) instanceof Json.Str text ? text.value() : "";
        if (next() != ':') {
            throw wrong("json/syntax", "':' is expected");
        }
        if (members.containsKey(name)) {
            throw wrong("json/duplicate-member", "member " + Fields.shown(name) + " stands twice");
        }
        if (members.size() == MAX_MEMBERS) {
            throw wrong("json/too-many-values", "an object of more than " + MAX_MEMBERS + " members");
        }
        boolean items = next() == '[' && name.equals(array);
        if (items) {
            items(each);
            members.put(name, Json.strings(List.of()));
        } else {
            back();
            members.put(name, value(MAX_MEMBER));
        }
    }

    private void items(Consumer<Json> each) throws IOException {
        if (next() == ']') {
            return;
        }
        back();
        do {
            next();
            back();
            each.accept(value(MAX_ITEM));
        } while (more(']'));
    }

    /** Whether a comma follows, and not the end. */
    private boolean more(char end) throws IOException {
        int c = next();
        if (c == END) {
            throw wrong("json/truncated", "the text ends too early");
        }
        if (c != ',' && c != end) {
            throw wrong("json/syntax", "',' or '" + end + "' is expected");
        }
        return c == ',';
    }

    /** Reads the value that begins here, to its end, and parses it. */
    private Json value(int most) throws IOException {
        value.reset();
        int depth = 0;
        boolean text = false;
        boolean escaped = false;
        boolean done = false;
        while (!done) {
            int c = one();
            if (c == END) {
                throw wrong("json/truncated", "the text ends too early");
            }
            boolean plain = !text && depth == 0 && value.size() > 0;
            if (plain && (c == ',' || c == ']' || c == '}' || c == ':' || isSpace(c))) {
                back();
                break;
            }
            value.write(c);
            if (text) {
                text = escaped || c != '"';
                escaped = !escaped && c == '\\';
                done = !text && depth == 0;
            } else if (c == '"') {
                text = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                done = depth <= 0;
            }
            if (value.size() > most) {
                throw wrong("json/item-too-long", "one value here has at most " + most + " bytes");
            }
        }
        return parse();
    }

    private Json parse() {
        try {
            return Json.parse(value.toByteArray(), mostValues);
        } catch (MalformedException e) {
            throw new MalformedException(
                    e.reason(), e.detail() + ", in the value that ends at byte " + offset + " of the body");
        }
    }

    /** The next byte that is no white space. */
    private int next() throws IOException {
        int c = one();
        while (isSpace(c)) {
            c = one();
        }
        return c;
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private int one() throws IOException {
        if (at == filled) {
            if (filled == END) {
                return END;
            }
            filled = in.read(buffer);
            at = 0;
            if (filled <= 0) {
                filled = END;
                at = END;
                return END;
            }
        }
        offset++;
        return buffer[at++] & 0xff;
    }

    /** Gives the byte read last back. */
    private void back() {
        if (filled != END) {
            at--;
            offset--;
        }
    }

    private MalformedException wrong(String reason, String what) {
        return new MalformedException(reason, what + " (at byte " + offset + ")");
    }
}
