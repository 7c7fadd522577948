package org.tallystick.protocol.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last values that a line's factors may have are still values. */
class WorthBoundsTest {
    @ParameterizedTest
    @CsvSource({
        // what is at its end, price, fee, share, uses, of, amount
        "the platform keeps all, 5, 1, 1, 3, 0, 0",
        "the payee has the whole share, 5, 0, 1, 1, 0, 5",
        "the payee has none, 5, 0, 0, 1, 0, 0",
        "one work has the whole flat price, 100, 0, 0.5, 1, 1, 50",
        "all works have the whole flat price, 100, 0, 0.5, 7, 7, 50",
        "as many works as can be counted, 1, 0, 1, 9007199254740991, 9007199254740991, 1",
        "all of nothing is nothing, 0, 0, 1, 1, 3, 0",
    })
    void theEndsOfTheRangesAreWithinThem(
            String name, BigDecimal price, BigDecimal fee, BigDecimal share, long uses, long of, String amount) {
        assertThat(new Worth(price, fee, share, uses, of).exact()).as(name).hasToString(amount);
    }
}
