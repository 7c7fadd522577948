package org.tallystick.platform.party;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;

/** What became of an API key that somebody showed. */
public sealed interface KeyCheck {
    /** It is good. */
    record Good(Bearer bearer) implements KeyCheck {}

    /**
     * It was somebody's, and its secret is right, but it is over.
     *
     * @param key id of the key
     * @param revoked whether it was revoked; else its time is over
     */
    record Ended(PartyId party, String key, boolean revoked) implements KeyCheck {
        public Ended {
            Objects.requireNonNull(party);
            Objects.requireNonNull(key);
        }
    }

    /**
     * It is nobody's.
     *
     * @param guessed whose key has the id that was shown, beside a wrong secret
     */
    record Wrong(Optional<PartyId> guessed) implements KeyCheck {}
}
