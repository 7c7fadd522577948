package org.tallystick.edge.keys;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * Ed25519 by native code, asked for by provider object: it is never registered with the JDK, so nothing else changes
 * its algorithms. Keys are read by the JDK, which this provider cannot. Safe from any thread: engines are per thread.
 */
final class AccpEd25519 implements Ed25519Engine {
    private static final AmazonCorrettoCryptoProvider PROVIDER = AmazonCorrettoCryptoProvider.INSTANCE;
    private static final ThreadLocal<Signature> VERIFYING = ThreadLocal.withInitial(AccpEd25519::engine);

    AccpEd25519() {
        Throwable problem = PROVIDER.getLoadingError();
        if (problem != null) {
            throw new IllegalStateException("the native library does not load: " + Reasons.of(problem), problem);
        }
    }

    @Override
    public Signer signer(byte[] seed) {
        try {
            PrivateKey key = keys().generatePrivate(new PKCS8EncodedKeySpec(Ed25519Keys.pkcs8(seed)));
            return new NativeSigner(key, JdkEd25519.publicKeyOf(seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK reads Ed25519 keys", e);
        }
    }

    @Override
    public Verifier verifier() {
        return AccpEd25519::check;
    }

    private static boolean check(byte[] publicKey, byte[] message, byte[] signature) {
        if (signature.length != Ed25519Keys.SIGNATURE_BYTES || !Ed25519Keys.isUsable(publicKey)) {
            return false;
        }
        try {
            PublicKey key = keys().generatePublic(new X509EncodedKeySpec(Ed25519Keys.x509(publicKey)));
            Signature engine = VERIFYING.get();
            engine.initVerify(key);
            engine.update(message);
            return engine.verify(signature);
        } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
            return false; // not a point of the curve, or a scalar out of range: nothing it could have signed
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK reads Ed25519 keys", e);
        }
    }

    private static KeyFactory keys() throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519", "SunEC");
    }

    private static Signature engine() {
        try {
            return Signature.getInstance("Ed25519", PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this provider has Ed25519", e);
        }
    }

    /** Holds a ready engine per thread; in practice only the sealer signs. */
    private static final class NativeSigner implements Signer {
        private final ThreadLocal<Signature> signing;
        private final byte[] publicKey;

        NativeSigner(PrivateKey key, byte[] publicKey) {
            this.publicKey = publicKey;
            this.signing = ThreadLocal.withInitial(() -> {
                try {
                    Signature engine = engine();
                    engine.initSign(key);
                    return engine;
                } catch (InvalidKeyException e) {
                    throw new IllegalStateException("signing with a key of our own failed", e);
                }
            });
        }

        @Override
        public byte[] sign(byte[] message) {
            try {
                Signature engine = signing.get();
                engine.update(message);
                return engine.sign();
            } catch (SignatureException e) {
                throw new IllegalStateException("signing with a key of our own failed", e);
            }
        }

        @Override
        public byte[] publicKey() {
            return publicKey.clone();
        }
    }
}
