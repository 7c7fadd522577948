package org.tallystick.protocol.sign;

/**
 * Makes Ed25519 signatures (RFC 8032, pure) with one private key it never shows. Comes from outside because the fast
 * providers are not part of the JDK. Implementations are safe from any thread.
 */
public interface Signer {
    /** The 64-byte signature over the message. */
    byte[] sign(byte[] message);

    /** The raw 32-byte public key that verifies it; a fresh copy. */
    byte[] publicKey();
}
