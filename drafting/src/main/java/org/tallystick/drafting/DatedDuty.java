package org.tallystick.drafting;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;

/**
 * A duty of one contract on one day.
 *
 * @param number counts the times of a duty that recurs, from 1
 * @param day when it is due at the latest, in UTC; empty where it is due upon something that may happen any day
 */
public record DatedDuty(String contract, Duty duty, int number, Optional<LocalDate> day) {
    public DatedDuty {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(duty);
        Objects.requireNonNull(day);
    }

    /** Stable for the same duty of the same contract, whoever asks when. */
    public String id() {
        return contract + "/" + duty.id() + "/" + number;
    }
}
