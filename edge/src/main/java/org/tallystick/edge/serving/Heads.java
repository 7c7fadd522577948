package org.tallystick.edge.serving;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.protocol.receipt.Receipt;

/**
 * Writes response heads straight into buffers: on the way every delivery takes, no header object is made. Safe from any
 * thread.
 */
final class Heads {
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] RANGE = ascii("Content-Range: bytes ");
    private static final byte[] HIT = ascii("Tallystick-Cache: hit\r\n");
    private static final byte[] MISS = ascii("Tallystick-Cache: miss\r\n");
    private static final byte[] RECEIPT = ascii(Receipt.HTTP_HEADER + ": ");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP = ascii("Connection: keep-alive\r\n");
    private static final byte[] CHALLENGE = ascii("WWW-Authenticate: Bearer realm=\"tallystick\"");
    private static final Map<Integer, byte[]> STATUS = Map.ofEntries(
            status(200, "OK"),
            status(206, "Partial Content"),
            status(304, "Not Modified"),
            status(400, "Bad Request"),
            status(401, "Unauthorized"),
            status(403, "Forbidden"),
            status(404, "Not Found"),
            status(405, "Method Not Allowed"),
            status(412, "Precondition Failed"),
            status(414, "URI Too Long"),
            status(416, "Range Not Satisfiable"),
            status(431, "Request Header Fields Too Large"),
            status(502, "Bad Gateway"),
            status(503, "Service Unavailable"),
            status(507, "Insufficient Storage"));

    private final InstantSource clock;
    private final HttpDate date = new HttpDate();

    Heads(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the connection stays open after a response, and whether the response says so. */
    enum Persistence {
        /** Open without saying so, as HTTP/1.1 does by default. */
        USUAL,
        /** Open, and said so, because the client speaks HTTP/1.0. */
        KEEP,
        CLOSE
    }

    /** Status, byte range and cache state of a delivery, for its head. Lengths are in bytes. */
    record BodyRange(int status, long from, long length, long total, boolean cached) {}

    /** The head of a delivery, with its receipt. */
    ByteBuf delivery(ByteBufAllocator allocator, Offer offer, BodyRange part, byte[] receipt, Persistence persistence) {
        ByteBuf out = allocator.directBuffer(320 + offer.fields().length + offer.contentType().length + receipt.length);
        begin(out, part.status(), persistence);
        out.writeBytes(offer.fields());
        if (part.status() != 304) {
            out.writeBytes(offer.contentType());
            out.writeBytes(LENGTH);
            number(out, part.length());
            out.writeBytes(CRLF);
        }
        if (part.status() == 206) {
            out.writeBytes(RANGE);
            number(out, part.from());
            out.writeByte('-');
            number(out, part.from() + part.length() - 1);
            out.writeByte('/');
            number(out, part.total());
            out.writeBytes(CRLF);
        }
        out.writeBytes(part.cached() ? HIT : MISS);
        out.writeBytes(RECEIPT).writeBytes(receipt).writeBytes(CRLF);
        return out.writeBytes(CRLF);
    }

    /** Head and body of a refusal; no body where the request was HEAD. */
    ByteBuf refusal(ByteBufAllocator allocator, Refusal refusal, boolean head, Persistence persistence) {
        byte[] body = refusal.body();
        ByteBuf out = allocator.buffer(512 + body.length);
        begin(out, refusal.reason().status(), persistence);
        if (refusal.reason().status() == 401) {
            out.writeBytes(CHALLENGE);
            if (refusal.reason() != RefusalReason.TOKEN_MISSING) {
                out.writeBytes(ascii(", error=\"invalid_token\""));
            }
            out.writeBytes(CRLF);
        }
        if (refusal.reason() == RefusalReason.METHOD_NOT_ALLOWED) {
            out.writeBytes(ascii("Allow: GET, HEAD\r\n"));
        }
        if (refusal.reason() == RefusalReason.RANGE_UNSATISFIABLE) {
            out.writeBytes(ascii("Content-Range: bytes */" + refusal.length() + "\r\n"));
        }
        if (refusal.retryAfterSeconds() > 0) {
            out.writeBytes(ascii("Retry-After: " + refusal.retryAfterSeconds() + "\r\n"));
        }
        return end(out, "application/problem+json", body, head);
    }

    /** Head and body of a document about the edge itself; no body where the request was HEAD. */
    ByteBuf document(
            ByteBufAllocator allocator, int status, String type, byte[] body, boolean head, Persistence persistence) {
        ByteBuf out = allocator.buffer(256 + body.length);
        begin(out, status, persistence);
        return end(out, type, body, head);
    }

    private static ByteBuf end(ByteBuf out, String type, byte[] body, boolean head) {
        out.writeBytes(ascii("Cache-Control: no-store\r\nContent-Type: " + type + "\r\n"));
        out.writeBytes(LENGTH);
        number(out, body.length);
        out.writeBytes(CRLF).writeBytes(CRLF);
        return head ? out : out.writeBytes(body);
    }

    private void begin(ByteBuf out, int status, Persistence persistence) {
        byte[] line = Optional.ofNullable(STATUS.get(status))
                .orElseThrow(() -> new IllegalArgumentException("no status " + status));
        out.writeBytes(line).writeBytes(date.line(clock.millis()));
        switch (persistence) {
            case KEEP -> out.writeBytes(KEEP);
            case CLOSE -> out.writeBytes(CLOSE);
            case USUAL -> {}
        }
    }

    private static void number(ByteBuf out, long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int at = out.writerIndex() + digits;
        out.ensureWritable(digits).writerIndex(at);
        long rest = value;
        for (int i = 0; i < digits; i++, rest /= 10) {
            out.setByte(--at, (byte) ('0' + rest % 10));
        }
    }

    private static Map.Entry<Integer, byte[]> status(int code, String phrase) {
        return Map.entry(code, ascii("HTTP/1.1 " + code + " " + phrase + "\r\n"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
