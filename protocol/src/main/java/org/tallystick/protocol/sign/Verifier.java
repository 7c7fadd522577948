package org.tallystick.protocol.sign;

/**
 * Checks Ed25519 signatures (RFC 8032, without pre-hashing). Answers {@code false} and does not throw for keys that are
 * not 32 bytes, not a point of the curve or of small order, and for signatures that are not 64 bytes: the input comes
 * from strangers. Implementations are safe from any thread.
 */
@FunctionalInterface
public interface Verifier {
    /**
     * Whether this is the key's signature of the message.
     *
     * @param publicKey raw, 32 bytes
     * @param message what was signed
     * @param signature 64 bytes
     */
    boolean verify(byte[] publicKey, byte[] message, byte[] signature);
}
