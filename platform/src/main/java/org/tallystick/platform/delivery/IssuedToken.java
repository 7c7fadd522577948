package org.tallystick.platform.delivery;

import java.util.Objects;
import org.tallystick.protocol.receipt.Grant;

/**
 * A token as its buyer gets it.
 *
 * @param token the signed text; whoever has it can fetch
 * @param grant what it says
 */
public record IssuedToken(String token, Grant grant) {
    public IssuedToken {
        Objects.requireNonNull(token);
        Objects.requireNonNull(grant);
    }

    @Override
    public String toString() {
        return "IssuedToken[" + grant.tokenId() + "]"; // the token itself is a secret
    }
}
