package org.tallystick.protocol.sign;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * An API key {@code tsk_<id>_<secret>}: the id finds it, the secret proves the right. A secret has 256 random bits, so one
 * SHA-256 keeps it as safe as a slow hash would keep a password. Whoever is to use a key makes it, and hands over the id and
 * the hash alone.
 *
 * @param id 16 hexadecimal digits, no secret
 * @param secretHash SHA-256 of the secret's characters
 */
public record ApiKey(String id, Hash secretHash) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern TEXT = Pattern.compile("tsk_(" + ID + ")_([A-Za-z0-9_-]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @throws MalformedException {@code api-key/id} */
    public ApiKey {
        checkId(id);
        Objects.requireNonNull(secretHash);
    }

    /** A key just made: the only moment its text exists. */
    public record Fresh(ApiKey key, String text) {
        @Override
        public String toString() {
            return key.toString();
        }
    }

    public static Fresh generate() {
        byte[] id = new byte[8];
        byte[] secret = new byte[32];
        RANDOM.nextBytes(id);
        RANDOM.nextBytes(secret);
        String idText = HexFormat.of().formatHex(id);
        String secretText = Base64Url.encode(secret);
        return new Fresh(new ApiKey(idText, hash(secretText)), "tsk_" + idText + "_" + secretText);
    }

    /** What a caller presents, if it has the shape of a key at all. */
    public static Optional<ApiKey> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new ApiKey(matcher.group(1), hash(matcher.group(2)))) : Optional.empty();
    }

    /**
     * The id itself, if it has the form of one.
     *
     * @throws MalformedException {@code api-key/id}
     */
    public static String checkId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new MalformedException(
                    "api-key/id", Fields.shown(id) + " is no id of an API key: 16 hexadecimal digits");
        }
        return id;
    }

    /** Whether the secrets are the same, in a time that does not tell how nearly. */
    public boolean matches(Hash other) {
        return MessageDigest.isEqual(secretHash.toBytes(), other.toBytes());
    }

    @Override
    public String toString() {
        return "tsk_" + id + "_…";
    }

    private static Hash hash(String secret) {
        return Sha256.hash(secret.getBytes(StandardCharsets.US_ASCII));
    }
}
