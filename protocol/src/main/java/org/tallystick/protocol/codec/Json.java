package org.tallystick.protocol.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A JSON value (RFC 8259) as immutable data. Numbers keep their exact decimal value, because prices are among them.
 * {@link #parse(byte[])} is the only way from text to a value and is strict; {@link Jcs} gives the bytes to sign. Safe
 * from any thread.
 */
public sealed interface Json {

    /** Deepest nesting of arrays and objects that {@link #parse(byte[])} accepts. */
    int MAX_DEPTH = 64;

    /** The value {@code null}. */
    Json NULL = new Null();

    /**
     * An object. Keeps its members in the order of the source; two objects are equal whatever the order of their
     * members.
     */
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The member of that name, if present. */
        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /** A copy without the named member. */
        public Obj without(String name) {
            Map<String, Json> copy = new LinkedHashMap<>(members);
            copy.remove(name);
            return new Obj(copy);
        }

        /** A copy in which the named member has the given value. */
        public Obj with(String name, Json value) {
            Map<String, Json> copy = new LinkedHashMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }

        @Override
        public String toString() {
            return Jcs.text(this);
        }
    }

    /** An array. */
    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return Jcs.text(this);
        }
    }

    /** A string of Unicode scalar values (no lone surrogates). */
    record Str(String value) implements Json {
        public Str {
            Objects.requireNonNull(value);
            if (!Jcs.isScalarText(value)) {
                throw new MalformedException("json/lone-surrogate", "a string holds half of a surrogate pair");
            }
        }

        @Override
        public String toString() {
            return Jcs.text(this);
        }
    }

    /**
     * A number with its exact decimal value. Equal numbers are equal however they were written ({@code 1.0} and {@code
     * 1}).
     */
    record Num(BigDecimal value) implements Json {
        public Num {
            value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        }

        @Override
        public String toString() {
            return Jcs.text(this);
        }
    }

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** {@code null}. */
    record Null() implements Json {
        @Override
        public String toString() {
            return "null";
        }
    }

    /**
     * Parses one JSON text strictly. It must be UTF-8 without a byte order mark, without duplicate member names or lone
     * surrogates, nested at most {@link #MAX_DEPTH} deep, and nothing may follow the value.
     *
     * @throws MalformedException with a reason {@code json/…}; its sentence says where in the text
     */
    static Json parse(byte[] utf8) {
        return parse(utf8, Long.MAX_VALUE);
    }

    /**
     * Parses one JSON text like {@link #parse(byte[])}, of at most so many values: a value takes up to three hundred bytes of
     * memory, however short its text is.
     *
     * @throws MalformedException as {@link #parse(byte[])}, or {@code json/too-many-values}
     */
    static Json parse(byte[] utf8, long mostValues) {
        return JsonParser.parse(utf8, mostValues);
    }

    /**
     * Parses one JSON text, as strictly as {@link #parse(byte[])}.
     *
     * @throws MalformedException as {@link #parse(byte[])}
     */
    static Json parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Parses one JSON text, which must be an object.
     *
     * @throws MalformedException as {@link #parse(byte[])}, or {@code json/…} where it is another value
     */
    static Obj parseObject(byte[] utf8) {
        if (parse(utf8) instanceof Obj object) {
            return object;
        }
        throw new MalformedException("json/not-an-object", "a JSON object is expected");
    }

    static Str of(String value) {
        return new Str(value);
    }

    static Num of(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    static Num of(BigDecimal value) {
        return new Num(value);
    }

    static Bool of(boolean value) {
        return new Bool(value);
    }

    /** A time as text: RFC 3339 in UTC with milliseconds, the only form of a time in documents of this project. */
    static Str of(Instant time) {
        return new Str(Times.text(time));
    }

    static Arr array(List<? extends Json> items) {
        return new Arr(new ArrayList<>(items));
    }

    static Arr strings(List<String> items) {
        return new Arr(new ArrayList<>(items.stream().map(Json::of).toList()));
    }

    static Builder object() {
        return new Builder();
    }

    /** Builds an object; setting a name twice is a programming error. Not thread-safe. */
    final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            if (members.put(name, value) != null) {
                throw new IllegalStateException("member set twice: " + name);
            }
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, of(value));
        }

        public Builder put(String name, long value) {
            return put(name, of(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, of(value));
        }

        public Builder put(String name, Instant value) {
            return put(name, of(value));
        }

        /** Sets the member only where there is a value. */
        public Builder putIfPresent(String name, Optional<String> value) {
            value.ifPresent(v -> put(name, v));
            return this;
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
