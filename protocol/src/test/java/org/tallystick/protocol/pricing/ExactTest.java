package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;

/** One text for one amount, exact sums, and one division that rounds down. */
class ExactTest {
    private static final String SMALLEST = "0." + "0".repeat(47) + "1";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "10",
                "0.5",
                "-0.005",
                "1200.03",
                "0.000000000000000000000000000000000000000000000001",
                "-0.999999999999999999999999999999999999999999999999",
                "999999999999999999",
                "0.123456789012345678",
                "9.123456789012345678",
                "999999999999999999999999999999.999999999999999999999999999999999999999999999999",
            })
    void theOneTextIsRead(String text) {
        assertThat(Exact.parse(text, "x")).hasToString(text).isEqualTo(Exact.of(new BigDecimal(text)));
        assertThat(StatedAmount.parseEither(text, "x")).isEqualTo(Exact.parse(text, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "-.",
                "-0",
                "-0.0",
                "0.0",
                "00",
                "01",
                "-01",
                "1.",
                ".5",
                "-.5",
                "0.50",
                "1.2.3",
                "1-2",
                "--1",
                "+1",
                " 1",
                "1 ",
                "1e3",
                "1/2",
                "0x1",
                "\u0661",
                "0.\u0661",
                "0.0000000000000000000000000000000000000000000000001",
                "1000000000000000000000000000000",
            })
    void everyOtherTextIsRefused(String text) {
        assertThatThrownBy(() -> Exact.parse(text, "x"))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("statement/exact"))
                .hasMessageContaining("plain decimal");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.000001, 1",
        "0.0000019999, 1",
        "-0.000001, -1",
        "-0.0000010001, -2",
        "-0.0000000001, -1",
        "12.5, 12500000",
    })
    void whatIsPostedIsTheFloorToTheMicro(String amount, long micros) {
        assertThat(Exact.parse(amount, "x").floorMicros()).isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 4, 7, 57.142857142857142857142857142857142857142857142857",
        "100, 0, 7, 0",
        "100, 7, 7, 100",
        "0, 3, 7, 0",
        "1, 1, 3, 0.333333333333333333333333333333333333333333333333",
        "2, 1, 3, 0.666666666666666666666666666666666666666666666666",
        "0.000000000000000000000000000000000000000000000001, 6, 7, 0",
    })
    void aPartIsRoundedDown(String amount, long weight, long whole, String part) {
        assertThat(Exact.parse(amount, "x").part(weight, whole)).hasToString(part);
    }

    @Test
    void whatIsNoPartIsRefused() {
        Exact one = Exact.of(BigDecimal.ONE);
        for (long[] weights : new long[][] {{-1, 3}, {4, 3}, {0, 0}, {1, -1}}) {
            assertThatThrownBy(() -> one.part(weights[0], weights[1])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> one.negated().part(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRangeEndsByName() {
        Exact most = new Exact(BigInteger.TEN.pow(88).subtract(BigInteger.ONE));
        Exact unit = Exact.parse(SMALLEST, "x");
        assertThat(most.negated().plus(unit).minus(unit)).isEqualTo(most.negated());
        assertThatThrownBy(() -> most.plus(unit)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.negated().minus(unit)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Exact.of(new BigDecimal("1e-49"))).isInstanceOf(ArithmeticException.class);
        assertThat(Exact.of(new BigDecimal("1e3"))).hasToString("1000");
        assertThat(Exact.of(new BigDecimal("0." + "0".repeat(60)))).isEqualTo(Exact.ZERO);
    }

    @Test
    void agreesWithBigDecimal() {
        Seeds.check(500, random -> {
            BigDecimal one = BigDecimal.valueOf(random.nextLong(), random.nextInt(49));
            BigDecimal other = BigDecimal.valueOf(random.nextLong(), random.nextInt(49));
            long factor = random.nextLong();
            Exact a = Exact.of(one);
            Exact b = Exact.of(other);
            assertThat(a.plus(b)).isEqualTo(Exact.of(one.add(other)));
            assertThat(a.minus(b)).isEqualTo(Exact.of(one.subtract(other)));
            assertThat(a.times(factor)).isEqualTo(Exact.of(one.multiply(BigDecimal.valueOf(factor))));
            assertThat(a.negated()).isEqualTo(Exact.of(one.negate()));
            assertThat(a.compareTo(b)).isEqualTo(one.compareTo(other));
            assertThat(a.signum()).isEqualTo(one.signum());
            assertThat(a.isNegative()).isEqualTo(one.signum() < 0);
            assertThat(Exact.parse(a.toString(), "x")).isEqualTo(a);
            assertThat(Fraction.of(a).toExact()).isEqualTo(a);
            assertThat(Fraction.of(a).floorMicros()).isEqualTo(a.floorMicros());
        });
    }
}
