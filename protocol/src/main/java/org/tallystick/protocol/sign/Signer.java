package org.tallystick.protocol.sign;

/**
 * Makes Ed25519 signatures (RFC 8032, without pre-hashing) with one private key, which it never gives out. An
 * interface, because the fast implementations are not part of the JDK. Implementations are safe from any thread.
 */
public interface Signer {
    /** The 64-byte signature over the message. */
    byte[] sign(byte[] message);

    /** The raw 32-byte public key that verifies these signatures; a fresh copy. */
    byte[] publicKey();
}
