package org.tallystick.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Verifier;

/**
 * Fetches works from an edge and hands them over only after verifying, offline, that the bytes are the work, and that the
 * receipt is the edge's, in the edge's certified batch, for this work, this token and this many bytes.
 *
 * <p>Every call throws {@link ProblemException} where the edge refuses, {@link UntrustedException} where what it sent does
 * not hold, and {@link UnreachableException} when no answer came after all tries. A fetch that breaks off is tried again;
 * that is billed once, however often.
 *
 * <p>Safe from any thread; share one among workers.
 */
public final class EdgeClient {
    private static final Hash NOTHING = Sha256.hash(new byte[0]);

    private final Transport transport;
    private final DeliveryVerifier verifier;
    private final int largestInMemory;
    private final Function<ContentId, Optional<ReleaseKey>> keys;

    private EdgeClient(Builder settings) {
        this.transport = new Transport(
                settings.http.orElseGet(Transport::newHttpClient), settings.edge, settings.retry, settings.timeout);
        this.verifier = new DeliveryVerifier(settings.platform, settings.verifier, this::certificate);
        this.largestInMemory = settings.largestInMemory;
        this.keys = content -> Optional.empty();
    }

    private EdgeClient(EdgeClient other, Function<ContentId, Optional<ReleaseKey>> keys) {
        this.transport = other.transport;
        this.verifier = other.verifier;
        this.largestInMemory = other.largestInMemory;
        this.keys = keys;
    }

    /** The same client, showing the release keys of ordered works: for tokens that name their order. */
    public EdgeClient showing(OrderedWorks works) {
        return new EdgeClient(this, works::key);
    }

    /**
     * Begins a client of the edge at that address.
     *
     * @param platform the platform's key, pinned; all trust comes from it
     */
    public static Builder builder(URI edge, DidKey platform) {
        return new Builder(edge, platform);
    }

    /** Settings of a client. Not thread-safe. */
    public static final class Builder {
        private final URI edge;
        private final DidKey platform;
        private Verifier verifier = JdkEd25519.verifier();
        private Optional<HttpClient> http = Optional.empty();
        private Retry retry = Retry.standard();
        private Duration timeout = Duration.ofMinutes(5);
        private int largestInMemory = 1 << 30;

        private Builder(URI edge, DidKey platform) {
            this.edge = edge;
            this.platform = platform;
        }

        /** A faster verifier; the JDK's by default. */
        public Builder verifier(Verifier faster) {
            this.verifier = faster;
            return this;
        }

        /** Shares connections with others; without it the client makes its own. */
        public Builder http(HttpClient client) {
            this.http = Optional.of(client);
            return this;
        }

        /** How patiently to try again; {@link Retry#standard} by default. */
        public Builder retry(Retry policy) {
            this.retry = policy;
            return this;
        }

        /** How long one try may take, body included; five minutes by default. */
        public Builder timeout(Duration most) {
            this.timeout = most;
            return this;
        }

        /** Most bytes a fetch holds in memory; larger works are refused there and go to files. */
        public Builder largestInMemory(int bytes) {
            this.largestInMemory = bytes;
            return this;
        }

        public EdgeClient build() {
            return new EdgeClient(this);
        }
    }

    /** Fetches a whole work into memory. */
    public Delivery fetch(ContentId content, String token) {
        return inMemory(get(content, token), content, token);
    }

    /**
     * Fetches a range of a work. The range itself cannot be checked against the content id; the receipt says it was
     * delivered.
     *
     * @param first first byte, from 0
     * @param last last byte, inclusive
     */
    public Delivery fetchRange(ContentId content, String token, long first, long last) {
        return inMemory(get(content, token).header("Range", range(first, last)), content, token);
    }

    /** Fetches a whole work of any size and checks it, keeping none of its bytes: the delivery has no body. */
    public Delivery prove(ContentId content, String token) {
        return proven(get(content, token), content, token);
    }

    /** Fetches a range of any length and checks its receipt as {@link #fetchRange} does, keeping none of its bytes. */
    public Delivery proveRange(ContentId content, String token, long first, long last) {
        return proven(get(content, token).header("Range", range(first, last)), content, token);
    }

