package org.tallystick.edge.platform;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.DidKey;

/**
 * Speaks the platform's HTTP for the edge. Takes only status codes as they are: whoever calls verifies
 * what came back. Every call blocks and ends in bounded time. Safe from any thread.
 */
public final class PlatformClient implements AutoCloseable {
    /** Largest document read into memory; a dataset version's members are the largest there are. */
    static final int MAX_DOCUMENT = 256 << 20;

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration SHIPPED = Duration.ofSeconds(30);
    private static final long SLOWEST_BYTES_PER_SECOND = 100_000;

    private final HttpClient http;
    private final URI base;
    private final String authorization;
    private final ScheduledThreadPoolExecutor alarms;

    public PlatformClient(URI base, String apiKey) {
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.authorization = "Bearer " + apiKey;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        this.alarms = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("edge-alarms").factory());
        this.alarms.setRemoveOnCancelPolicy(true);
    }

    /** The platform was not reached, or answered something that is no answer to the question. */
    public static final class PlatformException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String type;
        private final Duration retryAfter;

        PlatformException(int status, String type, String message, Duration retryAfter) {
            super(message);
            this.status = status;
            this.type = type;
            this.retryAfter = retryAfter;
        }

        /** What was sent is not what was asked for. */
        public static PlatformException wrongContent(String detail) {
            return new PlatformException(200, "", detail, Duration.ZERO);
        }

        /** HTTP status, 0 where there was no answer. */
        public int status() {
            return status;
        }

        /** Slug of the problem's type, empty where there is none. */
        public String type() {
            return type;
        }

        /** How long the platform asks to wait, zero where it does not say. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** What the platform says to a bundle. */
    public sealed interface Shipped {
        /** Everything up to a sequence number is durable there. */
        record Acknowledged(int epoch, long last) implements Shipped {}

        /** Something before the bundle is missing there. */
        record OutOfOrder(long expected) implements Shipped {}

        /** This edge's batches are no longer taken. */
        record Revoked(String detail) implements Shipped {}

        /** The bundle will not be taken as it is. */
        record Rejected(String type, String detail) implements Shipped {}
    }

    /** A page of the revocation feed; {@code closed} are those of the tokens whose job was closed. */
    public record Revocations(long position, List<String> tokens, List<String> closed, List<String> contracts) {}

    /** The key the platform signs with. */
    public DidKey key() throws IOException {
        return parsed(() -> DidKey.parse(object(get("keys"), "keys").text("platform")));
    }

    /** Asks for a certificate; asking again with the same key repeats it. */
    public String certify(int edge, DidKey key, byte[] proof) throws IOException {
        byte[] body = Jcs.bytes(Json.object()
                .put("key", key.toString())
                .put("proof", Base64Url.encode(proof))
                .build());
        HttpRequest request = request("edges/" + edge + "/certificates", ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        byte[] answer = expect(send(request), 201, 200);
        return parsed(() -> object(answer, "certificate").text("certificate"));
    }

    /** The members of a dataset version as the platform lists them, unverified. */
    public byte[] members(Hash root) throws IOException {
        return get("datasets/versions/" + root.hex() + "/members");
    }

    /** The table of release keys with a root, unverified. */
    public byte[] orderTable(Hash root) throws IOException {
        return get("orders/" + root.hex() + "/table");
    }

    /** The chunk hashes of a work, unverified. */
    public byte[] chunks(ContentId content) throws IOException {
        return get("blobs/" + content + "/chunks");
    }

    public Revocations revocations(int edge, long after) throws IOException {
        byte[] answer = get("edges/" + edge + "/revocations?after=" + after);
        return parsed(() -> {
            Fields fields = object(answer, "revocations");
            return new Revocations(
                    fields.integer("position", 0, Long.MAX_VALUE >> 11),
                    fields.strings("tokens"),
                    fields.strings("closed"),
                    fields.strings("contracts"));
        });
    }

    public Shipped ship(byte[] bundle) throws IOException {
        HttpRequest request = request("deliveries/batches", SHIPPED)
                .header("Content-Type", "application/vnd.tallystick.bundle")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bundle))
                .build();
        try {
            byte[] answer = expect(send(request), 200, 200);
            return parsed(() -> {
                Fields fields = object(answer, "acknowledgement");
                return new Shipped.Acknowledged(
                        (int) fields.integer("epoch", 1, Integer.MAX_VALUE),
                        fields.integer("acknowledged", 0, Long.MAX_VALUE >> 11));
            });
        } catch (OutOfOrderException e) {
            return new Shipped.OutOfOrder(e.expected);
        } catch (PlatformException e) {
            if (e.type().equals("delivery/edge-revoked")) {
                return new Shipped.Revoked(Reasons.of(e));
            }
            if (e.status() == 400 || e.status() == 409 || e.status() == 413 || e.status() == 422) {
                return new Shipped.Rejected(e.type(), Reasons.of(e));
            }
            throw e;
        }
    }

    /** Where the bytes of a work go. */
    @FunctionalInterface
    public interface Sink {
        void accept(byte[] buffer, int length) throws IOException;
    }

    /**
     * Fetches a work.
     *
     * @param most bytes after which the platform is sending something else
     */
    public void blob(ContentId content, long most, Sink sink) throws IOException {
        HttpRequest request = request("blobs/" + content, ANSWER).GET().build();
        HttpResponse<InputStream> response = send(request);
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw problem(response.statusCode(), response, body.readNBytes(1 << 16));
            }
            long seconds = 30 + most / SLOWEST_BYTES_PER_SECOND;
            ScheduledFuture<?> alarm = alarms.schedule(() -> closeQuietly(body), seconds, TimeUnit.SECONDS);
            try {
                copy(body, most, sink);
            } finally {
                alarm.cancel(false);
            }
        }
    }

    private static void copy(InputStream body, long most, Sink sink) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = most;
        int read = read(body, buffer);
        while (read >= 0) {
            left -= read;
            if (left < 0) {
                throw new PlatformException(200, "", "the work is longer than its manifest says", Duration.ZERO);
            }
            sink.accept(buffer, read);
            read = read(body, buffer);
        }
    }

    private static int read(InputStream body, byte[] buffer) throws PlatformException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static PlatformException unreachable(IOException cause) {
        PlatformException unreachable =
                new PlatformException(0, "", "the platform cannot be reached: " + Reasons.of(cause), Duration.ZERO);
        unreachable.initCause(cause);
        return unreachable;
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e); // ends in the alarm's future, whose reader has gone
        }
    }

    private byte[] get(String path) throws IOException {
        return expect(send(request(path, ANSWER).GET().build()), 200, 200);
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(timeout).header("Authorization", authorization);
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException(0, "", "interrupted while asking the platform", Duration.ZERO);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private byte[] expect(HttpResponse<InputStream> response, int status, int other) throws IOException {
        try (InputStream body = response.body()) {
            ScheduledFuture<?> alarm = alarms.schedule(() -> closeQuietly(body), SHIPPED.toSeconds(), TimeUnit.SECONDS);
            byte[] content;
            try {
                content = body.readNBytes(MAX_DOCUMENT + 1);
            } finally {
                alarm.cancel(false);
            }
            if (content.length > MAX_DOCUMENT) {
                throw new PlatformException(200, "", "the answer is too long", Duration.ZERO);
            }
            if (response.statusCode() != status && response.statusCode() != other) {
                throw problem(response.statusCode(), response, content);
            }
            return content;
        }
    }

    /** A 409 that names what the platform expects. */
    private static final class OutOfOrderException extends IOException {
        private static final long serialVersionUID = 1L;

        private final long expected;

        OutOfOrderException(long expected) {
            super("expected " + expected);
            this.expected = expected;
        }
    }

    private static IOException problem(int status, HttpResponse<?> response, byte[] body) {
        String type = "";
        String detail = "status " + status;
        Optional<Long> expected = Optional.empty();
        try {
            Fields fields = object(body, "problem");
            String uri = fields.optionalText("type").orElse("");
            type = uri.replace("https://tallystick.org/problems/", "");
            detail = "status " + status + ", " + type + ": "
                    + fields.optionalText("detail").orElse("no detail");
            expected = fields.optionalInteger("expected", 1, Long.MAX_VALUE >> 11);
        } catch (MalformedException e) {
            detail = "status " + status + " without a problem document";
        }
        if (status == 409 && type.equals("delivery/out-of-order") && expected.isPresent()) {
            return new OutOfOrderException(expected.get());
        }
        return new PlatformException(status, type, "the platform answers " + detail, retryAfter(response));
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("Retry-After")
                    .map(Long::parseLong)
                    .map(seconds -> Duration.ofSeconds(Math.clamp(seconds, 0, 60)))
                    .orElse(Duration.ZERO);
        } catch (NumberFormatException e) {
            return Duration.ZERO; // a date: our own backoff will do
        }
    }

    private static Fields object(byte[] body, String where) {
        return Fields.of(Json.parse(body), where);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T parsed(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (MalformedException e) {
            throw new PlatformException(200, e.reason(), "the platform answers nonsense: " + e.detail(), Duration.ZERO);
        }
    }

    /** Makes all requests fail, those under way and later ones. */
    public void breakOff() {
        http.shutdownNow();
    }

    @Override
    public void close() {
        http.shutdownNow();
        alarms.shutdownNow();
    }
}
