package org.tallystick.sdk;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/**
 * An event of the platform's security log; what is alike within an hour is one.
 *
 * @param kind as in the OpenAPI document: {@code wrong-key}
 * @param party whom it concerns; empty where nobody is known
 * @param about the id of a key, or the operation that was asked for
 */
public record SecurityEvent(
        String kind, String party, String about, String address, long times, Instant first, Instant last) {
    public SecurityEvent {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(first);
        Objects.requireNonNull(last);
    }

    public Json.Obj json() {
        return Json.object()
                .put("kind", kind)
                .put("party", party)
                .put("about", about)
                .put("address", address)
                .put("times", times)
                .put("first", first)
                .put("last", last)
                .build();
    }

    static SecurityEvent of(Fields fields) {
        return new SecurityEvent(
                fields.text("kind"),
                fields.text("party"),
                fields.text("about"),
                fields.text("address"),
                fields.integer("times", 1, Long.MAX_VALUE >> 11),
                fields.instant("first"),
                fields.instant("last"));
    }
}
