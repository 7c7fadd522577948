package org.tallystick.platform.delivery;

import java.time.Duration;
import java.util.Objects;
import org.tallystick.protocol.sign.Signer;

/**
 * The platform as it signs tokens and certificates.
 *
 * @param issuer name in tokens: the log's origin
 * @param signer with the platform's key
 * @param certificateValidity how long an edge may use one key, a minute at least
 */
public record Authority(String issuer, Signer signer, Duration certificateValidity) {
    /** Validity of certificates where nothing else is set. */
    public static final Duration USUAL_VALIDITY = Duration.ofDays(30);

    public Authority {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(signer);
        if (certificateValidity.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("a certificate is valid for a minute at least");
        }
    }
}
