package org.tallystick.protocol.codec;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Objects;

/**
 * Text that a person could be known by, beside the salt under which the log commits to it. Whoever holds both proves what was
 * written; without the salt nobody can guess the text from the commitment, so that erasing both leaves nothing that leads back.
 *
 * @param salt {@value #SALT_BYTES} random bytes as 22 characters of base64url
 */
public record SaltedText(String salt, String text) {
    /** Length of a salt in bytes: as many values as nobody tries through. */
    public static final int SALT_BYTES = 16;

    private static final String REASON = "salted-text/salt";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @throws MalformedException {@code salted-text/salt} where the salt has another form */
    public SaltedText {
        Objects.requireNonNull(text);
        if (Base64Url.decode(salt, REASON).length != SALT_BYTES) {
            throw new MalformedException(REASON, "a salt has " + SALT_BYTES + " bytes");
        }
    }

    /** The text under a salt of its own. */
    public static SaltedText fresh(String text) {
        return new SaltedText(freshSalt(), text);
    }

    /** A new salt, as text. */
    public static String freshSalt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return Base64Url.encode(salt);
    }

    /** SHA-256 over the salt's bytes and then the text in UTF-8. */
    public Hash commitment() {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[SALT_BYTES + utf8.length];
        System.arraycopy(Base64Url.decode(salt, REASON), 0, all, 0, SALT_BYTES);
        System.arraycopy(utf8, 0, all, SALT_BYTES, utf8.length);
        return Sha256.hash(all);
    }
}
