package org.tallystick.edge.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

class Ed25519ProviderTest {
    private static List<Ed25519Provider> all() {
        return List.of(
                Ed25519Provider.choose(Signatures.ACCP),
                Ed25519Provider.choose(Signatures.BOUNCY_CASTLE),
                Ed25519Provider.choose(Signatures.JDK));
    }

    @Test
    void theFastestThatWorksIsTaken() {
        assertThat(Ed25519Provider.choose(Signatures.AUTO).kind()).isEqualTo(Signatures.ACCP);
    }

    @Test
    void allMakeTheSameSignaturesAndAcceptEachOthers() {
        Seeds.check(10, random -> {
            byte[] seed = Seeds.bytes(random, 32);
            byte[] message = Seeds.bytes(random, random.nextInt(200));
            byte[] expected = JdkEd25519.ofSeed(seed).sign(message);
            for (Ed25519Provider provider : all()) {
                Signer signer = provider.signer(seed);
                assertThat(signer.sign(message)).as(provider.kind().name()).isEqualTo(expected);
                assertThat(signer.sign(message)).as("again").isEqualTo(expected);
                assertThat(signer.publicKey()).isEqualTo(JdkEd25519.publicKeyOf(seed));
                assertThat(provider.verifier().verify(signer.publicKey(), message, expected))
                        .isTrue();
            }
        });
    }

    @Test
    void allRefuseWhatIsNotASignature() {
        Seeds.check(20, random -> {
            byte[] seed = Seeds.bytes(random, 32);
            byte[] message = Seeds.bytes(random, 50);
            byte[] key = JdkEd25519.publicKeyOf(seed);
            byte[] signature = JdkEd25519.ofSeed(seed).sign(message);
            byte[] changed = signature.clone();
            changed[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            byte[] otherKey = key.clone();
            otherKey[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
            for (Ed25519Provider provider : all()) {
                Verifier verifier = provider.verifier();
                String name = provider.kind().name();
                assertThat(verifier.verify(key, message, changed)).as(name).isFalse();
                assertThat(verifier.verify(otherKey, message, signature))
                        .as(name)
                        .isFalse();
                assertThat(verifier.verify(key, Seeds.bytes(random, 50), signature))
                        .as(name)
                        .isFalse();
                assertThat(verifier.verify(key, message, Arrays.copyOf(signature, 63)))
                        .as(name)
                        .isFalse();
                assertThat(verifier.verify(Arrays.copyOf(key, 31), message, signature))
                        .as(name)
                        .isFalse();
                assertThat(verifier.verify(new byte[32], message, signature))
                        .as(name)
                        .isFalse();
                byte[] noScalar = signature.clone();
                Arrays.fill(noScalar, 32, 64, (byte) 0xff);
                assertThat(verifier.verify(key, message, noScalar)).as(name).isFalse();
            }
        });
    }
}
