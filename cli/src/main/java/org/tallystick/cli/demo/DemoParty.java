package org.tallystick.cli.demo;

import java.io.IOException;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.TallystickClient;

/**
 * One party of the demo: its id, its key, and the platform's API with its API key.
 *
 * @param id party id
 * @param signer makes its signatures
 * @param client calls the platform as this party
 */
record DemoParty(String id, Signer signer, TallystickClient client) {

    /** Registers a party with a key of its own. */
    static DemoParty register(DemoKeys keys, TallystickClient operator, String id, Role role, String displayName)
            throws IOException {
        Signer signer = keys.signingKey(id).signer(Ed25519::signer);
        String apiKey = keys.apiKey(operator, id, role, displayName, signer);
        return new DemoParty(id, signer, operator.as(apiKey));
    }
}
