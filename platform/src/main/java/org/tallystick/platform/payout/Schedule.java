package org.tallystick.platform.payout;

import java.util.Locale;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;

/** How often what is owed is to be paid out. */
public enum Schedule {
    INSTANT,
    WEEKLY,
    MONTHLY;

    /** The word used in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws RefusedException {@code payout/schedule} */
    public static Schedule ofWord(String word) {
        for (Schedule schedule : values()) {
            if (schedule.word().equals(word)) {
                return schedule;
            }
        }
        throw Problem.invalid("payout/schedule", "Unknown schedule", "a schedule is instant, weekly or monthly")
                .asException();
    }
}
