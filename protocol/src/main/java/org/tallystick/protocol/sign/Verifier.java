package org.tallystick.protocol.sign;

/**
 * Checks Ed25519 signatures (RFC 8032, pure). Answers {@code false}, never throws, for keys that are not 32 bytes, not a
 * point or of small order, and for signatures that are not 64 bytes: what a stranger sends must not raise. Safe from
 * any thread.
 */
@FunctionalInterface
public interface Verifier {
    /**
     * @param publicKey raw, 32 bytes
     * @param message what was signed
     * @param signature 64 bytes
     */
    boolean verify(byte[] publicKey, byte[] message, byte[] signature);
}