    private static String range(long first, long last) {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("not a range: " + first + "-" + last);
        }
        return "bytes=" + first + "-" + last;
    }

    private Delivery proven(Transport.Call call, ContentId content, String token) {
        return transport.send(call, (answer, body) -> {
            MessageDigest digest = Sha256.newDigest();
            long bytes = drain(body, OutputStream.nullOutputStream(), digest, Long.MAX_VALUE);
            return believe(answer, content, token, false, Hash.of(digest.digest()), bytes, new byte[0]);
        });
    }

    /** Asks whether one's copy of a work is current; since works never change, it is, and the use is recorded. */
    public Delivery revalidate(ContentId content, String token) {
        return inMemory(get(content, token).header("If-None-Match", "\"" + content + "\""), content, token);
    }

    /** Asks for the headers of a work: never a use. */
    public Delivery head(ContentId content, String token) {
        Transport.Call call =
                authorized(new Transport.Call("HEAD", path(content), Map.of(), Optional.empty()), content, token);
        return transport.send(call, (answer, body) -> {
            body.readAllBytes();
            return believe(answer, content, token, true, NOTHING, 0, new byte[0]);
        });
    }

    /**
     * Fetches a whole work into a file, of any size; the file appears only once everything was verified.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public Delivery fetchTo(ContentId content, String token, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(folder, ".fetch", "");
            try {
                Delivery delivery = transport.send(get(content, token), (answer, body) -> {
                    MessageDigest digest = Sha256.newDigest();
                    long bytes;
                    try (OutputStream out = open(draft)) {
                        bytes = drain(body, out, digest, Long.MAX_VALUE);
                    }
                    return believe(answer, content, token, false, Hash.of(digest.digest()), bytes, new byte[0]);
                });
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
                return delivery;
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The edge's certificate for an epoch, as it presents it: a compact JWS, not yet verified. */
    public String certificate(int epoch) {
        return transport.send(Transport.Call.get("/certificates/" + epoch), (answer, body) -> {
            try {
                return Fields.of(Json.parse(body.readNBytes(1 << 16)), "answer").text("certificate");
            } catch (MalformedException e) {
                throw new UntrustedException(e);
            }
        });
    }

    private Delivery inMemory(Transport.Call call, ContentId content, String token) {
        return transport.send(call, (answer, body) -> {
            MessageDigest digest = Sha256.newDigest();
            ByteArrayOutputStream out = new ByteArrayOutputStream(
                    (int) answer.headers().firstValueAsLong("Content-Length").orElse(0) & 0xffffff);
            long bytes = drain(body, out, digest, largestInMemory);
            return believe(answer, content, token, false, Hash.of(digest.digest()), bytes, out.toByteArray());
        });
    }

    private Delivery believe(
            HttpResponse<?> answer,
            ContentId content,
            String token,
            boolean headersOnly,
            Hash hash,
            long bytes,
            byte[] body) {
        DeliveryVerifier.Believed believed = verifier.check(new DeliveryVerifier.Arrival(
                content,
                token,
                answer.statusCode(),
                headersOnly,
                answer.headers().firstValue("Tallystick-Content-Id"),
                answer.headers().firstValue(LicenceNotice.HTTP_HEADER),
                answer.headers().firstValue(Receipt.HTTP_HEADER),
                hash,
                bytes));
        return new Delivery(body, bytes, believed.receipt(), believed.licence());
    }

    private Transport.Call get(ContentId content, String token) {
        return authorized(Transport.Call.get(path(content)), content, token);
    }

    private Transport.Call authorized(Transport.Call call, ContentId content, String token) {
        Transport.Call with = call.header("Authorization", "Bearer " + token);
        return keys.apply(content)
                .map(key -> with.header(ReleaseKey.HTTP_HEADER, key.toString()))
                .orElse(with);
    }

    private static String path(ContentId content) {
        return "/works/" + content;
    }

    private static OutputStream open(Path draft) {
        try {
            return Files.newOutputStream(draft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long drain(InputStream body, OutputStream out, MessageDigest digest, long most) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long total = 0;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            total += read;
            if (total > most) {
                throw new UntrustedException("delivery/too-large", "more than " + most + " bytes came");
            }
            digest.update(buffer, 0, read);
            out.write(buffer, 0, read);
        }
        return total;
    }
}
