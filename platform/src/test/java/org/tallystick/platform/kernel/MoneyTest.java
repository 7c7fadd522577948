package org.tallystick.platform.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Seeds;

class MoneyTest {
    private static final Currency USD = Currency.of("USD");

    @ParameterizedTest
    @CsvSource(textBlock = """
        # read            , micros               , written
        0 USD             , 0                    , 0.00 USD
        -0 USD            , 0                    , 0.00 USD
        12.5 USD          , 12500000             , 12.50 USD
        12.50 USD         , 12500000             , 12.50 USD
        0.000001 USD      , 1                    , 0.000001 USD
        -0.000001 USD     , -1                   , -0.000001 USD
        -1.2300 USD       , -1230000             , -1.23 USD
        0.1200000000 USD  , 120000               , 0.12 USD
        12 JPY            , 12000000             , 12 JPY
        12.5 JPY          , 12500000             , 12.5 JPY
        1.5 KWD           , 1500000              , 1.500 KWD
        1.0005 KWD        , 1000500              , 1.0005 KWD
        9223372036854.775807 USD, 9223372036854775807, 9223372036854.775807 USD
        -9223372036854.775807 USD, -9223372036854775807, -9223372036854.775807 USD
        9223372036854.775808 USD, 9223372036854775808, 9223372036854.775808 USD
        -9223372036854.775808 USD, -9223372036854775808, -9223372036854.775808 USD
        1000000000000000000000000 USD, 1000000000000000000000000000000, 1000000000000000000000000.00 USD
        -1000000000000000000000000000 USD, -1000000000000000000000000000000000, -1000000000000000000000000000.00 USD
        """)
    void isReadExactlyAndWrittenOneWay(String text, BigInteger micros, String written) {
        Money money = Money.parse(text);
        assertThat(money.micros()).isEqualTo(micros);
        assertThat(money).hasToString(written);
        assertThat(Money.parse(written)).isEqualTo(money);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        ''                        , money/malformed
        1                         , money/malformed
        1USD                      , money/malformed
        1 US                      , money/malformed
        1  USD                    , money/malformed
        1 USDX                    , money/malformed
        1. USD                    , money/malformed
        .5 USD                    , money/malformed
        +1 USD                    , money/malformed
        01 USD                    , money/malformed
        1e3 USD                   , money/malformed
        "1,5 USD"                 , money/malformed
        NaN USD                   , money/malformed
        １ USD                     , money/malformed
        0.0000001 USD             , money/too-precise
        1.0000000000000000000001 USD, money/too-precise
        1000000000000000000000000000.000001 USD, amount/limit
        -1000000000000000000000000000.000001 USD, amount/limit
        9999999999999999999999999999999999999999 USD, amount/limit
        99999999999999999999999999999999999999999 USD, money/malformed
        1 usd                     , money/unknown-currency
        1 ZZZ                     , money/unknown-currency
        1 XAU                     , money/unknown-currency
        1 XTS                     , money/unknown-currency
        """, quoteCharacter = '"')
    void refusesWhatIsNotAnAmount(String text, String type) {
        String given = text == null || text.equals("''") ? "" : text;
        assertThatThrownBy(() -> Money.parse(given)).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.problem().type()).isEqualTo(type);
            assertThat(e.problem().category()).isEqualTo(Category.INVALID);
        });
    }

    @Test
    void aLongTextIsRefusedWithoutBeingRepeatedWhole() {
        String digits = "1".repeat(1_000_000);
        assertThatThrownBy(() -> Money.parse(USD, digits))
                .hasMessageContaining("1…")
                .satisfies(e -> assertThat(e.toString().length()).isLessThan(200));
    }

    @Test
    void overflowIsLoud() {
        Money most = Money.ofMicros(USD, Money.WIDEST);
        Money micro = Money.ofMicros(USD, 1);
        assertThatThrownBy(() -> most.plus(micro)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.negated().minus(micro)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.times(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Money.ofMicros(USD, Money.WIDEST.add(BigInteger.ONE)))
                .isInstanceOf(ArithmeticException.class);
        assertThat(most.negated().negated()).isEqualTo(most);
    }

    /** Sums that left the range of 64 bits stopped every close and every deposit; nothing wraps round there. */
    @Test
    void sumsGoPastSixtyFourBits() {
        Money most = Money.ofMicros(USD, Long.MAX_VALUE);
        assertThat(most.plus(most).minus(most)).isEqualTo(most);
        assertThat(Money.ofMajor(USD, Long.MAX_VALUE)).hasToString("9223372036854775807.00 USD");
        assertThat(most.times(9_400).floorToMinor()).hasToString("86699697146434892.58 USD");
        assertThat(most.negated().floorToMinor()).hasToString("-9223372036854.78 USD");
    }

    /** What a single amount may be is less than what a balance may be, so that many of them still have a sum. */
    @Test
    void whatMayComeInHasOneLimit() {
        Money most = Money.parse("1000000000000000000000000 USD");
        assertThat(most.limited()).isSameAs(most);
        assertThat(most.negated().isWithinLimit()).isTrue();
        assertThatThrownBy(() -> most.plus(Money.ofMicros(USD, 1)).limited())
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problem().type()).isEqualTo("amount/limit"));
        assertThat(most.times(1_000).micros()).isEqualTo(Money.WIDEST);
    }

    @Test
    void currenciesDoNotMix() {
        Money dollar = Money.ofMajor(USD, 1);
        Money euro = Money.ofMajor(Currency.of("EUR"), 1);
        assertThatThrownBy(() -> dollar.plus(euro)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dollar.minus(euro)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dollar.compareTo(euro)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        12.345678 USD , 12.34 USD
        -12.345678 USD, -12.35 USD
        -12.34 USD    , -12.34 USD
        12.9 JPY      , 12 JPY
        -0.1 JPY      , -1 JPY
        1.0009 KWD    , 1.000 KWD
        """)
    void flooringToMinorUnitsGoesDown(String text, String floored) {
        assertThat(Money.parse(text).floorToMinor()).hasToString(floored);
    }

