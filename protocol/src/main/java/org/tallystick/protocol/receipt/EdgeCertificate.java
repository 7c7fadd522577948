package org.tallystick.protocol.receipt;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The platform's signed statement that a public key belongs to an edge during one epoch; a {@link Jws} of type {@link
 * #TYPE}. Sequence numbers are dense within (edge, epoch) and begin at 1.
 *
 * @param edge number of the edge, unique on the platform, at least 1
 * @param name what people call it
 * @param epoch number of the epoch, at least 1
 * @param key the edge's key in this epoch
 * @param notBefore first moment at which its batches are valid
 * @param expires first moment at which they no longer are
 */
public record EdgeCertificate(int edge, String name, int epoch, DidKey key, Instant notBefore, Instant expires) {
    /** The {@code typ} of a certificate. */
    public static final String TYPE = "tallystick-edge-certificate+jws";

    public EdgeCertificate {
        Objects.requireNonNull(name);
        Objects.requireNonNull(key);
        if (edge < 1 || epoch < 1) {
            throw new MalformedException("certificate/number", "edge and epoch are numbered from 1");
        }
        if (!notBefore.isBefore(expires)) {
            throw new MalformedException("certificate/validity", "a certificate must expire after it begins");
        }
    }

    /** The payload that is signed. */
    public Json.Obj payload() {
        return Json.object()
                .put("edge", edge)
                .put("name", name)
                .put("epoch", epoch)
                .put("key", key.toString())
                .put("notBefore", notBefore)
                .put("expires", expires)
                .build();
    }

    public String sign(Signer platform) {
        return Jws.sign(TYPE, payload(), platform).compact();
    }

    /**
     * Reads a payload. Checks no signature.
     *
     * @throws MalformedException {@code certificate/…} or {@code json/…}
     */
    public static EdgeCertificate ofPayload(Json.Obj payload) {
        Fields fields = Fields.of(payload, "certificate");
        EdgeCertificate certificate = new EdgeCertificate(
                (int) fields.integer("edge", 1, Integer.MAX_VALUE),
                fields.text("name", 128),
                (int) fields.integer("epoch", 1, Integer.MAX_VALUE),
                DidKey.parse(fields.text("key")),
                fields.instant("notBefore"),
                fields.instant("expires"));
        fields.noOthers();
        return certificate;
    }

    /**
     * Verifies a certificate offline. Its validity in time is checked later, against the times of the batches signed
     * with its key.
     *
     * @throws MalformedException {@code jws/…}, {@code certificate/…} or {@code json/…}
     */
    public static EdgeCertificate verify(String compact, DidKey platform, Verifier verifier) {
        return ofPayload(Jws.parse(compact).verify(TYPE, platform, verifier));
    }
}
