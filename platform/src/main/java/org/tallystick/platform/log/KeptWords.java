package org.tallystick.platform.log;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.SaltedText;

/**
 * Words as they are kept beside the log, with what proves them.
 *
 * @param position log position of the entry that commits to them
 * @param member of the entry's body that does
 */
public record KeptWords(long position, String member, PartyId owner, SaltedText salted) {
    public KeptWords {
        Objects.requireNonNull(member);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(salted);
    }
}
