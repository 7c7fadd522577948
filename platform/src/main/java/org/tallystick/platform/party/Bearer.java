package org.tallystick.platform.party;

import java.util.Objects;
import java.util.Optional;

/**
 * Who is asking, and how it has shown so.
 *
 * @param key id of the API key that was shown; empty where the request is signed
 */
public record Bearer(Principal principal, Shown shown, Optional<String> key) {
    public Bearer {
        Objects.requireNonNull(principal);
        if ((shown == Shown.SIGNED) != key.isEmpty()) {
            throw new IllegalArgumentException("either a signature or an API key: " + principal);
        }
    }
}
