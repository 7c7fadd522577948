package org.tallystick.platform.payout;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/**
 * How a payee wants to be paid what it earns in one currency.
 *
 * @param rail for example {@code sepa}: 1 to 64 lower-case letters, digits and hyphens
 * @param destination account at that rail, 1 to 500 printable characters; personal, kept out of {@link #toString}
 * @param minimum below which nothing is paid yet; in the same currency, not negative
 */
public record PayoutInstruction(
        String rail, String destination, Currency currency, Schedule schedule, Optional<Money> minimum) {
    private static final Pattern RAIL = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int MAX_DESTINATION = 500;

    /** @throws RefusedException {@code payout/rail}, {@code payout/destination}, {@code payout/minimum} */
    public PayoutInstruction {
        Objects.requireNonNull(currency);
        Objects.requireNonNull(schedule);
        Objects.requireNonNull(minimum);
        if (!RAIL.matcher(rail).matches()) {
            throw refused("payout/rail", "Unusable rail", "a rail is a name of lower-case letters, digits and hyphens");
        }
        boolean printable = destination
                .codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (destination.isBlank() || destination.length() > MAX_DESTINATION || !printable) {
            throw refused(
                    "payout/destination",
                    "Unusable destination",
                    "a destination has 1 to " + MAX_DESTINATION + " printable characters");
        }
        if (minimum.isPresent()
                && (!minimum.get().currency().equals(currency) || minimum.get().isNegative())) {
            throw refused(
                    "payout/minimum", "Unusable minimum", "a minimum is in " + currency + " and not below nothing");
        }
    }

    private static RefusedException refused(String type, String title, String detail) {
        return Problem.invalid(type, title, detail).asException();
    }

    @Override
    public String toString() {
        return "PayoutInstruction[" + rail + " " + currency + " " + schedule.word() + "]";
    }
}
