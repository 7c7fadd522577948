package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.sign.DidKey;

/**
 * The platform's public keys. Pin {@code platform} once, from a source you trust: everything else verifies with it.
 *
 * @param vkey the log's verifier key (C2SP signed-note)
 * @param origin the log's origin line
 */
public record PlatformKeys(DidKey platform, String vkey, String origin) {
    static PlatformKeys of(Fields fields) {
        return new PlatformKeys(DidKey.parse(fields.text("platform")), fields.text("vkey"), fields.text("origin"));
    }
}
