package org.tallystick.platform.payout;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/**
 * How a payee wants to be paid in one currency.
 *
 * @param rail name of a payment rail, for example {@code sepa}: letters, digits and {@code -}
 * @param destination account at that rail, 1 to {@value #MAX_DESTINATION} printable characters; personal, kept out of
 *     {@link #toString}
 * @param minimum least amount that is paid out at once, in whole micros of the same currency, above zero
 */
public record PayoutInstruction(
        String rail, String destination, Currency currency, Schedule schedule, Optional<Money> minimum) {
    /** Longest destination, in UTF-16 units. */
    public static final int MAX_DESTINATION = 500;

    private static final Pattern RAIL = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+){0,7}");
    private static final int MAX_RAIL = 64;

    /** @throws RefusedException {@code payout/rail}, {@code payout/destination}, {@code payout/minimum} */
    public PayoutInstruction {
        Objects.requireNonNull(schedule);
        if (rail.length() > MAX_RAIL || !RAIL.matcher(rail).matches()) {
            throw refused("payout/rail", "Unusable rail", "a rail is a name like sepa or stripe-connect");
        }
        if (destination.isBlank()
                || destination.length() > MAX_DESTINATION
                || destination.codePoints().anyMatch(Character::isISOControl)) {
            throw refused(
                    "payout/destination",
                    "Unusable destination",
                    "a destination has 1 to " + MAX_DESTINATION + " printable characters");
        }
        if (minimum.filter(amount -> !amount.isPositive() || !amount.currency().equals(currency))
                .isPresent()) {
            throw refused(
                    "payout/minimum", "Unusable minimum", "a minimum is more than nothing and in " + currency.code());
        }
    }

    private static RefusedException refused(String type, String title, String detail) {
        return Problem.invalid(type, title, detail).asException();
    }

    @Override
    public String toString() {
        return "PayoutInstruction[" + rail + " " + currency + " " + schedule + "]";
    }
}
