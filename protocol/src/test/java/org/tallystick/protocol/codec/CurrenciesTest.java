package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one dated list of currencies. */
class CurrenciesTest {
    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "XCG, 2025-03-30, false",
        "XCG, 2025-03-31, true",
        "ANG, 2025-03-30, true",
        "ANG, 2025-03-31, false",
        "BGN, 2025-12-31, true",
        "BGN, 2026-01-01, false",
        "ZWG, 2026-01-01, true",
        "USD, 2026-01-01, true"
    })
    void aCurrencyBelongsToItsDays(String code, LocalDate day, boolean current) {
        assertThat(Currencies.find(code).orElseThrow().isCurrentOn(day)).isEqualTo(current);
    }

    @ParameterizedTest
    @CsvSource({"XAU", "CLF", "XTS", "XAG", "usd", "HRK", "ZWL"})
    void whatNobodyIsPaidInIsUnknown(String code) {
        assertThat(Currencies.isKnown(code)).isFalse();
    }
}
