package org.tallystick.protocol.sign;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * Ed25519 (RFC 8032) with nothing but the JDK, so that a receipt can be verified anywhere. Does about a thousand
 * operations a second; servers use a faster implementation of the same two interfaces. Safe from any thread.
 */
public final class JdkEd25519 implements Signer, Verifier {
    private static final String PROVIDER = "SunEC";
    private static final Verifier VERIFIER = JdkEd25519::check;

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private JdkEd25519(PrivateKey privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** A signer with a fresh key. */
    public static JdkEd25519 generate() {
        byte[] seed = new byte[Ed25519Keys.KEY_BYTES];
        new SecureRandom().nextBytes(seed);
        return ofSeed(seed);
    }

    /**
     * A signer with a given private key.
     *
     * @param seed the private key of RFC 8032: 32 bytes, copied
     */
    public static JdkEd25519 ofSeed(byte[] seed) {
        try {
            PrivateKey key = KeyFactory.getInstance("Ed25519", PROVIDER)
                    .generatePrivate(new PKCS8EncodedKeySpec(Ed25519Keys.pkcs8(seed)));
            return new JdkEd25519(key, publicKeyOf(seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has Ed25519", e);
        }
    }

    /** A verifier, which needs no key of its own. */
    public static Verifier verifier() {
        return VERIFIER;
    }

    /** The raw public key of a private key, for providers that cannot compute it. */
    public static byte[] publicKeyOf(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", PROVIDER);
            generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
            KeyPair pair = generator.generateKeyPair();
            return Ed25519Keys.publicKeyOf(pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has Ed25519", e);
        }
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519", PROVIDER);
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a key of our own failed", e);
        }
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public boolean verify(byte[] key, byte[] message, byte[] signature) {
        return check(key, message, signature);
    }

    private static boolean check(byte[] key, byte[] message, byte[] signature) {
        if (signature.length != Ed25519Keys.SIGNATURE_BYTES || !Ed25519Keys.isUsable(key)) {
            return false;
        }
        try {
            PublicKey publicKey = KeyFactory.getInstance("Ed25519", PROVIDER)
                    .generatePublic(new X509EncodedKeySpec(Ed25519Keys.x509(key)));
            Signature engine = Signature.getInstance("Ed25519", PROVIDER);
            engine.initVerify(publicKey);
            engine.update(message);
            return engine.verify(signature);
        } catch (InvalidKeySpecException | java.security.InvalidKeyException | SignatureException e) {
            return false; // the key is not a point of the curve, or the signature's number is out of range: not a valid
            // signature
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has Ed25519", e);
        }
    }

    /**
     * A source of "random" bytes that gives the private key. The JDK computes a public key only when it generates a
     * pair, from the random bytes it draws.
     */
    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        FixedRandom(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
