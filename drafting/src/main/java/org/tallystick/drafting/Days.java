package org.tallystick.drafting;

import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;

/** Periods compared, as they would run from one fixed day. */
final class Days {
    private Days() {}

    static long of(Period period) {
        return ChronoUnit.DAYS.between(LocalDate.EPOCH, LocalDate.EPOCH.plus(period));
    }

    static boolean atLeastYears(Period period, int years) {
        return of(period) >= of(Period.ofYears(years));
    }
}
