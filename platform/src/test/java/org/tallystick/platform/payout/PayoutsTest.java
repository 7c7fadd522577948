package org.tallystick.platform.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.party.PersonalData;

/** Instructions on record: once each, for oneself, and nothing personal in the log. */
class PayoutsTest {
    private static final String ACCOUNT = "DE89370400440532013000";

    @TempDir
    Path dir;

    private ContractFixture world;
    private Payouts payouts;

    @BeforeEach
    void open() {
        world = new ContractFixture(dir, Payouts.projection());
        payouts = new Payouts(world.database, world.sequencer, world.clock);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static PayoutInstruction instruction(String destination, String minimum) {
        return new PayoutInstruction(
                "sepa",
                destination,
                Currency.of("USD"),
                Schedule.MONTHLY,
                minimum.isEmpty() ? Optional.empty() : Optional.of(Money.parse(minimum)));
    }

    private Optional<String> destination(Payout payout) {
        return world.database.read(
                tx -> PayoutStore.destination(tx, payout.destinationHash()).map(Destination::text));
    }

    private List<String> destinations() {
        return world.rows("payout").getOrDefault("personal_destination", List.of());
    }

    @Test
    void anInstructionIsRecordedOnce() {
        Payout first = payouts.schedule(ContractFixture.CREATOR, instruction(ACCOUNT, "25.00 USD"))
                .orThrow();
        long size = world.log.size();
        assertThat(first.id()).matches("po-[0-9a-f]{40}");
        assertThat(payouts.schedule(ContractFixture.CREATOR, instruction(ACCOUNT, "25.00 USD")))
                .isEqualTo(Outcome.repeated(first));
        assertThat(world.log.size()).isEqualTo(size);
        assertThat(destinations()).hasSize(1);
        Payout changed = payouts.schedule(ContractFixture.CREATOR, instruction(ACCOUNT, ""))
                .orThrow();
        Payout back = payouts.schedule(ContractFixture.CREATOR, instruction(ACCOUNT, "25.00 USD"))
                .orThrow();
        assertThat(List.of(first.id(), changed.id(), back.id())).doesNotHaveDuplicates();
        assertThat(payouts.list(Optional.of(ContractFixture.CREATOR.id()), Optional.empty(), 1)
                        .items())
                .containsExactly(back);
        Payout others = payouts.schedule(ContractFixture.CURATOR, instruction(ACCOUNT, ""))
                .orThrow();
        assertThat(others.party()).isEqualTo(ContractFixture.CURATOR.id());
    }

    @Test
    void whereTheMoneyGoesNeverEntersTheLogAndCanBeForgotten() {
        Payout payout = payouts.schedule(ContractFixture.CREATOR, instruction(ACCOUNT, ""))
                .orThrow();
        for (byte[] entry : world.log.entries(0, world.log.size())) {
            assertThat(new String(entry, StandardCharsets.UTF_8)).doesNotContain(ACCOUNT);
        }
        assertThat(instruction(ACCOUNT, "").toString()).doesNotContain(ACCOUNT);
        assertThat(destination(payout)).contains(ACCOUNT);
        new PersonalData(world.database, world.sequencer, world.parties)
                .erase(ContractFixture.CREATOR, ContractFixture.CREATOR.id(), true)
                .orThrow();
        assertThat(destination(payout)).isEmpty();
        assertThat(payouts.list(Optional.of(ContractFixture.CREATOR.id()), Optional.empty(), 10)
                        .items())
                .containsExactly(payout);
    }

    @Test
    void aRebuildGivesTheSameAndKeepsDestinations() {
        Payout payout = payouts.schedule(ContractFixture.CREATOR, instruction(ACCOUNT, "1.50 USD"))
                .orThrow();
        var rows = world.rows("payout");
        world.sequencer.rebuild();
        assertThat(world.rows("payout")).isEqualTo(rows);
        assertThat(destination(payout)).contains(ACCOUNT);
    }

    @Test
    void onlyPayeesInstruct() {
        for (var by : List.of(ContractFixture.BUYER, ContractFixture.OPERATOR)) {
            assertThat(payouts.schedule(by, instruction(ACCOUNT, ""))
                            .refusal()
                            .orElseThrow()
                            .type())
                    .isEqualTo("payout/not-a-payee");
        }
        assertThat(destinations()).isEmpty();
    }

    @Test
    void pagesShowEachInstructionOnce() {
        for (int i = 0; i < 5; i++) {
            payouts.schedule(ContractFixture.CREATOR, instruction("account " + i, ""))
                    .orThrow();
        }
        Page<Payout> first = payouts.list(Optional.empty(), Optional.empty(), 3);
        payouts.schedule(ContractFixture.CREATOR, instruction("account 5", "")).orThrow();
        Page<Payout> second = payouts.list(Optional.empty(), first.next(), 3);
        assertThat(first.items()).hasSize(3);
        assertThat(second.items()).hasSize(2).doesNotContainAnyElementsOf(first.items());
        assertThat(second.next()).isEmpty();
        assertThatThrownBy(() -> payouts.list(Optional.empty(), Optional.of("x"), 3))
                .hasMessageContaining("payout/malformed-cursor");
    }
}
