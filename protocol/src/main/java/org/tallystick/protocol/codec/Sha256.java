package org.tallystick.protocol.codec;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 without a digest object per call: one {@link MessageDigest} per thread, always left reset. The JDK's own
 * implementation, by far the fastest measured on short inputs. Safe from any thread.
 */
public final class Sha256 {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::newDigest);

    private Sha256() {}

    /** The hash of all bytes. */
    public static Hash hash(byte[] bytes) {
        return hash(bytes, 0, bytes.length);
    }

    /** The hash of a range. */
    static Hash hash(byte[] buffer, int offset, int length) {
        MessageDigest digest = digest();
        digest.update(buffer, offset, length);
        return Hash.at(digest.digest(), 0);
    }

    /** A new digest of the caller's own, for streams that outlive one call. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** This thread's digest, reset. The caller must finish it before anything else of this package runs. */
    public static MessageDigest digest() {
        return DIGEST.get();
    }

    /** Finishes the digest into a buffer without allocating. */
    public static void finish(MessageDigest digest, byte[] out, int offset) {
        try {
            digest.digest(out, offset, Hash.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes are always enough for SHA-256", e);
        }
    }
}
