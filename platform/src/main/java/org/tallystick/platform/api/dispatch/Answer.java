package org.tallystick.platform.api.dispatch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * What is answered, before it becomes HTTP.
 *
 * @param headers beside those that describe the body
 */
public record Answer(int status, Map<String, String> headers, Body body) {
    public static final String JSON = "application/json";

    public Answer {
        headers = Map.copyOf(headers);
        Objects.requireNonNull(body);
    }

    /** The body of an answer. */
    sealed interface Body {
        /** An answer without a body. */
        record Nothing() implements Body {}

        /** A body that is held in memory as a whole. */
        @SuppressWarnings("ArrayRecordComponent") // written once, never kept
        record Bytes(String type, byte[] bytes) implements Body {}

        /**
         * A body that is written while it is made, for what is too long for memory.
         *
         * @param length in bytes, or -1 where it is not known
         */
        record Stream(String type, long length, Writer writer) implements Body {}
    }

    /** Writes a body. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    public static Answer ok(Json.Obj body) {
        return json(200, body);
    }

    public static Answer created(Json.Obj body) {
        return json(201, body);
    }

    static Answer json(int status, Json.Obj body) {
        return bytes(status, JSON, Jcs.bytes(body));
    }

    public static Answer text(String type, String text) {
        return bytes(200, type, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer bytes(int status, String type, byte[] bytes) {
        return new Answer(status, Map.of(), new Body.Bytes(type, bytes));
    }

    public static Answer stream(int status, String type, long length, Writer writer) {
        return new Answer(status, Map.of(), new Body.Stream(type, length, writer));
    }

    public static Answer empty(int status) {
        return new Answer(status, Map.of(), new Body.Nothing());
    }

    public Answer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }
}
