package org.tallystick.platform.payout;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;

/**
 * Where money goes: personal. The log holds {@link #hash()}; with the original at hand it proves what was instructed,
 * without it the salt keeps anyone from guessing an account number.
 *
 * @param salt 32 random bytes, erased with the rest
 */
@SuppressWarnings("ArrayRecordComponent") // moved to and from the table, never compared
record Destination(byte[] salt, String text) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static Destination salted(String text) {
        byte[] salt = new byte[32];
        RANDOM.nextBytes(salt);
        return new Destination(salt, text);
    }

    /** SHA-256 over the canonical JSON of destination and salt. */
    Hash hash() {
        return Sha256.hash(Jcs.bytes(Json.object()
                .put("destination", text)
                .put("salt", HexFormat.of().formatHex(salt))
                .build()));
    }

    @Override
    public String toString() {
        return "Destination[" + hash() + "]";
    }
}
