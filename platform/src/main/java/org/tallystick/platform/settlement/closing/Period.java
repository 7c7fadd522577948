package org.tallystick.platform.settlement.closing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.Problem;

/**
 * What is closed at once.
 *
 * @param id for example {@code 2026-01}; 1 to 64 characters {@code [A-Za-z0-9:._-]}
 * @param from first moment, cut to the millisecond
 * @param to first moment past it, cut to the millisecond
 */
public record Period(String id, Instant from, Instant to) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._-]{0,63}");

    /** @throws org.tallystick.platform.kernel.RefusedException {@code settlement/period} */
    public Period {
        from = from.truncatedTo(ChronoUnit.MILLIS);
        to = to.truncatedTo(ChronoUnit.MILLIS);
        if (!ID.matcher(id).matches() || !from.isBefore(to) || from.isBefore(Instant.EPOCH)) {
            throw Problem.invalid(
                            "settlement/period",
                            "Unusable period",
                            "a period has an id of letters, digits and : . _ - and ends after it begins")
                    .asException();
        }
    }
}
