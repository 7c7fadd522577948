package org.tallystick.platform.settlement;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.tallystick.platform.settlement.closing.Commitments;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.statement.CloseKey;

/**
 * The secret from which the key of each close follows, and from that the salts of its papers. It is the hash of the platform's
 * signature over one fixed text, which is shown to nobody: Ed25519 gives the same signature always, so there is no further
 * secret to keep or to back up.
 */
final class CloseSecret {
    private static final byte[] TEXT = "tallystick/close-secret/v1".getBytes(StandardCharsets.US_ASCII);

    private CloseSecret() {}

    /** How a close of a period commits to its papers. */
    static Commitments commitments(NoteSigner platform, Period period) {
        byte[] secret = Sha256.hash(platform.signer().sign(TEXT)).toBytes();
        return new Commitments(Optional.of(CloseKey.derive(secret, platform.name(), period.id())));
    }
}
