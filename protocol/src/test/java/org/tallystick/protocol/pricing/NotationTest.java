package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.MalformedException;

/** Which version writes which kind of amount, and what both kinds say of their sign. */
class NotationTest {
    @ParameterizedTest
    @CsvSource({"-1, none", "0, none", "1, FRACTIONS", "2, DECIMALS", "3, none", "4294967297, none"})
    void aVersionHasOneNotation(long version, String notation) {
        Optional<Notation> expected =
                notation.equals("none") ? Optional.empty() : Optional.of(Notation.valueOf(notation));
        assertThat(Notation.ofVersion(version)).isEqualTo(expected);
        expected.ifPresent(known -> assertThat(known.version()).isEqualTo((int) version));
    }

    @ParameterizedTest
    @CsvSource({
        // notation, text, whether this notation writes it
        "FRACTIONS, 1/3, true",
        "FRACTIONS, 2, true",
        "DECIMALS, 0.5, false",
        "DECIMALS, 2, false",
    })
    void aPaperKeepsOneKind(Notation notation, String text, boolean fraction) {
        StatedAmount amount = notation.parse(text, "x");
        assertThat(Notation.FRACTIONS.writes(amount)).isEqualTo(fraction);
        assertThat(Notation.DECIMALS.writes(amount)).isEqualTo(!fraction);
        assertThat(notation.writes(notation.zero())).isTrue();
        assertThat(notation.writes(notation.of(amount.toExact()))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, false", "1, false"})
    void nothingIsNotBelowZero(String text, boolean negative) {
        for (Notation notation : Notation.values()) {
            StatedAmount amount = notation.parse(text, "x");
            assertThat(amount.isNegative()).as(notation.name()).isEqualTo(negative);
            assertThat(amount.negated().isNegative())
                    .as("%s, negated", notation)
                    .isEqualTo(text.equals("1"));
        }
    }

    /** A slash anywhere makes it a fraction, also where it is the first character, and then it is refused as one. */
    @Test
    void eitherKindIsRefusedByItsOwnRule() {
        assertThat(StatedAmount.parseEither("1/3", "x")).isEqualTo(Fraction.parse("1/3", "x"));
        assertThat(StatedAmount.parseEither("0.3", "x")).isEqualTo(Exact.parse("0.3", "x"));
        assertThatThrownBy(() -> StatedAmount.parseEither("/3", "x"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("lowest terms");
        assertThatThrownBy(() -> StatedAmount.parseEither(".3", "x"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("plain decimal");
    }
}
