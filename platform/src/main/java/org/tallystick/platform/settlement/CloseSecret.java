package org.tallystick.platform.settlement;

import java.util.Optional;
import org.tallystick.platform.log.PlatformSecret;
import org.tallystick.platform.settlement.closing.Commitments;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.statement.CloseKey;

/** The secret from which the key of each close follows, and from that the salts of its papers. */
final class CloseSecret {
    private static final String PURPOSE = "tallystick/close-secret/v1";

    private CloseSecret() {}

    /** How a close of a period commits to its papers. */
    static Commitments commitments(NoteSigner platform, Period period) {
        byte[] secret = PlatformSecret.of(platform, PURPOSE).toBytes();
        return new Commitments(Optional.of(CloseKey.derive(secret, platform.name(), period.id())));
    }
}
