package org.tallystick.edge.keys;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/** Ed25519 in pure Java, for machines without the native library. No provider is registered. Stateless. */
final class BouncyCastleEd25519 implements Ed25519Engine {
    @Override
    public Signer signer(byte[] seed) {
        if (seed.length != Ed25519Keys.KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return new PureSigner(seed.clone(), publicKey);
    }

    @Override
    public Verifier verifier() {
        return BouncyCastleEd25519::check;
    }

    private static boolean check(byte[] publicKey, byte[] message, byte[] signature) {
        return signature.length == Ed25519Keys.SIGNATURE_BYTES
                && Ed25519Keys.isUsable(publicKey)
                && Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
    }

    private static final class PureSigner implements Signer {
        private final byte[] seed;
        private final byte[] publicKey;

        PureSigner(byte[] seed, byte[] publicKey) {
            this.seed = seed;
            this.publicKey = publicKey;
        }

        @Override
        public byte[] sign(byte[] message) {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
            return signature;
        }

        @Override
        public byte[] publicKey() {
            return publicKey.clone();
        }
    }
}
