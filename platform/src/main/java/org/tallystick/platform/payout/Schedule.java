package org.tallystick.platform.payout;

import java.util.Locale;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/** How often a payee wants to be paid. */
public enum Schedule {
    /** As soon as there is something to pay. */
    INSTANT,
    /** Once a week. */
    WEEKLY,
    /** Once a month. */
    MONTHLY;

    /** The word used in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws RefusedException {@code payout/schedule} */
    public static Schedule parse(String word) {
        for (Schedule schedule : values()) {
            if (schedule.word().equals(word)) {
                return schedule;
            }
        }
        throw Problem.invalid("payout/schedule", "Unknown schedule", "a schedule is instant, weekly or monthly")
                .asException();
    }
}
