package org.tallystick.protocol.sign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A good signature is checked once, a bad one every time, and nothing near a good one is taken for it. */
class RememberingVerifierTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final Signer signer = JdkEd25519.generate();
    private final byte[] message = {1, 2, 3};
    private final byte[] signature = signer.sign(message);
    private final Verifier verifier = new RememberingVerifier((key, text, sig) -> {
        asked.incrementAndGet();
        return JdkEd25519.verifier().verify(key, text, sig);
    });

    @Test
    void aGoodSignatureIsCheckedOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(verifier.verify(signer.publicKey(), message, signature)).isTrue();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void aBadSignatureIsCheckedEveryTimeAndStaysBad() {
        byte[] bad = signature.clone();
        bad[5] ^= 1;
        for (int i = 0; i < 2; i++) {
            assertThat(verifier.verify(signer.publicKey(), message, bad)).isFalse();
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void whatOnlyLooksLikeAGoodSignatureIsNoneAfterIt() {
        assertThat(verifier.verify(signer.publicKey(), message, signature)).isTrue();
        assertThat(verifier.verify(JdkEd25519.generate().publicKey(), message, signature))
                .isFalse();
        assertThat(verifier.verify(signer.publicKey(), new byte[] {1, 2}, signature))
                .isFalse();
        assertThat(verifier.verify(signer.publicKey(), new byte[] {1, 2, 3, 0}, signature))
                .isFalse();
        for (int i = 0; i < signature.length; i++) {
            byte[] changed = signature.clone();
            changed[i] ^= 64;
            assertThat(verifier.verify(signer.publicKey(), message, changed)).isFalse();
        }
    }
}
