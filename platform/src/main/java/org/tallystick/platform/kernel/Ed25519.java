package org.tallystick.platform.kernel;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * The fastest Ed25519 (RFC 8032) this machine has: Amazon Corretto's where its native library loads, else BouncyCastle,
 * else the JDK; the choice is made once and changes speed, never a verdict. Providers are asked for by name and never
 * installed, so that nothing else in the process changes its cryptography. Safe from any thread.
 */
public final class Ed25519 {
    private static final Logger LOG = LoggerFactory.getLogger(Ed25519.class);
    private static final Engine CHOSEN = choose(List.of(CorrettoEngine::new, BouncyCastleEngine::new, JdkEngine::new));

    private Ed25519() {}

    /**
     * The signer of a private key.
     *
     * @param seed the 32 bytes of RFC 8032's private key, copied
     * @throws IllegalArgumentException for any other length
     */
    public static Signer signer(byte[] seed) {
        return CHOSEN.signer(seed);
    }

    /** Checks signatures; refuses keys that bind nobody ({@link Ed25519Keys#isUsable}) and scalars not reduced. */
    public static Verifier verifier() {
        return CHOSEN;
    }

    /** What signs and verifies here, for logs and health pages: {@code corretto}, {@code bouncycastle} or {@code jdk}. */
    public static String provider() {
        return CHOSEN.name();
    }

    /** The first engine that signs and verifies a message of RFC 8032 as it should. */
    static Engine choose(List<Supplier<Engine>> candidates) {
        for (Supplier<Engine> candidate : candidates) {
            Optional<Engine> engine = tried(candidate);
            if (engine.isPresent()) {
                LOG.debug("Ed25519 by {}", engine.get().name());
                return engine.get();
            }
        }
        throw new IllegalStateException("no provider of Ed25519 works here");
    }

    private static Optional<Engine> tried(Supplier<Engine> candidate) {
        try {
            Engine engine = candidate.get();
            Signer signer = engine.signer(new byte[Ed25519Keys.KEY_BYTES]);
            byte[] message = {1, 2, 3};
            byte[] signature = signer.sign(message);
            byte[] other = {1, 2, 4};
            return engine.verify(signer.publicKey(), message, signature)
                            && !engine.verify(signer.publicKey(), other, signature)
                    ? Optional.of(engine)
                    : Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            LOG.debug("a provider of Ed25519 does not work here: {}", e.toString());
            return Optional.empty();
        }
    }

    /** One provider. */
    interface Engine extends Verifier {
        String name();

        Signer signer(byte[] seed);
    }

    /** What all engines refuse alike, before a provider sees it. */
    private static boolean isWellFormed(byte[] publicKey, byte[] signature) {
        return signature.length == Ed25519Keys.SIGNATURE_BYTES && Ed25519Keys.isUsable(publicKey);
    }

    /** Amazon Corretto's native library; keys are parsed by the JDK, which it understands. */
    static final class CorrettoEngine implements Engine {
        private final Provider provider = AmazonCorrettoCryptoProvider.INSTANCE;

        CorrettoEngine() {
            Throwable failed = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (failed != null) {
                throw new IllegalStateException("the native library does not load", failed);
            }
        }

        @Override
        public String name() {
            return "corretto";
        }

        @Override
        public Signer signer(byte[] seed) {
            try {
                byte[] publicKey = JdkEd25519.publicKeyOf(seed);
                PrivateKey key = KeyFactory.getInstance("Ed25519", "SunEC")
                        .generatePrivate(new PKCS8EncodedKeySpec(Ed25519Keys.pkcs8(seed)));
                return new KeySigner(provider, key, publicKey);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK reads Ed25519 keys", e);
            }
        }

        @Override
        public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
            if (!isWellFormed(publicKey, signature)) {
                return false;
            }
            try {
                PublicKey key = KeyFactory.getInstance("Ed25519", "SunEC")
                        .generatePublic(new X509EncodedKeySpec(Ed25519Keys.x509(publicKey)));
                Signature engine = Signature.getInstance("Ed25519", provider);
                engine.initVerify(key);
                engine.update(message);
                return engine.verify(signature);
            } catch (GeneralSecurityException e) {
                return false; // not a point of the curve, or a scalar out of range: nothing it could have signed
            }
        }
    }

    private record KeySigner(Provider provider, PrivateKey key, byte[] rawPublicKey) implements Signer {
        @Override
        public byte[] sign(byte[] message) {
            try {
                Signature engine = Signature.getInstance("Ed25519", provider);
                engine.initSign(key);
                engine.update(message);
                return engine.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("signing with a key of our own failed", e);
            }
        }

        @Override
        public byte[] publicKey() {
            return rawPublicKey.clone();
        }

        @Override
        public String toString() {
            return "Ed25519 signer"; // a record would print the private key
        }
    }

    /** BouncyCastle's own arithmetic, without its provider. */
    static final class BouncyCastleEngine implements Engine {
        @Override
        public String name() {
            return "bouncycastle";
        }

        @Override
        public Signer signer(byte[] seed) {
            if (seed.length != Ed25519Keys.KEY_BYTES) {
                throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
            }
            byte[] publicKey = new byte[Ed25519Keys.KEY_BYTES];
            org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, publicKey, 0);
            return new SeedSigner(seed.clone(), publicKey);
        }

        @Override
        public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
            return isWellFormed(publicKey, signature)
                    && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                            signature, 0, publicKey, 0, message, 0, message.length);
        }
    }

    private record SeedSigner(byte[] seed, byte[] rawPublicKey) implements Signer {
        @Override
        public byte[] sign(byte[] message) {
            byte[] signature = new byte[Ed25519Keys.SIGNATURE_BYTES];
            org.bouncycastle.math.ec.rfc8032.Ed25519.sign(
                    seed, 0, rawPublicKey, 0, message, 0, message.length, signature, 0);
            return signature;
        }

        @Override
        public byte[] publicKey() {
            return rawPublicKey.clone();
        }

        @Override
        public String toString() {
            return "Ed25519 signer"; // a record would print the private key
        }
    }

    /** The JDK alone, a thousand operations a second: for machines where nothing else runs. */
    static final class JdkEngine implements Engine {
        @Override
        public String name() {
            return "jdk";
        }

        @Override
        public Signer signer(byte[] seed) {
            return JdkEd25519.ofSeed(seed);
        }

        @Override
        public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
            return JdkEd25519.verifier().verify(publicKey, message, signature);
        }
    }
}
