package org.tallystick.protocol.codec;

import java.util.Arrays;

/**
 * Sixteen bytes that nobody can guess, put before the hash of a private text wherever a public tree commits to it: without
 * them, whoever can guess the text ("nothing was used") could see that the guess is right.
 *
 * @param hex the bytes, as 32 lower-case hexadecimal digits
 */
public record Salt(String hex) {
    /** Bytes of a salt. */
    public static final int LENGTH = 16;

    public Salt {
        if (!hex.matches("[0-9a-f]{32}")) {
            throw new MalformedException("salt/malformed", "a salt has 32 lower-case hexadecimal digits");
        }
    }

    /** The salt that follows from a secret for one name: the beginning of HMAC-SHA-256. */
    public static Salt of(Hash secret, String name) {
        return new Salt(Hmac.sha256(secret.toBytes(), name).hex().substring(0, 2 * LENGTH));
    }

    /** What stands in the tree for a text: SHA-256 of the salt and the hash of the text. */
    public Hash commit(Hash text) {
        byte[] bytes = Arrays.copyOf(toBytes(), LENGTH + Hash.BYTES);
        text.writeTo(bytes, LENGTH);
        return Sha256.hash(bytes);
    }

    /** The bytes. */
    public byte[] toBytes() {
        return java.util.HexFormat.of().parseHex(hex);
    }
}
