package org.tallystick.protocol.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdkEd25519Test {
    private static final byte[] MESSAGE = "tally".getBytes(StandardCharsets.UTF_8);
    private static final JdkEd25519 KEY = JdkEd25519.ofSeed(new byte[32]);

    /** RFC 8032, section 7.1, tests 1 to 3. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void rfc8032(String seed, String publicKey, String message, String signature) {
        JdkEd25519 key = JdkEd25519.ofSeed(hex(seed));
        assertThat(key.publicKey()).isEqualTo(hex(publicKey));
        assertThat(key.sign(hex(message))).isEqualTo(hex(signature));
        assertThat(key.verify(hex(publicKey), hex(message), hex(signature))).isTrue();
        assertThat(JdkEd25519.verifier().verify(hex(publicKey), hex(message), hex(signature)))
                .isTrue();
    }

    @Test
    void anyChangedBitFails() {
        byte[] signature = KEY.sign(MESSAGE);
        for (int bit = 0; bit < 512; bit += 7) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(KEY.verify(KEY.publicKey(), MESSAGE, changed)).isFalse();
        }
        assertThat(KEY.verify(KEY.publicKey(), "tallz".getBytes(StandardCharsets.UTF_8), signature))
                .isFalse();
        assertThat(KEY.verify(JdkEd25519.generate().publicKey(), MESSAGE, signature))
                .isFalse();
    }

    @Test
    void onlySixtyFourBytesAreASignature() {
        byte[] signature = KEY.sign(MESSAGE);
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertThat(KEY.verify(KEY.publicKey(), MESSAGE, Arrays.copyOf(signature, length)))
                    .isFalse();
        }
    }

    @Test
    void theScalarMustBeReduced() {
        byte[] signature = KEY.sign(MESSAGE);
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64))).add(order);
        byte[] big = s.toByteArray();
        byte[] malleable = signature.clone();
        for (int i = 0; i < 32; i++) {
            malleable[32 + i] = i < big.length ? big[big.length - 1 - i] : 0;
        }
        assertThat(KEY.verify(KEY.publicKey(), MESSAGE, malleable)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000, order 4",
        "0000000000000000000000000000000000000000000000000000000000000080, order 4",
        "0100000000000000000000000000000000000000000000000000000000000000, neutral",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, order 2",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a, order 8",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa, order 8",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05, order 8",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85, order 8",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, not canonical zero",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, not canonical one"
    })
    void keysThatBindNobodyAreRefused(String publicKey, String why) {
        assertThat(Ed25519Keys.isUsable(hex(publicKey))).as(why).isFalse();
        byte[] zero = new byte[64];
        zero[0] = 1;
        assertThat(KEY.verify(hex(publicKey), MESSAGE, zero)).as(why).isFalse();
    }

    @Test
    void keysOffTheCurveOrOfWrongLengthAreRefused() {
        byte[] off = new byte[32];
        off[0] = 2; // y = 2 has no x
        assertThat(KEY.verify(off, MESSAGE, KEY.sign(MESSAGE))).isFalse();
        assertThat(KEY.verify(new byte[31], MESSAGE, KEY.sign(MESSAGE))).isFalse();
        assertThat(KEY.verify(new byte[0], MESSAGE, KEY.sign(MESSAGE))).isFalse();
    }

    @Test
    void wrappingsRoundTrip() {
        byte[] seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        assertThat(Ed25519Keys.seedOf(Ed25519Keys.pkcs8(seed))).isEqualTo(seed);
        byte[] key = JdkEd25519.publicKeyOf(seed);
        assertThat(Ed25519Keys.publicKeyOf(Ed25519Keys.x509(key))).isEqualTo(key);
        assertThatThrownBy(() -> Ed25519Keys.x509(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ed25519Keys.publicKeyOf(Ed25519Keys.pkcs8(seed)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JdkEd25519.ofSeed(new byte[33])).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