    @Test
    void aRailGetsWholeMinorUnitsOnly() {
        assertThat(Money.parse("12.34 USD").minorExact()).isEqualTo(1234);
        assertThat(Money.ofMinor(USD, 1234)).isEqualTo(Money.parse("12.34 USD"));
        assertThatThrownBy(() -> Money.parse("12.345 USD").minorExact()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void comparesSignsAndExtremes() {
        Money one = Money.ofMajor(USD, 1);
        assertThat(one.isPositive()
                        && one.negated().isNegative()
                        && Money.zero(USD).isZero())
                .isTrue();
        assertThat(one.min(Money.zero(USD))).isEqualTo(Money.zero(USD));
        assertThat(one.max(Money.zero(USD))).isEqualTo(one);
    }

    @Test
    void agreesWithBigDecimal() {
        Seeds.check(2_000, random -> {
            long micros = random.nextLong() >> random.nextInt(64);
            Money money = Money.ofMicros(USD, micros == Long.MIN_VALUE ? 0 : micros);
            BigDecimal decimal = new BigDecimal(money.micros(), 6);
            assertThat(new BigDecimal(money.toDecimal())).isEqualByComparingTo(decimal);
            assertThat(Money.parse(USD, decimal.toPlainString())).isEqualTo(money);
            assertThat(Money.parse(money.toString())).isEqualTo(money);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "US", "USDX", "usd", "U$D", "ＵＳＤ"})
    void aCurrencyCodeIsThreeCapitals(String code) {
        assertThatThrownBy(() -> new Currency(code, 2)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Currency.of(code)).isInstanceOf(RefusedException.class);
    }

    @Test
    void currenciesKnowTheirMinorDigits() {
        assertThat(Currency.of("USD")).isEqualTo(new Currency("USD", 2));
        assertThat(Currency.of("JPY").minorDigits()).isZero();
        assertThat(Currency.of("KWD").minorDigits()).isEqualTo(3);
        assertThatThrownBy(() -> Currency.of("CLF"))
                .as("a fund, in which nobody is paid")
                .isInstanceOf(RefusedException.class);
        assertThat(Currency.of("EUR")).isLessThan(USD).hasToString("EUR");
        assertThatThrownBy(() -> new Currency("USD", 7)).isInstanceOf(IllegalArgumentException.class);
    }
}
