package org.tallystick.edge.refusal;

import java.util.Map;
import java.util.Objects;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * An answer that delivers nothing, with its reason. Immutable.
 *
 * @param reason why, from the closed list
 * @param detail one sentence about this request
 * @param length length of the work for {@link RefusalReason#RANGE_UNSATISFIABLE}, else -1
 * @param more members of the problem document beyond the usual
 */
public record Refusal(RefusalReason reason, String detail, long length, Json.Obj more) {
    private static final String TYPES = "https://tallystick.org/problems/";

    public Refusal {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(detail);
    }

    private static final Json.Obj NOTHING = Json.object().build();

    public static Refusal of(RefusalReason reason) {
        return of(reason, reason.title() + ".");
    }

    public static Refusal of(RefusalReason reason, String detail) {
        return new Refusal(reason, detail, -1, NOTHING);
    }

    /** A range outside a work of so many bytes. */
    public static Refusal unsatisfiable(long length) {
        return new Refusal(RefusalReason.RANGE_UNSATISFIABLE, "The work has " + length + " bytes.", length, NOTHING);
    }

    /** This refusal with one more member in its problem document. */
    public Refusal with(String name, Json value) {
        return new Refusal(reason, detail, length, more.with(name, value));
    }

    /** Seconds after which asking again makes sense, or 0 where it does not. */
    public int retryAfterSeconds() {
        return switch (reason) {
            case EDGE_OVERLOADED, EDGE_STARTING, EDGE_STOPPING, PLATFORM_UNAVAILABLE -> 1;
            case SPOOL_FULL, SPOOL_UNAVAILABLE, CACHE_UNAVAILABLE, EDGE_CERTIFICATE -> 5;
            case EDGE_REVOKED -> 60;
            default -> 0;
        };
    }

    /** The problem document (RFC 9457). */
    public byte[] body() {
        Json.Obj body = Json.object()
                .put("type", TYPES + reason.type())
                .put("title", reason.title())
                .put("status", reason.status())
                .put("detail", detail)
                .build();
        for (Map.Entry<String, Json> member : more.members().entrySet()) {
            body = body.with(member.getKey(), member.getValue());
        }
        return Jcs.bytes(body);
    }
}
