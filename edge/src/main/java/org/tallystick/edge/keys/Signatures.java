package org.tallystick.edge.keys;

/** Implementations of Ed25519, by the names an operator chooses them with. */
public enum Signatures {
    /** The fastest that works on this machine. */
    AUTO,
    /** Amazon Corretto Crypto Provider, native code. */
    ACCP,
    /** BouncyCastle, pure Java. */
    BOUNCY_CASTLE,
    /** The JDK's own. */
    JDK
}
