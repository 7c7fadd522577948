package org.tallystick.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * JSON over {@link Transport} for one caller: shows its key, gives each command its {@code Idempotency-Key}, reads
 * answers. Safe from any thread.
 */
final class Rest {
    private final Transport transport;
    private final Optional<String> apiKey;
    private final Supplier<String> idempotencyKeys;

    Rest(Transport transport, Optional<String> apiKey, Supplier<String> idempotencyKeys) {
        this.transport = transport;
        this.apiKey = apiKey;
        this.idempotencyKeys = idempotencyKeys;
    }

    Rest as(String otherKey) {
        return new Rest(transport, Optional.of(otherKey), idempotencyKeys);
    }

    Rest once(String idempotencyKey) {
        return new Rest(transport, apiKey, () -> idempotencyKey);
    }

    /** The same caller, each call tried once. */
    Rest triedOnce() {
        return new Rest(transport.once(), apiKey, idempotencyKeys);
    }

    boolean isHealthy() {
        try {
            return transport.once().send(Transport.Call.get("/healthz"), (answer, body) -> answer.statusCode() == 200);
        } catch (ProblemException | UnreachableException e) {
            return false;
        }
    }

    <T> T get(String target, Function<Fields, T> reader) {
        return send(Transport.Call.get(target), reader);
    }

    /** A command without a body. */
    <T> T post(String target, Function<Fields, T> reader) {
        return send(
                new Transport.Call("POST", target, Map.of(), Optional.empty())
                        .header("Idempotency-Key", idempotencyKeys.get()),
                reader);
    }

    <T> T post(String target, Json.Obj body, Function<Fields, T> reader) {
        byte[] bytes = Jcs.bytes(body);
        return send(
                sending(target, "application/json", () -> BodyPublishers.ofByteArray(bytes))
                        .header("Idempotency-Key", idempotencyKeys.get()),
                reader);
    }

    /** A POST of a body that identifies itself. */
    static Transport.Call sending(String target, String contentType, Supplier<BodyPublisher> body) {
        return new Transport.Call("POST", target, Map.of(), Optional.of(body)).header("Content-Type", contentType);
    }

    <T> T send(Transport.Call call, Function<Fields, T> reader) {
        return exchange(call, (answer, body) -> decode(answer, body.readAllBytes(), reader));
    }

    <T> T exchange(Transport.Call call, Transport.AnswerReader<T> reader) {
        return transport.send(
                call.authorization().isPresent()
                        ? call
                        : apiKey.map(key -> call.authorized(() -> "Bearer " + key))
                                .orElse(call),
                reader);
    }

    /** What signs every try of a request anew, since a platform takes each signed request once. */
    @FunctionalInterface
    interface RequestSigner {
        /** The header {@code Authorization}. */
        String sign(String method, String target, byte[] body);
    }

    /** A request that is signed in place of showing an API key. */
    <T> T signed(
            String method, String target, Optional<Json.Obj> body, RequestSigner signer, Function<Fields, T> reader) {
        byte[] bytes = body.map(Jcs::bytes).orElseGet(() -> new byte[0]);
        Transport.Call call = body.isPresent()
                ? sending(target, "application/json", () -> BodyPublishers.ofByteArray(bytes))
                : new Transport.Call(method, target, Map.of(), Optional.empty());
        return send(call.authorized(() -> signer.sign(method, target, bytes)), reader);
    }

    byte[] bytes(String target) {
        return exchange(Transport.Call.get(target), (answer, body) -> body.readAllBytes());
    }

    void download(String target, Path file) {
        exchange(Transport.Call.get(target), (answer, body) -> copy(body, file));
    }

    static <T> T decode(HttpResponse<?> answer, byte[] body, Function<Fields, T> reader) {
        try {
            return reader.apply(Fields.of(Json.parse(body), "answer"));
        } catch (MalformedException e) {
            throw new ProblemException(
                    answer.statusCode(), "client/answer-not-understood", "Answer not understood", e.detail(), Map.of());
        }
    }

    private static Path copy(InputStream body, Path file) throws IOException {
        OutputStream out;
        try {
            out = Files.newOutputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (out) {
            body.transferTo(out);
        }
        return file;
    }

    static String segment(String text) {
        return Transport.encode(text);
    }

    static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream()
                        .map(p -> Transport.encode(p.getKey()) + "=" + Transport.encode(p.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }
}
