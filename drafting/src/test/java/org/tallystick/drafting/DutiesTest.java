package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.terms.CareTerm;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.RandomContracts;
import org.tallystick.protocol.terms.UseTerm;

/** On which days the duties of a contract fall. */
class DutiesTest {
    private static final Instant ACCEPTED = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant ENDS = Instant.parse("2028-01-31T12:00:00Z");
    private static final ContractTerms FULL =
            ContractDocument.parse(FullContract.json()).terms();
    private static final List<DatedDuty> DUTIES = Duties.of("cnf-full", FULL, ACCEPTED, ENDS);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        price/upfront             | BUYER    | 1  | 2026-01-31 | a flat fee falls due at once
        price/milestone-delivery  | BUYER    | 1  | 2026-03-02 | thirty days after acceptance
        price/milestone-release   | BUYER    | 1  | 2026-07-31 |
        price/subscription        | BUYER    | 1  | 2026-01-31 | in advance
        price/subscription        | BUYER    | 2  | 2026-02-28 | the 31st of a shorter month
        price/subscription        | BUYER    | 3  | 2026-03-31 | and the 31st again after it
        price/subscription        | BUYER    | 24 | 2027-12-31 | the last
        price/minimum-guarantee   | BUYER    | 2  | 2027-01-31 |
        price/floor               | BUYER    | 1  | 2026-03-30 | thirty days after the month
        reporting/transparency    | BUYER    | 1  | 2026-05-30 | thirty days after the quarter
        reporting/revenue         | BUYER    | 8  | 2028-02-15 | the last, after the end
        security/insurance        | BUYER    | 1  | 2026-03-02 |
        security/evidence         | BUYER    | 2  | 2028-03-01 |
        renewal/notice            | EITHER   | 1  | 2028-01-01 | before the end
        deletion/end              | BUYER    | 1  | 2028-03-01 | after the end
        retention/copies          | BUYER    | 1  | 2028-03-01 |
        payout/close              | PLATFORM | 1  | 2026-03-10 |
        """)
    void aDutyFallsOnItsDay(String id, Owner owner, int number, LocalDate day) {
        DatedDuty duty = find(id, number).orElseThrow();
        assertThat(duty.day()).contains(day);
        assertThat(duty.duty().owner()).isEqualTo(owner);
        assertThat(duty.id()).isEqualTo("cnf-full/" + id + "/" + number);
    }

    @Test
    void recurringDutiesStopWithTheContract() {
        assertThat(find("price/subscription", 25)).isEmpty();
        assertThat(find("reporting/revenue", 9)).isEmpty();
    }

    @Test
    void thePartOfAPeriodAtTheEndCountsToo() {
        List<DatedDuty> duties = Duties.of("cnf-full", FULL, ACCEPTED, Instant.parse("2026-06-15T00:00:00Z"));
        assertThat(duties.stream().filter(dated -> dated.duty().id().equals("reporting/revenue")))
                .extracting(DatedDuty::day)
                .containsExactly(
                        Optional.of(LocalDate.parse("2026-05-15")), Optional.of(LocalDate.parse("2026-06-30")));
    }

    @Test
    void dutiesUponSomethingHaveNoDayAndComeLast() {
        DatedDuty audit = find("audit/access", 1).orElseThrow();
        assertThat(audit.day()).isEmpty();
        assertThat(audit.duty().sentence())
                .isEqualTo("The buyer gives the auditor access to records, systems and people, within 30 days of"
                        + " notice of an audit.");
        assertThat(DUTIES.getLast().day()).isEmpty();
        List<LocalDate> days = DUTIES.stream().flatMap(d -> d.day().stream()).toList();
        assertThat(days).isSorted();
    }

    @Test
    void aHundredYearsOfWeeksAreBounded() {
        ContractTerms long1 = FULL.with(new UseTerm.Duration(Period.ofYears(100)))
                .with(new CareTerm.Reporting(
                        List.of(new CareTerm.Report(CareTerm.Subject.USAGE, Period.ofDays(1), Period.ofDays(1)))));
        List<DatedDuty> duties = Duties.of("cnf-long", long1, ACCEPTED, Instant.parse("2126-01-31T12:00:00Z"));
        assertThat(duties.stream().filter(dated -> dated.duty().id().equals("reporting/usage")))
                .hasSize(Duties.MOST_TIMES);
    }

    @Test
    void everyContractHasDutiesOrProgramsForEveryTerm() {
        Seeds.check(300, random -> {
            ContractTerms terms = RandomContracts.draft(random).terms();
            List<DatedDuty> duties = Duties.of("cnf-r", terms, ACCEPTED, ENDS);
            Set<String> ids = new HashSet<>();
            duties.forEach(
                    dated -> assertThat(ids.add(dated.id())).as(dated.id()).isTrue());
            Clauses.of(terms).forEach(clause -> {
                boolean dated =
                        duties.stream().anyMatch(duty -> duty.duty().id().startsWith(clause.id() + "/"));
                assertThat(dated || !clause.enforcement().isEmpty())
                        .as(clause.id())
                        .isTrue();
            });
        });
    }

    @Test
    void theCalendarIsOneCalendarsRead() {
        String feed = DutyCalendar.of("Duties of cnf-full", DUTIES, ACCEPTED);
        assertThat(feed).startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n").endsWith("END:VCALENDAR\r\n");
        for (String line : feed.split("\r\n")) {
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(75);
            assertThat(line).doesNotContain("\n").doesNotContain("\r");
        }
        String unfolded = feed.replace("\r\n ", "");
        long dated = DUTIES.stream().filter(duty -> duty.day().isPresent()).count();
        assertThat(unfolded.split("BEGIN:VEVENT", -1)).hasSize((int) dated + 1);
        assertThat(unfolded)
                .contains("UID:cnf-full/price/milestone-release/1@tallystick.org\r\n")
                .contains("DTSTAMP:20260131T120000Z\r\n")
                .contains("DTSTART;VALUE=DATE:20260731\r\nDTEND;VALUE=DATE:20260801\r\n")
                .contains("SUMMARY:cnf-full: the buyer pays USD 5\\,000\r\n")
                .contains("TRIGGER;RELATED=START:-P7D\r\n");
        Set<String> uids = new HashSet<>();
        unfolded.lines()
                .filter(line -> line.startsWith("UID:"))
                .forEach(uid -> assertThat(uids.add(uid)).as(uid).isTrue());
    }

    @Test
    void linesFoldBetweenCharacters() {
        String name = "日本語".repeat(40);
        String feed = DutyCalendar.of(name, List.of(), ACCEPTED);
        feed.lines()
                .forEach(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(75));
        assertThat(feed.replace("\r\n ", "")).contains("X-WR-CALNAME:" + name);
    }

    private static Optional<DatedDuty> find(String id, int number) {
        return DUTIES.stream()
                .filter(dated -> dated.duty().id().equals(id) && dated.number() == number)
                .findFirst();
    }
}
