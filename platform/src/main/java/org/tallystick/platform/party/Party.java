package org.tallystick.platform.party;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.sign.DidKey;

/**
 * A registered party.
 *
 * @param key verifies what it signs; empty for an edge, whose keys are certified one epoch at a time
 * @param displayName empty once erased, and for an edge
 * @param registered when the platform took it in
 */
public record Party(PartyId id, Role role, Optional<DidKey> key, Optional<String> displayName, Instant registered) {
    public Party {
        Objects.requireNonNull(id);
        Objects.requireNonNull(registered);
        if ((role == Role.EDGE) != key.isEmpty()) {
            throw new IllegalArgumentException("every party but an edge has one key: " + id);
        }
    }

    /** This party as one who asks. */
    public Principal principal() {
        return new Principal(id, role);
    }
}
