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
 * A JSON value (RFC 8259) as immutable data. Numbers keep their decimal value exactly, because prices pass through
 * here. Text becomes a value only through {@link #parse}, which is strict; bytes to sign come from {@link Jcs}.
 */
public sealed interface Json {

    /** Deepest nesting accepted. */
    int MAX_DEPTH = 64;

    /** The value {@code null}. */
    Json NULL = new Null();

    /** An object; member order is the order of the source and does not matter to equality. */
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

    /** A number, exact; equal numbers are equal whatever their spelling ({@code 1.0} and {@code 1}). */
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
     * Parses one JSON text, strictly: UTF-8, no byte order mark, no duplicate member names, no lone surrogates, nesting
     * up to {@link #MAX_DEPTH}, nothing after the value.
     *
     * @throws MalformedException with reason {@code json/…} that says where
     */
    static Json parse(byte[] utf8) {
        return JsonParser.parse(utf8);
    }

    /** As {@link #parse(byte[])}, from text. */
    static Json parse(String text) {
        return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Parses a JSON text that must be an object. */
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

    /** RFC 3339 in UTC with milliseconds, the one form of a time in our documents. */
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
