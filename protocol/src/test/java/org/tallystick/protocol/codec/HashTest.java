package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.log.CheckpointTest;

class HashTest {
    @Test
    void textAndBytesRoundTrip() {
        Seeds.check(200, random -> {
            byte[] bytes = Seeds.bytes(random, 32);
            Hash hash = Hash.of(bytes);
            assertThat(hash.toBytes()).isEqualTo(bytes);
            assertThat(hash.hex()).isEqualTo(HexFormat.of().formatHex(bytes)).isEqualTo(hash.toString());
            assertThat(hash.base64()).isEqualTo(Base64.getEncoder().encodeToString(bytes));
            assertThat(Hash.ofHex(hash.hex())).isEqualTo(hash).hasSameHashCodeAs(hash);
            assertThat(Hash.ofBase64(hash.base64())).isEqualTo(hash);
            byte[] buffer = new byte[40];
            hash.writeTo(buffer, 5);
            assertThat(Hash.at(buffer, 5)).isEqualTo(hash);
            assertThat(hash.isAt(buffer, 5)).isTrue();
            buffer[36] ^= 1;
            assertThat(hash.isAt(buffer, 5)).isFalse();
        });
    }

    @Test
    void orderIsThatOfTheBytes() {
        Seeds.check(200, random -> {
            byte[] a = Seeds.bytes(random, 32);
            byte[] b = a.clone();
            b[random.nextInt(32)] = (byte) random.nextInt();
            assertThat(Integer.signum(Hash.of(a).compareTo(Hash.of(b))))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85500",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
                "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
                "!!DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
            })
    void textThatIsNoHash(String text) {
        CheckpointTest.assertReason(() -> Hash.ofHex(text), "hash/malformed");
        CheckpointTest.assertReason(() -> Hash.ofBase64(text), "hash/malformed");
    }

    @Test
    void lengths() {
        assertThatThrownBy(() -> Hash.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hash.at(new byte[40], 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(Sha256.hash(new byte[] {9, 'a', 'b', 'c', 9}, 1, 3).hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
