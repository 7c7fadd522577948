package org.tallystick.platform.payout;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;

/** What an instruction must look like. */
class PayoutInstructionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # rail | destination | minimum  | schedule | refused as
        SEPA   | x           |          | monthly  | payout/rail
        ''     | x           |          | monthly  | payout/rail
        sepa   | ' '         |          | monthly  | payout/destination
        sepa   | x           | 1.00 EUR | monthly  | payout/minimum
        sepa   | x           | -1.00 USD| monthly  | payout/minimum
        sepa   | x           |          | daily    | payout/schedule
        """)
    void malformedInstructionsAreRefused(
            String rail, String destination, String minimum, String schedule, String refused) {
        assertThatThrownBy(() -> new PayoutInstruction(
                        rail,
                        destination,
                        Currency.of("USD"),
                        Schedule.ofWord(schedule),
                        Optional.ofNullable(minimum).map(Money::parse)))
                .hasMessageContaining(refused);
    }
}
