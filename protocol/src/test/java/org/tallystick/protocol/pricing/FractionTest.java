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
class FractionTest {
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
        assertThat(Fraction.parse(text, "x")).hasToString(text);
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
        assertThatThrownBy(() -> Fraction.parse(text, "x"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("lowest terms");
    }

    @Test
    void aFractionIsReadAsItWasWritten() {
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
            Fraction fraction = new Fraction(numerator, denominator);
            assertThat(fraction.numerator().gcd(fraction.denominator())).isEqualTo(BigInteger.ONE);
            assertThat(fraction.numerator().multiply(denominator))
                    .isEqualTo(numerator.multiply(fraction.denominator()));
            assertThat(Fraction.parse(fraction.toString(), "x")).isEqualTo(fraction);
        });
    }

    @Test
    void belowZeroTheFloorIsFurtherFromZero() {
        Fraction fraction = Fraction.parse("-1/3000000", "x");
        assertThat(fraction.floorMicros()).isEqualTo(-1);
        assertThat(fraction.toExact()).hasToString("-0." + "0".repeat(6) + "3".repeat(41) + "4");
        assertThat(Fraction.parse("-3/8", "x").toExact()).hasToString("-0.375");
    }

    @Test
    void theTwoKindsAreNotMixed() {
        assertThatThrownBy(() -> Fraction.ZERO.plus(Exact.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Exact.ZERO.plus((StatedAmount) Fraction.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDenominatorIsAboveZero() {
        for (BigInteger denominator : List.of(BigInteger.ZERO, BigInteger.ONE.negate())) {
            assertThatThrownBy(() -> new Fraction(BigInteger.ONE, denominator)).isInstanceOf(ArithmeticException.class);
        }
    }

    private static BigInteger below(BigInteger size, long random) {
        return BigInteger.valueOf(random)
                .multiply(BigInteger.valueOf(random >> 7))
                .remainder(size);
    }
}
