package org.tallystick.platform.api.dispatch;

import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;

/**
 * Reads one request's body as its {@link Endpoint} says: right content type, bounded length, strict JSON. Nothing is read
 * before it is asked for. One thread, one use.
 */
final class Bodies implements AutoCloseable {
    /** The content coding that changes nothing, as HTTP names it. */
    static final String IDENTITY = "identity";

    /** A body longer than this is large, in bytes. */
    private static final long LARGE = 1 << 20;

    private static final String MULTIPART = "multipart/form-data";

    private final Context context;
    private final Endpoint endpoint;
    private final Path temporary;
    private final Limits limits;
    private Optional<ReceivedBody> received = Optional.empty();
    private Optional<Json> parsed = Optional.empty();

    /** @param temporary where bodies, and parts of a form, too large for memory may lie */
    Bodies(Context context, Endpoint endpoint, Path temporary, Limits limits) {
        this.limits = limits;
        this.temporary = temporary;
        this.context = context;
        this.endpoint = endpoint;
    }

    /** Refuses by what the headers say, before anything is read. */
    void checkHeaders() {
        long limit = endpoint.body().limit();
        if (context.req().getContentLengthLong() > limit) {
            throw Refusals.tooLarge(limit);
        }
        if (endpoint.body().kind() != Endpoint.Kind.NONE) {
            checkEncoding();
        }
        if (endpoint.body().kind().types().isEmpty()) {
            return;
        }
        String type = contentType();
        if (!endpoint.body().kind().types().contains(type)) {
            throw new HttpRefusedException(
                    415,
                    Problem.of(
                            Category.INVALID,
                            "http/unsupported-media-type",
                            "Unsupported media type",
                            (type.isEmpty() ? "a body without content type" : Fields.shown(type))
                                    + " is not accepted here; accepted: "
                                    + String.join(", ", endpoint.body().kind().types())));
        }
    }

    /** Refuses headers that say the bytes mean something else than what they are: nothing here decodes or assembles. */
    private void checkEncoding() {
        for (String coding : Collections.list(context.req().getHeaders("Content-Encoding"))) {
            if (!coding.strip().equalsIgnoreCase(IDENTITY)) {
                throw Refusals.unsupportedEncoding("the request", "Content-Encoding: " + Fields.shown(coding));
            }
        }
        Optional.ofNullable(context.header("Content-Range")).ifPresent(range -> {
            throw Refusals.unsupportedEncoding("the request", "Content-Range: " + Fields.shown(range));
        });
        String charset =
                Optional.ofNullable(context.req().getCharacterEncoding()).orElse("utf-8");
        if (endpoint.body().kind().isJson() && !isUtf8(charset)) {
            throw Refusals.unsupportedEncoding("the request", "charset=" + Fields.shown(charset));
        }
    }

    static boolean isUtf8(String charset) {
        return charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("utf8");
    }

    private String contentType() {
        String header = Optional.ofNullable(context.req().getContentType()).orElse("");
        return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the whole body, so that what comes later waits for nobody's network.
     *
     * @throws HttpRefusedException 408 where it comes too slowly
     */
    ReceivedBody receive() throws IOException {
        if (received.isEmpty()) {
            Hurried hurried = new Hurried(stream(), limits);
            received = Optional.of(ReceivedBody.read(hurried, temporary));
        }
        return received.get();
    }

    /** Whether it is one that is waited for on disk and taken apart in turn. */
    boolean isLarge() {
        return endpoint.body().kind().isJson()
                && received.filter(body -> body.length() > LARGE).isPresent();
    }

    /** The whole body. */
    byte[] bytes() throws IOException {
        return receive().bytes();
    }

    Json json() {
        if (parsed.isEmpty()) {
            try {
                parsed = Optional.of(Json.parse(bytes(), limits.of(Limit.VALUES)));
            } catch (IOException e) {
                throw cutOff(e);
            } catch (MalformedException e) {
                throw counted(e);
            }
        }
        return parsed.get();
    }

    /** The body as an object, one member of which is an array whose items are handed over one by one. */
    Json.Obj items(String array, Consumer<Json> each) {
        try (InputStream in = receive().open()) {
            return new JsonItems(in, limits.of(Limit.VALUES)).read(array, each);
        } catch (IOException e) {
            throw cutOff(e);
        } catch (MalformedException e) {
            throw counted(e);
        }
    }

    /** What holds too many values is too large; whatever else is wrong with a text makes it malformed. */
    private RuntimeException counted(MalformedException e) {
        return e.reason().equals(Limit.VALUES.type())
                ? Limits.passed(
                        Limit.VALUES, "at most " + limits.of(Limit.VALUES) + " values of JSON are accepted here")
                : e;
    }

    InputStream stream() throws IOException {
        return new Bounded(context.req().getInputStream(), endpoint.body().limit());
    }

    /** Removes what lies in temporary files. */
    @Override
    public void close() throws IOException {
        if (received.isPresent()) {
            received.get().close();
        }
    }

    boolean isMultipart() {
        return contentType().equals(MULTIPART);
    }

    Multipart multipart() throws IOException {
        return Multipart.of(context, stream(), temporary);
    }

    static HttpRefusedException cutOff(IOException e) {
        return HttpRefusedException.malformed(
                Refusals.malformed("http/body-cut-off", "the body ended before it was complete: " + Reasons.of(e)));
    }

    /** A stream that refuses to go on past a length, for bodies that do not say how long they are. */
    private static final class Bounded extends FilterInputStream {
        private final long limit;
        private long left;

        Bounded(InputStream in, long limit) {
            super(in);
            this.limit = limit;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) {
                took(1);
            }
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                took(count);
            }
            return count;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private void took(int count) {
            left -= count;
            if (left < 0) {
                throw Refusals.tooLarge(limit);
            }
        }
    }
}
