package org.tallystick.edge.keys;

import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * Picks the implementation of Ed25519: one signature seals a whole batch, but a slow one delays every receipt in it.
 * Native code first, pure Java next, the JDK last; each must sign and verify before it is trusted. An implementation's
 * classes load only when it is tried. Immutable, safe from any thread.
 */
public final class Ed25519Provider {
    private static final Logger LOG = LoggerFactory.getLogger(Ed25519Provider.class);

    private final Signatures kind;
    private final Ed25519Engine engine;

    private Ed25519Provider(Signatures kind, Ed25519Engine engine) {
        this.kind = kind;
        this.engine = engine;
    }

    /**
     * @throws IllegalStateException where the implementation asked for by name does not work here
     */
    public static Ed25519Provider choose(Signatures wanted) {
        List<Signatures> candidates = wanted == Signatures.AUTO
                ? List.of(Signatures.ACCP, Signatures.BOUNCY_CASTLE, Signatures.JDK)
                : List.of(wanted);
        for (Signatures candidate : candidates) {
            try {
                Ed25519Engine engine = load(candidate);
                if (works(engine)) {
                    return new Ed25519Provider(candidate, engine);
                }
                LOG.warn("Ed25519 by {} gives wrong results here", candidate);
            } catch (LinkageError | RuntimeException e) {
                LOG.info("Ed25519 by {} cannot be used here: {}", candidate, e.toString());
            }
        }
        throw new IllegalStateException("Ed25519 by " + wanted + " does not work here");
    }

    private static Ed25519Engine load(Signatures kind) {
        return switch (kind) {
            case ACCP -> new AccpEd25519();
            case BOUNCY_CASTLE -> new BouncyCastleEd25519();
            case JDK -> new JdkEngine();
            case AUTO -> throw new IllegalArgumentException("AUTO is a choice, not an implementation");
        };
    }

    private static boolean works(Ed25519Engine engine) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 7);
        byte[] message = {1, 2, 3};
        byte[] expected = JdkEd25519.ofSeed(seed).sign(message);
        Signer signer = engine.signer(seed);
        byte[] signature = signer.sign(message);
        boolean right =
                Arrays.equals(signature, expected) && engine.verifier().verify(signer.publicKey(), message, signature);
        signature[5] ^= 1;
        return right && !engine.verifier().verify(signer.publicKey(), message, signature);
    }

    /** Which implementation was taken; never {@code AUTO}. */
    public Signatures kind() {
        return kind;
    }

    public Signer signer(byte[] seed) {
        return engine.signer(seed);
    }

    public Verifier verifier() {
        return engine.verifier();
    }

    private static final class JdkEngine implements Ed25519Engine {
        @Override
        public Signer signer(byte[] seed) {
            return JdkEd25519.ofSeed(seed);
        }

        @Override
        public Verifier verifier() {
            return JdkEd25519.verifier();
        }
    }
}
