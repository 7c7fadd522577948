package org.tallystick.protocol.codec;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the members of a JSON object by name and type. An error says which member is missing, has the wrong type or is
 * unknown. Remembers which members were read, so that {@link #noOthers} can refuse an object with members that nobody
 * read: nobody should sign a term that no program understands. Not thread-safe; make one for each object.
 */
public final class Fields {
    private final Json.Obj object;
    private final String where;
    private final Set<String> read = new HashSet<>();

    private final Mode mode;

    /** How {@code null} and times are read. */
    private enum Mode {
        /** A member that is {@code null} is absent. */
        OPEN,
        /** A member that is {@code null} is refused. */
        STRICT,
        /** As {@link #OPEN}, and times as they were accepted once. */
        RECORDED
    }

    private Fields(Json.Obj object, String where, Mode mode) {
        this.object = object;
        this.where = where;
        this.mode = mode;
    }

    /**
     * Starts reading a value, which must be an object.
     *
     * @param where the place of the value in its document, for messages: {@code contract} or {@code contract.pricing}
     * @throws MalformedException {@code json/not-an-object}
     */
    public static Fields of(Json value, String where) {
        return of(value, where, Mode.OPEN);
    }

    /**
     * Starts reading a value whose schema knows no {@code null}: here and below, a member that is {@code null} is refused
     * ({@code json/null}) and not taken for one that is absent.
     *
     * @throws MalformedException {@code json/not-an-object}
     */
    public static Fields strict(Json value, String where) {
        return of(value, where, Mode.STRICT);
    }

    /**
     * Starts reading a document that was accepted before, by the looser rules of then: a member that is {@code null} is
     * absent, and a time may lack its seconds.
     *
     * @throws MalformedException {@code json/not-an-object}
     */
    public static Fields recorded(Json value, String where) {
        return of(value, where, Mode.RECORDED);
    }

    private static Fields of(Json value, String where, Mode mode) {
        if (value instanceof Json.Obj object) {
            return new Fields(object, where, mode);
        }
        throw new MalformedException("json/not-an-object", where + " must be an object");
    }

    /** The object being read. */
    public Json.Obj object() {
        return object;
    }

    /**
     * The required string member.
     *
     * @throws MalformedException {@code json/missing-member} or {@code json/wrong-type}, as all methods here that read
     *     a required member
     */
    public String text(String name) {
        return textOf(required(name), path(name));
    }

    /** The required string member, at most {@code max} characters and not empty. */
    public String text(String name, int max) {
        String value = text(name);
        if (value.isEmpty() || value.length() > max) {
            throw new MalformedException(
                    "json/text-length", path(name) + " must have 1 to " + max + " characters, has " + value.length());
        }
        return value;
    }

    public Optional<String> optionalText(String name) {
        return optional(name).map(v -> textOf(v, path(name)));
    }

    /** The required whole number from {@code min} to {@code max}, both included. */
    public long integer(String name, long min, long max) {
        return integerOf(required(name), name, min, max);
    }

    public Optional<Long> optionalInteger(String name, long min, long max) {
        return optional(name).map(v -> integerOf(v, name, min, max));
    }

    /** The required number with its exact decimal value. */
    public BigDecimal number(String name) {
        return numberOf(required(name), name);
    }

    public Optional<BigDecimal> optionalNumber(String name) {
        return optional(name).map(v -> numberOf(v, name));
    }

    public Optional<Boolean> optionalBool(String name) {
        return optional(name).map(v -> {
            if (v instanceof Json.Bool bool) {
                return bool.value();
            }
            throw new MalformedException("json/wrong-type", path(name) + " must be true or false");
        });
    }

    /** The required RFC 3339 time, between 1970 and 9999. */
    public Instant instant(String name) {
        return time(text(name));
    }

    public Optional<Instant> optionalInstant(String name) {
        return optionalText(name).map(this::time);
    }

    private Instant time(String text) {
        return mode == Mode.RECORDED ? Times.recorded(text) : Times.parse(text);
    }

    /** The required object member, ready to be read. */
    public Fields fields(String name) {
        return of(required(name), path(name), mode);
    }

    public Optional<Fields> optionalFields(String name) {
        return optional(name).map(v -> of(v, path(name), mode));
    }

    /** The required array member. */
    public List<Json> array(String name) {
        return arrayOf(required(name), name);
    }

    /** The array member, or an empty list where it is absent. */
    public List<Json> optionalArray(String name) {
        return optional(name).map(v -> arrayOf(v, name)).orElse(List.of());
    }

    /** The required array of objects, each ready to be read. */
    public List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        for (Json item : array(name)) {
            all.add(of(item, path(name) + "[" + all.size() + "]", mode));
        }
        return all;
    }

    /** The array of strings, or an empty list where it is absent. */
    public List<String> strings(String name) {
        List<String> all = new ArrayList<>();
        for (Json item : optionalArray(name)) {
            all.add(textOf(item, path(name) + "[" + all.size() + "]"));
        }
        return all;
    }

    /** A list of whole numbers, each within bounds. */
    public List<Long> integers(String name, long min, long max) {
        List<Json> items = array(name);
        List<Long> integers = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            integers.add(integerOf(items.get(i), name + "[" + i + "]", min, max));
        }
        return integers;
    }

    /** The member, whatever its type. */
    public Optional<Json> optional(String name) {
        read.add(name);
        if (mode == Mode.STRICT
                && object.get(name).filter(Json.Null.class::isInstance).isPresent()) {
            throw new MalformedException("json/null", path(name) + " is null; leave it out instead");
        }
        return object.get(name).filter(v -> !(v instanceof Json.Null));
    }

    /** The required member of any type. */
    public Json required(String name) {
        return optional(name)
                .orElseThrow(() -> new MalformedException("json/missing-member", path(name) + " is missing"));
    }

    /**
     * Refuses the object if it has a member that none of the methods above has read.
     *
     * @throws MalformedException {@code json/unknown-member}
     */
    public void noOthers() {
        for (String name : object.members().keySet()) {
            if (!read.contains(name)) {
                throw new MalformedException("json/unknown-member", path(shown(name)) + " is not known here");
            }
        }
    }

    /** The member's name behind the place of this object, as in {@code contract.pricing.model}; for messages. */
    public String path(String name) {
        return where + "." + name;
    }

    /**
     * Text from outside made fit for a message: in double quotes, at most 80 characters, without control characters.
     */
    public static String shown(String text) {
        return Shown.text(text);
    }

    private static String textOf(Json value, String path) {
        if (value instanceof Json.Str string) {
            return string.value();
        }
        throw new MalformedException("json/wrong-type", path + " must be a string");
    }

    private BigDecimal numberOf(Json value, String name) {
        if (value instanceof Json.Num number) {
            return number.value();
        }
        throw new MalformedException("json/wrong-type", path(name) + " must be a number");
    }

    private long integerOf(Json value, String name, long min, long max) {
        BigDecimal number = numberOf(value, name);
        if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw new MalformedException(
                    "json/number-out-of-range", path(name) + " must be between " + min + " and " + max);
        }
        if (number.scale() > 0) {
            throw new MalformedException("json/not-an-integer", path(name) + " must be a whole number");
        }
        return number.longValueExact();
    }

    private List<Json> arrayOf(Json value, String name) {
        if (value instanceof Json.Arr array) {
            return array.items();
        }
        throw new MalformedException("json/wrong-type", path(name) + " must be an array");
    }
}
