package org.tallystick.protocol.usage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.codec.Sha256;

/**
 * The secret of one usage set in one close, from which the salts of its blocks follow: HMAC-SHA-256 of the close's key and
 * the set's name. The buyer is shown those of its own sets, a payee only the salts of its own blocks.
 *
 * @param secret the secret
 */
public record SetKey(Hash secret) {
    private static final HexFormat HEX = HexFormat.of();

    /** The salt of the set's node. */
    Salt nodeSalt() {
        return salt(secret, "set");
    }

    /** The salt of how many works are used. */
    Salt usedSalt() {
        return salt(secret, "used");
    }

    /**
     * Writes the salt of a creator's block.
     *
     * @param scratch at least 32 bytes, overwritten
     */
    void blockSalt(int creator, int block, byte[] scratch, byte[] out, int offset) {
        secret.writeTo(scratch, 0);
        MessageDigest digest = Sha256.digest();
        digest.update(scratch, 0, Hash.BYTES);
        putInt(scratch, 0, creator);
        putInt(scratch, 4, block);
        digest.update(scratch, 0, 8);
        Sha256.finish(digest, scratch, 0);
        System.arraycopy(scratch, 0, out, offset, Salt.LENGTH);
    }

    /** The first 16 bytes of the SHA-256 of a secret and what the salt is for. */
    static Salt salt(Hash secret, String purpose) {
        byte[] text = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(secret.toBytes(), Hash.BYTES + text.length);
        System.arraycopy(text, 0, bytes, Hash.BYTES, text.length);
        return new Salt(HEX.formatHex(Sha256.hash(bytes).toBytes(), 0, Salt.LENGTH));
    }

    static void putInt(byte[] out, int offset, int value) {
        out[offset] = (byte) (value >>> 24);
        out[offset + 1] = (byte) (value >>> 16);
        out[offset + 2] = (byte) (value >>> 8);
        out[offset + 3] = (byte) value;
    }

    /** Says nothing of the secret, so that no log line does. */
    @Override
    public String toString() {
        return "SetKey";
    }
}
