package org.tallystick.platform.party;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Sha256;

/**
 * An API key {@code tsk_<id>_<secret>}: the id finds the row, the secret proves the right. A secret has 256 random bits,
 * so one SHA-256 keeps it as safe as a slow hash would keep a password.
 *
 * @param id 16 hexadecimal digits, no secret
 * @param secretHash SHA-256 of the secret's characters
 */
record ApiKey(String id, byte[] secretHash) {
    private static final Pattern TEXT = Pattern.compile("tsk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A key just made: the only moment its text exists here. */
    record Fresh(ApiKey key, String text) {
        @Override
        public String toString() {
            return key.toString();
        }
    }

    static Fresh generate() {
        byte[] id = new byte[8];
        byte[] secret = new byte[32];
        RANDOM.nextBytes(id);
        RANDOM.nextBytes(secret);
        String idText = HexFormat.of().formatHex(id);
        String secretText = Base64Url.encode(secret);
        return new Fresh(new ApiKey(idText, hash(secretText)), "tsk_" + idText + "_" + secretText);
    }

    /** What a caller presents, if it has the shape of a key at all. */
    static Optional<ApiKey> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new ApiKey(matcher.group(1), hash(matcher.group(2)))) : Optional.empty();
    }

    /** Whether the secrets are the same, in a time that does not tell how nearly. */
    boolean matches(byte[] otherHash) {
        return MessageDigest.isEqual(secretHash, otherHash);
    }

    @Override
    public String toString() {
        return "tsk_" + id + "_…";
    }

    private static byte[] hash(String secret) {
        return Sha256.hash(secret.getBytes(StandardCharsets.US_ASCII)).toBytes();
    }
}
