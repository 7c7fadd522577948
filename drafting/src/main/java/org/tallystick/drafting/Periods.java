package org.tallystick.drafting;

import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;

/** Compares periods by the days they last when they begin on one fixed day. */
final class Periods {
    private Periods() {}

    static long of(Period period) {
        return ChronoUnit.DAYS.between(LocalDate.EPOCH, LocalDate.EPOCH.plus(period));
    }

    static boolean atLeastYears(Period period, int years) {
        return of(period) >= of(Period.ofYears(years));
    }
}
