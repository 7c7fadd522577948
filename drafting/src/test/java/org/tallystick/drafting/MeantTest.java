package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractReplacement;
import org.tallystick.protocol.terms.FullContract;

/** What a contract says of time, money and what it replaces is what its parties meant. */
class MeantTest {
    private static final ContractDocument FULL = ContractDocument.parse(FullContract.json());
    private static final Instant ACCEPTED = Instant.parse("2026-01-05T09:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-05T09:00:00Z", "2026-01-05T09:00:01Z", "2026-01-05T23:59:59Z"})
    void aContractThatEndsOnItsFirstDayHasDutiesAndACalendar(Instant ends) {
        List<DatedDuty> duties = Duties.of("cnf-1", FULL.terms(), ACCEPTED, ends);
        assertThat(duties)
                .filteredOn(duty -> duty.duty().due() instanceof Due.Every)
                .isNotEmpty();
        assertThat(duties)
                .allSatisfy(duty -> duty.day().ifPresent(day -> assertThat(day).isAfterOrEqualTo("2026-01-05")));
        assertThat(DutyCalendar.of("Duties", duties, ACCEPTED)).contains("BEGIN:VEVENT");
    }

    @Test
    void aCalendarWithoutDatedDutiesHasAnEvent() {
        assertThat(DutyCalendar.of("Duties of cnf-1", List.of(), ACCEPTED))
                .contains("BEGIN:VEVENT\r\n", "DTSTART;VALUE=DATE:20260105\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n");
    }

    @Test
    void aPeriodBeginsOnlyWhileTheContractLives() {
        Instant end = Instant.parse("2026-04-05T09:00:00Z");
        long atTheEnd = recurring(end);
        assertThat(recurring(end.minusSeconds(1))).isEqualTo(atTheEnd);
        assertThat(recurring(end.plusSeconds(1))).isGreaterThan(atTheEnd);
    }

    private static long recurring(Instant ends) {
        return Duties.of("cnf-1", FULL.terms(), ACCEPTED, ends).stream()
                .filter(duty -> duty.duty().due() instanceof Due.Every)
                .count();
    }

    @Test
    void renewingEarlyDoesNotForfeitPaidDays() {
        Instant end = Instant.parse("2026-03-01T00:00:00Z");
        assertThat(replacing("renewal").endOf(ACCEPTED, Optional.of(end))).isEqualTo("2028-03-01T00:00:00Z");
        assertThat(replacing("renewal").endOf(end, Optional.of(end))).isEqualTo("2028-03-01T00:00:00Z");
        assertThat(replacing("amendment").endOf(ACCEPTED, Optional.of(end))).isEqualTo("2028-01-05T09:00:00Z");
        assertThat(FULL.endOf(ACCEPTED, Optional.empty())).isEqualTo("2028-01-05T09:00:00Z");
    }

    @Test
    void amendingAFlatContractIsFlagged() {
        assertThat(codes(flat("amendment", "100"))).contains("amendment-charges-again");
        assertThat(codes(flat("amendment", "0"))).doesNotContain("amendment-charges-again");
        assertThat(codes(flat("renewal", "100"))).doesNotContain("amendment-charges-again");
        assertThat(codes(replacing("amendment"))).contains("amendment-charges-again");
    }

    @Test
    void aPriceInACurrencyThatEndedIsFlaggedAndStillRead() {
        Json.Obj json = Changed.at(
                FullContract.json(), "pricing", "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitBgn\":5}");
        json = Changed.at(Changed.at(json, "terms.security", "-"), "terms.exclusivity", "-");
        assertThat(codes(ContractDocument.parse(json))).contains("currency-ended");
        assertThat(codes(ContractDocument.parse(Changed.at(
                        json, "pricing", "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitXcg\":5}"))))
                .doesNotContain("currency-ended");
    }

    @Test
    void theCalculatorDoesNotRelabelDollars() {
        Json answer = Json.parse("{\"works\": 10, \"currency\": \"JPY\", \"earnedPerYear\": 1000000,"
                + " \"inferencesPerMonth\": 5, \"buyerRevenuePerMonth\": 100}");
        List<PriceEstimate> estimates = PriceCalculator.estimates(PriceQuestion.read(Fields.of(answer, "price")));
        for (PriceEstimate estimate : estimates) {
            boolean own = List.of("multiple of what the works earn", "share of revenue")
                    .contains(estimate.model());
            assertThat(estimate.currency()).as(estimate.model()).isEqualTo(own ? "JPY" : "USD");
            if (!own) {
                assertThat(estimate.reasons().toString()).doesNotContain("JPY");
            }
        }
        assertThat(estimates).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curatorId",
                "datasetVersion",
                "text",
                "replaces",
                "platformFeeShare",
                "license.regionRestrictions",
                "license.forbiddenUses",
                "payout.window",
                "terms.purposes",
                "terms.audit",
                "terms.deletion.remediation",
                "terms.exclusivity.from"
            })
    void nullIsRefusedWhereTheSchemaRefusesIt(String path) {
        Json.Obj changed = Changed.at(FullContract.json(), path, "null");
        assertThatThrownBy(() -> ContractDocument.parse(changed))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("json/null"));
        assertThat(ContractDocument.recorded(changed).id()).isEqualTo("cnf-full");
    }

    @Test
    void aRecordedContractKeepsItsBytes() {
        Json.Obj before = Changed.at(FullContract.json(), "text", "null");
        assertThat(new String(ContractDocument.recorded(before).signingBytes(), StandardCharsets.UTF_8))
                .contains("\"text\":null");
    }

    private static ContractDocument replacing(String as) {
        ContractReplacement.Kind kind =
                as.equals("renewal") ? ContractReplacement.Kind.RENEWAL : ContractReplacement.Kind.AMENDMENT;
        return ContractDocument.parse(Changed.at(
                FullContract.json(),
                "replaces",
                "{\"contract\":\"cnf-old\",\"hash\":\""
                        + Sha256.hash(new byte[0]).hex() + "\",\"as\":\"" + kind.word() + "\"}"));
    }

    private static ContractDocument flat(String as, String price) {
        return ContractDocument.parse(Changed.at(
                replacing(as).json(),
                "pricing",
                "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":" + price + "}"));
    }

    private static List<String> codes(ContractDocument document) {
        return Linter.lint(document).stream().map(Flag::code).toList();
    }
}
