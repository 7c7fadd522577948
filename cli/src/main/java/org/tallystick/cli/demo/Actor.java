package org.tallystick.cli.demo;

import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.Signer;
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

    /** Registers a party under a fresh key and gets it an API key. */
    static Actor register(TallystickClient operator, String id, Role role, String displayName) {
        SigningKey key = SigningKey.generate();
        operator.registerParty(id, role, displayName, key.did());
        return new Actor(id, key.signer(Ed25519::signer), operator.as(operator.issueKey(id)));
    }
}
