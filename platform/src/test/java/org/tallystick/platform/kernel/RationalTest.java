package org.tallystick.platform.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Seeds;

class RationalTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
        # read , written, floor, ceiling, floorMicros
        0      , 0      , 0    , 0      , 0
        0.25   , 1/4    , 0    , 1      , 250000
        -0.25  , -1/4   , -1   , 0      , -250000
        1/3    , 1/3    , 0    , 1      , 333333
        -1/3   , -1/3   , -1   , 0      , -333334
        6/4    , 3/2    , 1    , 2      , 1500000
        -7     , -7     , -7   , -7     , -7000000
        0/9    , 0      , 0    , 0      , 0
        1.000  , 1      , 1    , 1      , 1000000
        """)
    void isExactAndInLowestTerms(String text, String written, long floor, long ceiling, long micros) {
        Rational value = Rational.parse(text);
        assertThat(value).hasToString(written);
        assertThat(value.floor()).isEqualTo(BigInteger.valueOf(floor));
        assertThat(value.ceiling()).isEqualTo(BigInteger.valueOf(ceiling));
        assertThat(value.floorMicros()).isEqualTo(micros);
        assertThat(Rational.parse(written)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1.", ".1", "1/0", "1/-2", "01", "1e9", " 1", "1/02", "--1", "1/2/3", "∞"})
    void refusesWhatIsNotANumber(String text) {
        assertThatThrownBy(() -> Rational.parse(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problem().type()).isEqualTo("number/malformed"));
    }

    @Test
    void refusesNumbersMadeToBeExpensive() {
        assertThatThrownBy(() -> Rational.parse("9".repeat(41))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Rational.parse("0." + "1".repeat(19))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Rational.parse("1/" + "9".repeat(2_000_000))).isInstanceOf(RefusedException.class);
        assertThat(Rational.parse("9".repeat(40)).isWhole()).isTrue();
    }

    @Test
    void zeroDividesNothing() {
        assertThatThrownBy(() -> Rational.of(1, 0)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Rational.ONE.dividedBy(Rational.ZERO)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void microsThatDoNotFitAreLoud() {
        assertThatThrownBy(() -> Rational.of(Long.MAX_VALUE).floorMicros()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void showsDecimalsAsToldToRound() {
        assertThat(Rational.of(2, 3).toDecimal(4, RoundingMode.HALF_EVEN)).hasToString("0.6667");
        assertThat(Rational.of(2, 3).toDecimal(4, RoundingMode.DOWN)).hasToString("0.6666");
    }

    @Test
    void arithmeticIsAField() {
        Seeds.check(1_000, random -> {
            Rational a = Rational.of(random.nextInt(-1000, 1000), random.nextInt(1, 1000));
            Rational b = Rational.of(random.nextInt(-1000, 1000), -random.nextInt(1, 1000));
            Rational c = Rational.of(random.nextInt(-1000, 1000), random.nextInt(1, 1000));
            assertThat(a.plus(b)).isEqualTo(b.plus(a));
            assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            assertThat(a.times(b.plus(c))).isEqualTo(a.times(b).plus(a.times(c)));
            assertThat(a.minus(a)).isEqualTo(Rational.ZERO);
            assertThat(a.times(3)).isEqualTo(a.plus(a).plus(a));
            if (b.signum() != 0) {
                assertThat(a.dividedBy(b).times(b)).isEqualTo(a);
            }
            assertThat(a.compareTo(b)).isEqualTo(a.minus(b).signum());
            assertThat(a.min(b).plus(a.max(b))).isEqualTo(a.plus(b));
            Rational floor = new Rational(a.floor(), BigInteger.ONE);
            assertThat(floor).isLessThanOrEqualTo(a);
            assertThat(a.minus(floor)).isLessThan(Rational.ONE);
            assertThat(a.negated().floor()).isEqualTo(a.ceiling().negate());
        });
    }
}
