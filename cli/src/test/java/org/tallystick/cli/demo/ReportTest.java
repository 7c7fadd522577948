package org.tallystick.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.cli.content.Skipped;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Json;

/** A report exists only where everything in it adds up. */
final class ReportTest {
    private static MoneyTotals totals(
            String gross, String creators, String curators, String fees, String residue, String funded, String left) {
        return new MoneyTotals(
                usd(gross), usd(creators), usd(curators), usd(fees), usd(residue), usd(funded), usd(left));
    }

    private static Money usd(String amount) {
        return Money.parse(amount + " USD");
    }

    @Test
    void moneyThatAddsUpIsReportedToTheLastUnit() {
        Report report = new Report(
                new Report.Content(
                        "jdk", 2, 3, 12, 4, List.of(new Skipped("a/link", "a symbolic link is not followed"))),
                new Report.Traffic(20, 5, 13, 7),
                totals("0.035", "0.028", "0.007", "0", "0", "1.00", "0.965"),
                new Report.Documents(List.of(Path.of("st-1.json")), Path.of("log"), 42, true),
                Json.object().put("train", 3).build(),
                Json.object().put("chaos", false).build());
        assertThat(report.json())
                .hasToString("{\"chaos\":false,\"content\":\"jdk\",\"creators\":2,\"deliveries\":20,"
                        + "\"distinct_uses\":7,\"duplicate_files\":1,\"duplicates_absorbed\":13,"
                        + "\"escrow_funded\":\"1.00 USD\",\"escrow_left\":\"0.965 USD\",\"fees\":\"0.00 USD\",\"files\":4,"
                        + "\"gross\":\"0.035 USD\",\"log_dir\":\"log\",\"log_size\":42,\"refused\":5,"
                        + "\"residue\":\"0.00 USD\",\"seconds\":{\"train\":3},"
                        + "\"skipped\":{\"count\":1,\"first\":[{\"path\":\"a/link\","
                        + "\"reason\":\"a symbolic link is not followed\"}]},"
                        + "\"statement_files\":[\"st-1.json\"],\"statements\":1,\"to_creators\":\"0.028 USD\","
                        + "\"to_curators\":\"0.007 USD\",\"verified\":true,\"works\":3,\"works_bytes\":12}");
        assertThat(report.verified()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0.035, 0.028, 0.006999, 0, 0, 1.00, 0.965, is not creators",
        "0.035, 0.028, 0.006, 0, 0.001, 1.00, 0.964, is not gross",
        "0.035, 0.028, 0.008, 0, -0.001, 1.00, 0.965, is below 0",
        "1.035, 1.028, 0.007, 0, 0, 1.00, -0.035, is below 0",
    })
    void moneyMadeOrLostIsRefused(
            String gross,
            String creators,
            String curators,
            String fees,
            String residue,
            String funded,
            String left,
            String why) {
        assertThatThrownBy(() -> totals(gross, creators, curators, fees, residue, funded, left))
                .isInstanceOf(WrongSumException.class)
                .hasMessageContaining(why);
    }

    @Test
    void countsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Report.Traffic(20, 0, 12, 7))
                .hasMessage("20 deliveries less 12 repeated are not 7 distinct uses");
        assertThatThrownBy(() -> new Report.Traffic(20, 0, -1, 21)).isInstanceOf(WrongSumException.class);
        assertThatThrownBy(() -> new Report.Content("x", 1, 5, 1, 4, List.of())).isInstanceOf(WrongSumException.class);
        assertThatThrownBy(() -> new Report.Content("x", 0, 0, 0, 0, List.of())).isInstanceOf(WrongSumException.class);
    }

    @Test
    void stagesAreTimedEvenWhereTheyFail() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        DemoSteps steps = new DemoSteps(now::get);
        assertThat(steps.run("start", () -> {
                    now.updateAndGet(instant -> instant.plusMillis(1500));
                    return "up";
                }))
                .isEqualTo("up");
        assertThatThrownBy(() -> steps.run("train", () -> {
                    now.updateAndGet(instant -> instant.plusMillis(250));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        steps.record("first_delivery", Duration.ofMillis(10));
        assertThat(steps.json()).hasToString("{\"first_delivery\":0.01,\"start\":1.5,\"train\":0.25}");
        assertThat(steps.total()).isEqualTo(Duration.ofMillis(1760));
    }
}
