package org.tallystick.platform.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.protocol.sign.Signer;

/** Every engine must give the same signatures and the same verdicts: which of them runs may change speed only. */
class Ed25519Test {
    private static final byte[] SEED =
            HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    private static final boolean NATIVE =
            OS.LINUX.isCurrentOs() && System.getProperty("os.arch").equals("amd64");
    private static final byte[] MESSAGE = "tally".getBytes(StandardCharsets.UTF_8);
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    static List<Ed25519.Engine> engines() {
        List<Ed25519.Engine> portable = List.of(new Ed25519.BouncyCastleEngine(), new Ed25519.JdkEngine());
        return NATIVE
                ? Stream.concat(Stream.of(new Ed25519.CorrettoEngine()), portable.stream())
                        .toList()
                : portable;
    }

    @Test
    void theNativeProviderIsPreferred() {
        assertThat(Ed25519.provider()).isEqualTo(NATIVE ? "corretto" : "bouncycastle");
        Signer signer = Ed25519.signer(SEED);
        assertThat(Ed25519.verifier().verify(signer.publicKey(), MESSAGE, signer.sign(MESSAGE)))
                .isTrue();
    }

    @Test
    void theFirstThatWorksIsChosen() {
        assertThat(Ed25519.choose(List.of(
                                () -> {
                                    throw new UnsatisfiedLinkError("no library for this machine");
                                },
                                () -> {
                                    throw new IllegalStateException("did not load");
                                },
                                YesSayer::new,
                                Ed25519.BouncyCastleEngine::new,
                                Ed25519.JdkEngine::new))
                        .name())
                .isEqualTo("bouncycastle");
        assertThatThrownBy(() -> Ed25519.choose(List.of(YesSayer::new))).isInstanceOf(IllegalStateException.class);
    }

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
        HexFormat hex = HexFormat.of();
        for (Ed25519.Engine engine : engines()) {
            Signer signer = engine.signer(hex.parseHex(seed));
            assertThat(signer.publicKey()).as(engine.name()).isEqualTo(hex.parseHex(publicKey));
            assertThat(signer.sign(hex.parseHex(message))).as(engine.name()).isEqualTo(hex.parseHex(signature));
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void whatOneSignsAllAccept(Ed25519.Engine signing) {
        Signer signer = signing.signer(SEED);
        byte[] signature = signer.sign(MESSAGE);
        for (Ed25519.Engine engine : engines()) {
            assertThat(engine.verify(signer.publicKey(), MESSAGE, signature))
                    .as(engine.name())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void anyChangedBitFails(Ed25519.Engine engine) {
        Signer signer = engine.signer(SEED);
        byte[] signature = signer.sign(MESSAGE);
        for (int bit = 0; bit < 512; bit += 11) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(engine.verify(signer.publicKey(), MESSAGE, changed))
                    .as("bit %s", bit)
                    .isFalse();
        }
        byte[] other = "tallz".getBytes(StandardCharsets.UTF_8);
        assertThat(engine.verify(signer.publicKey(), other, signature)).isFalse();
        byte[] stranger = engine.signer(new byte[32]).publicKey();
        assertThat(engine.verify(stranger, MESSAGE, signature)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void theScalarMustBeReduced(Ed25519.Engine engine) {
        Signer signer = engine.signer(SEED);
        byte[] signature = signer.sign(MESSAGE);
        BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
        for (BigInteger same : List.of(s.add(ORDER), s.add(ORDER.multiply(BigInteger.TWO)))) {
            byte[] malleable = signature.clone();
            byte[] big = same.toByteArray();
            for (int i = 0; i < 32; i++) {
                malleable[32 + i] = i < big.length ? big[big.length - 1 - i] : 0;
            }
            assertThat(engine.verify(signer.publicKey(), MESSAGE, malleable)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void onlySixtyFourBytesAreASignatureAndThirtyTwoAKey(Ed25519.Engine engine) {
        Signer signer = engine.signer(SEED);
        byte[] signature = signer.sign(MESSAGE);
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertThat(engine.verify(signer.publicKey(), MESSAGE, Arrays.copyOf(signature, length)))
                    .isFalse();
        }
        for (int length : new int[] {0, 1, 31, 33, 44}) {
            assertThat(engine.verify(Arrays.copyOf(signer.publicKey(), length), MESSAGE, signature))
                    .isFalse();
        }
        for (int length : new int[] {0, 31, 33, 64}) {
            assertThatThrownBy(() -> engine.signer(new byte[length])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A key of small order with S = 0 and R the neutral point passes the bare equation for many messages. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000, order 4",
        "0100000000000000000000000000000000000000000000000000000000000000, neutral",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, order 2",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a, order 8",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, not canonical",
        "0200000000000000000000000000000000000000000000000000000000000000, not on the curve"
    })
    void keysThatBindNobodyAreRefused(String publicKey, String why) {
        byte[] free = new byte[64];
        free[0] = 1;
        for (Ed25519.Engine engine : engines()) {
            assertThat(engine.verify(HexFormat.of().parseHex(publicKey), MESSAGE, free))
                    .as("%s, %s", engine.name(), why)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void threadsDoNotDisturbEachOther(Ed25519.Engine engine) throws Exception {
        Signer signer = engine.signer(SEED);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> all = new java.util.ArrayList<>();
            for (int i = 0; i < 200; i++) {
                byte[] message = {(byte) i, 7};
                all.add(threads.submit(() -> engine.verify(signer.publicKey(), message, signer.sign(message))));
            }
            for (Future<Boolean> one : all) {
                assertThat(one.get()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aSignerNeverPrintsItsKey(Ed25519.Engine engine) {
        assertThat(engine.signer(SEED).toString()).doesNotContain("9d61b19d").doesNotContain("[-99");
        byte[] mine = engine.signer(SEED).publicKey();
        mine[0] ^= 1;
        assertThat(engine.signer(SEED).publicKey()).isNotEqualTo(mine);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    /** Accepts everything: must not be chosen. */
    private static final class YesSayer implements Ed25519.Engine {
        @Override
        public String name() {
            return "yes";
        }

        @Override
        public Signer signer(byte[] seed) {
            return new Ed25519.JdkEngine().signer(seed);
        }

        @Override
        public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
            return true;
        }
    }
}
