package org.tallystick.edge.keys;

import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/** One implementation of Ed25519, as {@link Ed25519Provider} tries and uses it. Safe from any thread. */
interface Ed25519Engine {
    /** @param seed private key as RFC 8032 defines it, 32 bytes, copied */
    Signer signer(byte[] seed);

    Verifier verifier();
}
