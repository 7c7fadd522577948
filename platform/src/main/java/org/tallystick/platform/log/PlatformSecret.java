package org.tallystick.platform.log;

import java.nio.charset.StandardCharsets;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.NoteSigner;

/**
 * Secrets that follow from the platform's key, one for each purpose: the hash of the platform's signature over a fixed text
 * that is shown to nobody. Ed25519 gives the same signature always, so there is no further secret to keep or to back up.
 */
public final class PlatformSecret {
    private PlatformSecret() {}

    /** @param purpose a text that nothing else is derived or signed under */
    public static Hash of(NoteSigner platform, String purpose) {
        return Sha256.hash(platform.signer().sign(purpose.getBytes(StandardCharsets.US_ASCII)));
    }
}
