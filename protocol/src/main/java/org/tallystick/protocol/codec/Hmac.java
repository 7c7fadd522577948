package org.tallystick.protocol.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** HMAC (RFC 2104) with SHA-256: how secrets and salts follow from a secret for a name. */
public final class Hmac {
    private static final int BLOCK = 64;

    private Hmac() {}

    /** @param key of at most one block, 64 bytes */
    public static Hash sha256(byte[] key, String message) {
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
}
