package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.RandomContracts;
import org.tallystick.protocol.terms.Term;
import org.tallystick.protocol.terms.UseTerm;

/** When a grant breaks an exclusivity: by place, field and time, all three. */
class OverlapTest {
    /**
     * An exclusive grant from 2026-01-01 for a year, and one of another buyer. {@code -} stands for everywhere, every field,
     * not exclusive.
     */
    @ParameterizedTest(name = "exclusive in {0}, {1}; {2} in {3} from {4} for {5}: {6}")
    @CsvSource(delimiter = '|', textBlock = """
        -     | -      | -      | -     | 2026-06-01 | P1M  | breaks
        -     | -      | -      | -     | 2025-06-01 | P7M  | fits
        -     | -      | -      | -     | 2025-06-01 | P7M1D| breaks
        -     | -      | -      | -     | 2027-01-01 | P1Y  | fits
        -     | -      | -      | -     | 2026-12-31 | P1Y  | breaks
        DE    | -      | -      | DE    | 2026-06-01 | P1M  | breaks
        DE    | -      | -      | FR    | 2026-06-01 | P1M  | fits
        DE    | -      | -      | -     | 2026-06-01 | P1M  | breaks
        -     | -      | -      | FR    | 2026-06-01 | P1M  | breaks
        EU    | -      | -      | DE    | 2026-06-01 | P1M  | breaks
        DE    | -      | -      | EU    | 2026-06-01 | P1M  | breaks
        EU    | -      | -      | NO    | 2026-06-01 | P1M  | fits
        EEA   | -      | -      | NO    | 2026-06-01 | P1M  | breaks
        EEA   | -      | -      | EU    | 2026-06-01 | P1M  | breaks
        EU    | -      | -      | US CH | 2026-06-01 | P1M  | fits
        -     | news   | -      | -     | 2026-06-01 | P1M  | breaks
        -     | news   | music  | -     | 2026-06-01 | P1M  | fits
        -     | news   | news   | -     | 2026-06-01 | P1M  | breaks
        DE    | news   | music  | DE    | 2026-06-01 | P1M  | fits
        DE    | news   | news   | FR    | 2026-06-01 | P1M  | fits
        """)
    void aGrantFitsOrBreaks(
            String places,
            String field,
            String otherField,
            String regions,
            LocalDate from,
            Period life,
            String verdict) {
        Overlap.Claim exclusive = claim(
                List.of(new UseTerm.Exclusivity(
                        list(places), list(field), Optional.empty(), Period.ofYears(1), Optional.empty())),
                LocalDate.of(2026, 1, 1),
                Period.ofYears(2));
        List<Term> terms = new ArrayList<>();
        if (!regions.equals("-")) {
            terms.add(new UseTerm.Regions(list(regions)));
        }
        if (!otherField.equals("-")) {
            terms.add(new UseTerm.Exclusivity(
                    list(regions), list(otherField), Optional.empty(), Period.ofDays(1), Optional.empty()));
        }
        assertThat(Overlap.breaks(exclusive, claim(terms, from, life))).isEqualTo(verdict.equals("breaks"));
    }

    @Test
    void aWindowThatBeginsLaterBindsOnlyFromThen() {
        Overlap.Claim later = claim(
                List.of(new UseTerm.Exclusivity(
                        List.of(),
                        List.of(),
                        Optional.of(LocalDate.of(2026, 7, 1)),
                        Period.ofMonths(2),
                        Optional.empty())),
                LocalDate.of(2026, 1, 1),
                Period.ofYears(1));
        assertThat(Overlap.breaks(later, claim(List.of(), LocalDate.of(2026, 2, 1), Period.ofMonths(5))))
                .isFalse();
        assertThat(Overlap.breaks(later, claim(List.of(), LocalDate.of(2026, 2, 1), Period.ofMonths(6))))
                .isTrue();
        assertThat(Overlap.breaks(later, claim(List.of(), LocalDate.of(2026, 9, 1), Period.ofMonths(6))))
                .isFalse();
    }

    @Test
    void whatIsNotExclusiveBreaksNothing() {
        Seeds.check(300, random -> {
            ContractTerms plain = RandomContracts.draft(random).terms();
            ContractTerms other = RandomContracts.draft(random).terms();
            Instant now = Instant.parse("2026-01-01T00:00:00Z");
            Overlap.Claim one = Overlap.Claim.of(plain, now, now.plusSeconds(86_400));
            Overlap.Claim two = Overlap.Claim.of(other, now, now.plusSeconds(86_400));
            if (plain.find(UseTerm.Exclusivity.class).isEmpty()) {
                assertThat(Overlap.breaks(one, two)).isFalse();
            } else {
                // Exclusive against its own twin always breaks where its window meets its life.
                assertThat(Overlap.breaks(one, one)
                                || regionsApart(plain)
                                || one.window().stream().noneMatch(window -> window.meets(one.life())))
                        .isTrue();
            }
        });
    }

    private static boolean regionsApart(ContractTerms terms) {
        return terms.find(UseTerm.Regions.class).isPresent();
    }

    private static Overlap.Claim claim(List<Term> more, LocalDate from, Period life) {
        List<Term> terms = new ArrayList<>();
        ContractTerms full = ContractDocument.parse(FullContract.json()).terms();
        terms.add(full.get(UseTerm.Grant.class));
        terms.add(new UseTerm.Duration(Period.ofYears(50)));
        terms.add(new PayTerm.Price(org.tallystick.protocol.terms.Compensation.of(full.compensation()
                .charges(org.tallystick.protocol.terms.Charge.Upfront.class)
                .getFirst())));
        terms.add(full.get(PayTerm.Splits.class));
        terms.add(full.get(PayTerm.Payout.class));
        terms.addAll(more);
        Instant accepted = from.atStartOfDay(ZoneOffset.UTC).toInstant();
        return Overlap.Claim.of(
                ContractTerms.of(terms),
                accepted,
                from.plus(life).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private static List<String> list(String words) {
        return words.equals("-") ? List.of() : List.of(words.split(" "));
    }
}
