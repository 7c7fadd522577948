package org.tallystick.platform.api.dispatch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
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

        /** A body that is made into a file before any of it is sent, so that a slow reader holds nothing but the file. */
        record Prepared(String type, Writer writer) implements Body {}

        /** A body that lies in a file, which is gone once it is sent. */
        record Kept(String type, Path file) implements Body {}
    }

    /** Writes a body. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** Hands over the items of a list one after another. */
    @FunctionalInterface
    public interface Items {
        void each(Consumer<Json> item) throws IOException;
    }

    /** 200 with an object one member of which is a list too long for memory; the list is read while it is written. */
    public static Answer list(String list, Json.Obj others, Items items) {
        return lists(others, Map.of(list, items));
    }

    /** As {@link #list}, with several lists by the names of their members. */
    public static Answer lists(Json.Obj others, Map<String, Items> lists) {
        return stream(200, JSON, -1, new JsonList(others, lists));
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

    /** 200 with a body that takes the database's time to make, and must not wait for whoever reads it. */
    public static Answer prepared(String type, Writer writer) {
        return new Answer(200, Map.of(), new Body.Prepared(type, writer));
    }

    /** The same answer with its body in a file, where it is to be made into one. */
    Answer kept(Path temporary) throws IOException {
        if (!(body instanceof Body.Prepared(String type, Writer writer))) {
            return this;
        }
        Path file = Files.createTempFile(temporary, "answer", "");
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.write(out);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Answer(status, headers, new Body.Kept(type, file));
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
