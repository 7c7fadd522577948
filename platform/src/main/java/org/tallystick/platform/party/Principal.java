package org.tallystick.platform.party;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;

/** Who is asking, once an API key has shown it. */
public record Principal(PartyId id, Role role) {
    public Principal {
        Objects.requireNonNull(id);
        Objects.requireNonNull(role);
    }
}
