package org.tallystick.drafting;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
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
    private final OffsetDateTime accepted;
    private final OffsetDateTime ends;
    private final LocalDate from;
    private final LocalDate end;
    private final List<DatedDuty> all = new ArrayList<>();

    private Duties(String contract, Instant accepted, Instant ends) {
        this.contract = contract;
        this.accepted = accepted.atOffset(ZoneOffset.UTC);
        this.ends = ends.atOffset(ZoneOffset.UTC);
        this.from = this.accepted.toLocalDate();
        this.end = this.ends.toLocalDate();
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
            case Due.BeforeEnd before -> on(duty, 1, notBefore(from, end.minus(before.before())));
            case Due.Every every -> recurring(duty, every);
            case Due.Upon ignored -> all.add(new DatedDuty(contract, duty, 1, Optional.empty()));
        }
    }

    /** The later of the two days: no duty falls due before the contract came into force. */
    private static LocalDate notBefore(LocalDate first, LocalDate day) {
        return day.isBefore(first) ? first : day;
    }

    /**
     * One for each period of which a moment lies in the contract's life, which its end does not belong to. The first period
     * always has its duty, also where the contract ends on its first day.
     */
    private void recurring(Duty duty, Due.Every every) {
        OffsetDateTime begins = accepted;
        for (int number = 1; number <= MOST_TIMES && (number == 1 || begins.isBefore(ends)); number++) {
            // Counted from the first day each time, so that the 31st does not become the 28th for ever.
            OffsetDateTime next = accepted.plus(times(every.every(), number));
            LocalDate over = next.isAfter(ends) ? end : next.toLocalDate();
            on(duty, number, every.inAdvance() ? begins.toLocalDate() : over.plus(every.within()));
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
