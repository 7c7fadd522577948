package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;

/** Factors and what they come to, in both notations. */
class WorthTest {
    @ParameterizedTest
    @CsvSource({
        // price, fee, share, uses, of, exact, fraction
        "0.005, 0, 0.8, 4, 0, 0.016, 2/125",
        "0.005, 0.1, 0.8, 1000, 0, 3.6, 18/5",
        "0, 0.5, 1, 7, 0, 0, 0",
        "1E+2, 0, 1, 3, 0, 300, 300",
        "100, 0, 0.8, 4, 7, 45.714285714285714285714285714285714285714285714285, 320/7",
        "100, 0.25, 1, 2, 3, 50, 50",
        "1E+2, 0, 1, 1, 3, 33.333333333333333333333333333333333333333333333333, 100/3",
        "0.000000000001, 0.999999999999, 0.000000000001, 1, 0, 0.000000000000000000000000000000000001, "
                + "1/1000000000000000000000000000000000000",
        "999999999999, 0, 1, 9007199254740991, 0, 9007199254731983800745259009, 9007199254731983800745259009",
    })
    void anAmountIsTheProductOfItsFactors(
            BigDecimal price, BigDecimal fee, BigDecimal share, long uses, long of, String exact, String fraction) {
        Worth worth = new Worth(price, fee, share, uses, of);
        assertThat(Notation.DECIMALS.worth(worth)).hasToString(exact);
        assertThat(Notation.FRACTIONS.worth(worth)).hasToString(fraction);
    }

    @ParameterizedTest
    @CsvSource({
        "-0.1, 0, 1, 1, 0, statement/factor",
        "1000000000000, 0, 1, 1, 0, statement/factor",
        "0.0000000000001, 0, 1, 1, 0, statement/factor",
        "1, -0.1, 1, 1, 0, statement/factor",
        "1, 1.1, 1, 1, 0, statement/factor",
        "1, 0.0000000000001, 1, 1, 0, statement/factor",
        "1, 0, -1, 1, 0, statement/factor",
        "1, 0, 1.000000000001, 1, 0, statement/factor",
        "1, 0, 0.0000000000001, 1, 0, statement/factor",
        "1, 0, 1, 0, 0, statement/line",
        "1, 0, 1, 9007199254740992, 0, statement/line",
        "1, 0, 1, 1, -1, statement/line",
        "1, 0, 1, 3, 2, statement/line",
        "1, 0, 1, 3, 9007199254740992, statement/line",
    })
    void factorsOutOfRangeAreRefused(
            BigDecimal price, BigDecimal fee, BigDecimal share, long uses, long of, String reason) {
        assertThatThrownBy(() -> new Worth(price, fee, share, uses, of))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** Why amounts posted under version 1 and 2 are the same: an amount in e is the floor of the fraction. */
    @Test
    void bothNotationsComeToTheSameMicrosAfterAnyNumberOfLines() {
        Seeds.check(200, random -> {
            Fraction fraction = Fraction.worth(any(random, true));
            Exact exact = fraction.toExact();
            for (int line = 0; line < 50; line++) {
                assertThat(exact).isEqualTo(fraction.toExact());
                assertThat(exact.floorMicros()).isEqualTo(fraction.floorMicros());
                Worth worth = any(random, false);
                fraction = fraction.plus(Fraction.worth(worth));
                exact = exact.plus(worth.exact());
            }
        });
    }

    /** Linear amounts in one sum are what their uses come to at once, for ever. */
    @Test
    void linearAmountsAreExactHoweverTheyAreCut() {
        Seeds.check(200, random -> {
            Worth one = any(random, false);
            Exact sum = Exact.ZERO;
            long uses = 0;
            for (int i = 0; i < 20; i++) {
                long more = 1 + random.nextLong(1_000_000);
                sum = sum.plus(new Worth(one.price(), one.fee(), one.share(), more, 0).exact());
                uses += more;
            }
            assertThat(sum).isEqualTo(new Worth(one.price(), one.fee(), one.share(), uses, 0).exact());
            assertThat(sum.e().mod(BigInteger.TEN.pow(12)))
                    .as("no place past the 36th")
                    .isZero();
        });
    }

    private static Worth any(SplittableRandom random, boolean flat) {
        long of = flat ? 1 + random.nextLong(1_000_000) : 0;
        return new Worth(
                BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), random.nextInt(13)),
                BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 12),
                BigDecimal.valueOf(random.nextLong(1_000_000_000_000L), 12),
                1 + random.nextLong(flat ? of : 1_000_000_000),
                of);
    }
}
