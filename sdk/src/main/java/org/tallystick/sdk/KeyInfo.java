package org.tallystick.sdk;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Times;

/**
 * An API key as it is listed: everything but its secret.
 *
 * @param own whether its party asked for it under its signature; else the operator made it, and it reads only
 * @param lastUsed to the hour
 */
public record KeyInfo(
        String id,
        String party,
        Optional<String> name,
        boolean own,
        Instant issued,
        Optional<Instant> expires,
        Optional<Instant> lastUsed,
        Optional<Instant> revoked) {
    public KeyInfo {
        Objects.requireNonNull(id);
        Objects.requireNonNull(party);
        Objects.requireNonNull(issued);
    }

    public Json.Obj json() {
        return Json.object()
                .put("id", id)
                .put("party", party)
                .put("own", own)
                .put("issued", issued)
                .putIfPresent("name", name)
                .putIfPresent("expires", expires.map(Times::text))
                .putIfPresent("last_used", lastUsed.map(Times::text))
                .putIfPresent("revoked", revoked.map(Times::text))
                .build();
    }

    static KeyInfo of(Fields fields) {
        return new KeyInfo(
                fields.text("id"),
                fields.text("party"),
                fields.optionalText("name"),
                fields.optionalBool("own").orElse(false),
                fields.instant("issued"),
                fields.optionalInstant("expires"),
                fields.optionalInstant("last_used"),
                fields.optionalInstant("revoked"));
    }
}
