package org.tallystick.protocol.codec;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 (FIPS 180-4) by the JDK's own implementation, with one {@link MessageDigest} for each thread instead of one
 * for each call: for short inputs, making the digest would cost more than the hashing. Safe from any thread.
 */
public final class Sha256 {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::newDigest);

    private Sha256() {}

    /** The hash of all bytes. */
    public static Hash hash(byte[] bytes) {
        return hash(bytes, 0, bytes.length);
    }

    /** The hash of {@code length} bytes from an offset. */
    static Hash hash(byte[] buffer, int offset, int length) {
        MessageDigest digest = digest();
        digest.update(buffer, offset, length);
        return Hash.at(digest.digest(), 0);
    }

    /** A new digest that belongs to the caller, for a stream that is hashed over many calls. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * This thread's shared digest, empty. The caller must finish it before calling anything else in this package, which
     * would use the same digest.
     */
    public static MessageDigest digest() {
        return DIGEST.get();
    }

    /** Finishes the digest and writes its 32 bytes at an offset, without allocating memory. */
    public static void finish(MessageDigest digest, byte[] out, int offset) {
        try {
            digest.digest(out, offset, Hash.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes are always enough for SHA-256", e);
        }
    }
}
