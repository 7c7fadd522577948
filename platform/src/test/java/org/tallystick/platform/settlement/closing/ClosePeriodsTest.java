package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.terms.ContractDocument;

/** Which contracts a period has papers for, to the millisecond, and what a period is. */
class ClosePeriodsTest {
    private static final Period PERIOD = new Period("p2", Instant.ofEpochMilli(1_000), Instant.ofEpochMilli(2_000));

    private static Contract contract(long accepted, long ends, Optional<Instant> revoked) {
        String text = """
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"c1","datasetId":"ds-1",
                 "platformFeeShare":0,
                 "license":{"type":"restricted-training","permittedUses":["model-training"],"duration":"P1Y"},
                 "pricing":{"model":"micropay","unit":"sample","pricePerUnitUsd":1},
                 "payout":{"type":"monthly-reconciliation","split":[{"recipientId":"creators","share":1}]}}
                """;
        PartyId buyer = new PartyId("buyer-7");
        return new Contract(
                new ContractId("c1"),
                1,
                ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8)),
                buyer,
                new PartyId("curator-11"),
                Hash.of(new byte[32]),
                Instant.ofEpochMilli(accepted),
                Instant.ofEpochMilli(ends),
                revoked.map(at -> new Contract.Revocation(2, at, buyer, "over")));
    }

    private static CloseResult close(Contract contract) {
        CloseInput.OfContract of = new CloseInput.OfContract(
                contract, List.of(), List.of(), List.of(), Map.of(), CloseInput.ContractTotal.NOTHING);
        return CloseCalculator.of(new CloseInput("log.example/tally", PERIOD, 9, List.of(), List.of(of), new NoPast()));
    }

    /** Nothing was closed before. */
    private static final class NoPast implements CloseInput.Past {
        @Override
        public Optional<Hash> latest(PartyId party, Currency currency) {
            return Optional.empty();
        }

        @Override
        public Optional<Statement> statement(String id) {
            return Optional.empty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // accepted, ends, revoked (ms; - for never), whether the period from 1000 to below 2000 has papers for it
        "throughout,                         500, 5000, -,    true",
        "accepted in the last millisecond,  1999, 5000, -,    true",
        "accepted exactly at the end,       2000, 5000, -,    false",
        "ends a millisecond into it,           0, 1001, -,    true",
        "ends exactly at its start,            0, 1000, -,    false",
        "revoked a millisecond into it,        0, 5000, 1001, true",
        "revoked exactly at its start,         0, 5000, 1000, false",
        "revoked before it,                    0, 5000,  999, false",
        "revoked after it,                     0, 5000, 2000, true",
        "within it,                         1200, 1300, -,    true",
    })
    void aContractHasPapersForAPeriodInWhichItWasInForce(
            String name, long accepted, long ends, String revoked, boolean papers) {
        Optional<Instant> at =
                revoked.equals("-") ? Optional.empty() : Optional.of(Instant.ofEpochMilli(Long.parseLong(revoked)));
        CloseResult result = close(contract(accepted, ends, at));
        assertThat(result.contracts()).hasSize(papers ? 1 : 0);
        assertThat(result.statements().stream().map(paper -> paper.statement().party()))
                .isEqualTo(papers ? List.of("curator-11") : List.of());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "of one millisecond,  p,  1000, 1001, true",
        "of none,             p,  1000, 1000, false",
        "backwards,           p,  1001, 1000, false",
        "from the epoch,      p,     0, 1,    true",
        "before the epoch,    p,    -1, 1,    false",
        "named by a dot,      .,     0, 1,    false",
        "with a space,        'a b', 0, 1,    false",
        "without a name,      '',    0, 1,    false",
        "with all letters,    Q1:2026._-, 0, 1, true",
    })
    void aPeriodEndsAfterItBegins(String name, String id, long from, long to, boolean usable) {
        Instant begin = Instant.ofEpochMilli(from);
        Instant end = Instant.ofEpochMilli(to);
        if (usable) {
            assertThat(new Period(id, begin, end).id()).isEqualTo(id);
        } else {
            assertThatThrownBy(() -> new Period(id, begin, end))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("settlement/period");
        }
    }

    @Test
    void aPeriodsNameHasUpTo64LettersAndItsTimesAreCutToMilliseconds() {
        Instant fine = Instant.ofEpochSecond(1, 1_999_999);
        Period period = new Period("x".repeat(64), fine, fine.plusMillis(5));
        assertThat(period.from()).isEqualTo(Instant.ofEpochMilli(1_001));
        assertThat(period.to()).isEqualTo(Instant.ofEpochMilli(1_006));
        assertThatThrownBy(() -> new Period("x".repeat(65), fine, fine.plusMillis(5)))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void theEndsOfPeriodsIncludeTheOneToBeClosed() {
        Period first = new Period("p1", Instant.EPOCH, PERIOD.from());
        assertThat(CloseInput.ends(List.of(first), PERIOD)).containsExactly(first.to(), PERIOD.to());
    }
}
