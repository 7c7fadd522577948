package org.tallystick.drafting;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.terms.ContractTerms;

/**
 * The duties of a contract on the days they fall due, once it is known when it began and when it ends. A recurring duty
 * is due after each whole period, and after the last part of one at the end.
 */
public final class Duties {
    /** Most days of one recurring duty; the rest follow the same rule. */
    public static final int MOST_TIMES = 1_200;

    private final String contract;
    private final LocalDate from;
    private final LocalDate end;
    private final List<DatedDuty> all = new ArrayList<>();

    private Duties(String contract, Instant accepted, Instant ends) {
        this.contract = contract;
        this.from = accepted.atOffset(ZoneOffset.UTC).toLocalDate();
        this.end = ends.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /**
     * All duties, those with a day first, by day.
     *
     * @param accepted when the contract came into force
     * @param ends first moment past its life, as things stand
     */
    public static List<DatedDuty> of(String contract, ContractTerms terms, Instant accepted, Instant ends) {
        Duties duties = new Duties(contract, accepted, ends);
        Clauses.of(terms).forEach(clause -> clause.duties().forEach(duties::add));
        return duties.all.stream()
                .sorted(Comparator.comparing((DatedDuty dated) -> dated.day().orElse(LocalDate.MAX))
                        .thenComparing(dated -> dated.duty().id())
                        .thenComparingInt(DatedDuty::number))
                .toList();
    }

    private void add(Duty duty) {
        switch (duty.due()) {
            case Due.AfterStart start -> on(duty, 1, from.plus(start.after()));
            case Due.AfterEnd over -> on(duty, 1, end.plus(over.after()));
            case Due.BeforeEnd before -> on(duty, 1, end.minus(before.before()));
            case Due.Every every -> recurring(duty, every);
            case Due.Upon ignored -> all.add(new DatedDuty(contract, duty, 1, Optional.empty()));
        }
    }

    private void recurring(Duty duty, Due.Every every) {
        LocalDate begins = from;
        for (int number = 1; number <= MOST_TIMES && begins.isBefore(end); number++) {
            // Counted from the first day each time, so that the 31st does not become the 28th for ever.
            LocalDate next = from.plus(times(every.every(), number));
            LocalDate over = next.isAfter(end) ? end : next;
            on(duty, number, every.inAdvance() ? begins : over.plus(every.within()));
            begins = next;
        }
    }

    private static Period times(Period period, int number) {
        return period.multipliedBy(number);
    }

    private void on(Duty duty, int number, LocalDate day) {
        all.add(new DatedDuty(contract, duty, number, Optional.of(day)));
    }
}
