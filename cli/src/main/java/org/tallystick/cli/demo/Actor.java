package org.tallystick.cli.demo;

import java.io.IOException;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;

/**
 * Somebody who takes part: an identity with a key of its own, and the platform as seen with its API key.
 *
 * @param id party id
 * @param signer makes its signatures
 * @param client acts in its name
 */
record Actor(String id, Signer signer, TallystickClient client) {

    /** Registers a party under a key of its own. */
    static Actor register(Keys keys, TallystickClient operator, String id, Role role, String displayName)
            throws IOException {
        SigningKey key = keys.signingKey(id);
        String apiKey = keys.apiKey(operator, id, role, displayName, key);
        return new Actor(id, key.signer(Ed25519::signer), operator.as(apiKey));
    }
}
