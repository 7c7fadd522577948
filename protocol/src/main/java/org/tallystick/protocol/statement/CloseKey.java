package org.tallystick.protocol.statement;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * The secret of one close, from which all of its salts follow, so that a close can be computed again to the byte by whoever
 * has it: the platform, which derives it from its own secret, and auditors, who read it in the log. A payee is shown only
 * the salts of its own documents.
 *
 * @param bytes the secret
 */
public record CloseKey(Hash bytes) {
    private static final int BLOCK = 64;
    private static final String DOMAIN = "tallystick/close-key/v1";

    /**
     * The secret of a close: HMAC-SHA-256 under the platform's secret.
     *
     * @param secret the platform's, 32 bytes, kept with its key
     * @param platform the platform's name: the log's origin
     * @param period id of the period closed
     */
    public static CloseKey derive(byte[] secret, String platform, String period) {
        return new CloseKey(hmac(secret, String.join("\n", DOMAIN, platform, period)));
    }

    /** The salt of the statement or invoice with this id. */
    public Salt salt(String id) {
        return Salt.of(bytes, id);
    }

    /** HMAC (RFC 2104) with SHA-256, under a key of at most one block. */
    static Hash hmac(byte[] key, String message) {
        ByteArrayOutputStream inner = padded(key, 0x36);
        inner.writeBytes(message.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream outer = padded(key, 0x5c);
        outer.writeBytes(Sha256.hash(inner.toByteArray()).toBytes());
        return Sha256.hash(outer.toByteArray());
    }

    private static ByteArrayOutputStream padded(byte[] key, int pad) {
        if (key.length > BLOCK) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes is longer than a block");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            out.write((i < key.length ? key[i] : 0) ^ pad);
        }
        return out;
    }

    /** Says nothing of the secret, so that no log line does. */
    @Override
    public String toString() {
        return "CloseKey";
    }
}
