package org.tallystick.platform.party;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;

/**
 * What is personal about a party. The log holds {@link #hash()}: with the profile at hand it proves what was registered,
 * without it the salt keeps anyone from guessing.
 *
 * @param salt 32 random bytes, erased with the rest
 */
record Profile(byte[] salt, String displayName) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static Profile salted(String displayName) {
        byte[] salt = new byte[32];
        RANDOM.nextBytes(salt);
        return new Profile(salt, displayName);
    }

    /** SHA-256 over the canonical JSON of name and salt. */
    Hash hash() {
        return Sha256.hash(Jcs.bytes(Json.object()
                .put("display_name", displayName)
                .put("salt", HexFormat.of().formatHex(salt))
                .build()));
    }
}
