package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;

/** An exact amount has one text, whether it fits a machine word or not. */
class RatioTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "1/3",
                "-2/3",
                "10/3",
                "999999999999999999",
                "999999999999999999/1000000000000000000",
                "1000000000000000000000/7",
                "-1/99999999999999999999999999999999999999999999999999999999999999999999999999999999",
            })
    void theOneTextIsRead(String text) {
        assertThat(Ratio.parse(text, "x")).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "/",
                "1/",
                "/1",
                "-0",
                "00",
                "01",
                "-01",
                "1/1",
                "0/5",
                "-0/5",
                "2/4",
                "-2/4",
                "1/0",
                "1/01",
                "1/-2",
                "+1",
                " 1",
                "1 ",
                "1/ 2",
                "1.0",
                "1e3",
                "--1",
                "1/2/3",
                "\u0661",
                "0x1",
                "3000000000000000000000/3",
                "100000000000000000000000000000000000000000000000000000000000000000000000000000000",
            })
    void everyOtherTextIsRefused(String text) {
        assertThatThrownBy(() -> Ratio.parse(text, "x"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("lowest terms");
    }

    @Test
    void aRatioIsReadAsItWasWritten() {
        List<BigInteger> sizes = List.of(
                BigInteger.TEN,
                BigInteger.TEN.pow(9),
                BigInteger.TEN.pow(18),
                BigInteger.TWO.pow(62),
                BigInteger.TWO.pow(64));
        Seeds.check(200, random -> {
            BigInteger numerator = below(sizes.get(random.nextInt(sizes.size())), random.nextLong());
            BigInteger denominator = below(sizes.get(random.nextInt(sizes.size())), random.nextLong())
                    .abs()
                    .add(BigInteger.ONE);
            Ratio ratio = new Ratio(numerator, denominator);
            assertThat(ratio.numerator().gcd(ratio.denominator())).isEqualTo(BigInteger.ONE);
            assertThat(ratio.numerator().multiply(denominator)).isEqualTo(numerator.multiply(ratio.denominator()));
            assertThat(Ratio.parse(ratio.toString(), "x")).isEqualTo(ratio);
        });
    }

    private static BigInteger below(BigInteger size, long random) {
        return BigInteger.valueOf(random)
                .multiply(BigInteger.valueOf(random >> 7))
                .remainder(size);
    }
}
