package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;

/** The states of the Dataspace Protocol as a table: what may follow what, and why not. */
class NegotiationStatesTest {
    @TempDir
    static Path dir;

    private static ContractFixture world;
    private static Negotiations negotiations;
    private static int number;

    @BeforeAll
    static void open() {
        world = new ContractFixture(dir);
        negotiations = new Negotiations(
                world.database, world.sequencer, world.parties, world.catalog, ContractFixture.VERIFIER);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** Letters: B and K offer (buyer, curator), b, k, c, d sign (buyer, curator, the two creators), x breaks off. */
    private static Outcome<Negotiation> step(String contract, char what) {
        String id = "ng-" + contract;
        return switch (what) {
            case 'B' -> offer(ContractFixture.BUYER, contract);
            case 'K' -> offer(ContractFixture.CURATOR, contract);
            case 'b' -> sign(ContractFixture.BUYER, id);
            case 'k' -> sign(ContractFixture.CURATOR, id);
            case 'c' -> sign(ContractFixture.CREATOR, id);
            case 'd' -> sign(ContractFixture.OTHER_CREATOR, id);
            case 'x' -> negotiations.terminate(ContractFixture.BUYER, id, "enough");
            default -> throw new IllegalArgumentException("no step " + what);
        };
    }

    private static Outcome<Negotiation> offer(Principal side, String contract) {
        Json.Obj terms = Changed.at(world.terms(contract), "pricing.pricePerUnitUsd", "0." + (1_000 + ++number));
        Optional<Negotiation> found = negotiations.find("ng-" + contract);
        return found.isEmpty()
                ? negotiations.open(side, terms, "", Optional.empty())
                : negotiations.counter(
                        side, found.get().id(), found.get().current().version(), terms, "", Optional.empty());
    }

    private static Outcome<Negotiation> sign(Principal party, String id) {
        Negotiation.Offer offer = negotiations.find(id).orElseThrow().current();
        ContractDocument signed =
                offer.document().sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
        return negotiations.sign(
                party,
                id,
                offer.version(),
                Fields.of(signed.json(), "contract")
                        .objects("signatures")
                        .getLast()
                        .object());
    }

    @ParameterizedTest(name = "{0} then {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        B    | B | REQUESTED
        B    | K | OFFERED
        B    | b | ACCEPTED
        B    | k | REQUESTED
        B    | c | REQUESTED
        B    | x | TERMINATED
        K    | K | OFFERED
        K    | B | REQUESTED
        K    | b | ACCEPTED
        K    | k | OFFERED
        K    | x | TERMINATED
        Kk   | b | AGREED
        Kkcd | b | FINALIZED
        Bkcd | b | FINALIZED
        Kk   | B | REQUESTED
        Kkb  | c | AGREED
        Kb   | k | AGREED
        Kb   | c | ACCEPTED
        Kb   | x | TERMINATED
        Kb   | B | negotiation/accepted
        Kb   | K | negotiation/accepted
        Bb   | B | negotiation/accepted
        Kbcd | k | FINALIZED
        Kbk  | B | negotiation/agreed
        Kbk  | K | negotiation/agreed
        Kbk  | x | TERMINATED
        Kbkc | d | FINALIZED
        Bx   | B | negotiation/over
        Bx   | K | negotiation/over
        Bx   | b | negotiation/over
        Bbkcd | x | negotiation/over
        Bbkcd | K | negotiation/over
        """)
    void whatFollowsWhat(String before, char what, String after) {
        String contract = "cnf-s" + ++number;
        before.chars().forEach(step -> step(contract, (char) step).orThrow());
        Negotiation.State from =
                negotiations.find("ng-" + contract).orElseThrow().state();
        Outcome<Negotiation> outcome = step(contract, what);
        if (after.contains("/")) {
            assertThat(outcome.refusal().orElseThrow().type()).isEqualTo(after);
            assertThat(negotiations.find("ng-" + contract).orElseThrow().state())
                    .isEqualTo(from);
        } else {
            Negotiation.State to = outcome.orThrow().state();
            assertThat(to.name()).isEqualTo(after);
            boolean atOnce = to == Negotiation.State.FINALIZED;
            assertThat(from.next()).contains(atOnce ? Negotiation.State.VERIFIED : to);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        REQUESTED  | REQUESTED OFFERED ACCEPTED AGREED VERIFIED TERMINATED
        OFFERED    | REQUESTED OFFERED ACCEPTED AGREED VERIFIED TERMINATED
        ACCEPTED   | ACCEPTED AGREED VERIFIED TERMINATED
        AGREED     | AGREED VERIFIED TERMINATED
        VERIFIED   | FINALIZED
        FINALIZED  | -
        TERMINATED | -
        """)
    void theTable(Negotiation.State state, String next) {
        Set<Negotiation.State> expected = next == null
                ? Set.of()
                : Arrays.stream(next.split(" ")).map(Negotiation.State::valueOf).collect(Collectors.toSet());
        assertThat(state.next()).isEqualTo(expected);
    }

    /** What the protocol allows is allowed; there is nothing between that leads back from a signature of the buyer. */
    @ParameterizedTest
    @EnumSource(Negotiation.State.class)
    void theTableHoldsTheProtocols(Negotiation.State state) {
        Set<Negotiation.State> protocols = switch (state) {
            case REQUESTED ->
                EnumSet.of(Negotiation.State.OFFERED, Negotiation.State.AGREED, Negotiation.State.TERMINATED);
            case OFFERED ->
                EnumSet.of(Negotiation.State.REQUESTED, Negotiation.State.ACCEPTED, Negotiation.State.TERMINATED);
            case ACCEPTED -> EnumSet.of(Negotiation.State.AGREED, Negotiation.State.TERMINATED);
            case AGREED -> EnumSet.of(Negotiation.State.VERIFIED, Negotiation.State.TERMINATED);
            case VERIFIED -> EnumSet.of(Negotiation.State.FINALIZED);
            case FINALIZED, TERMINATED -> EnumSet.noneOf(Negotiation.State.class);
        };
        assertThat(state.next()).containsAll(protocols);
        assertThat(state.next())
                .noneMatch(next -> next.ordinal() < state.ordinal() && state != Negotiation.State.OFFERED);
    }

    @Test
    void nobodyReadsAStateThatLastsNoTime() {
        List<Negotiation.State> seen = negotiationsSeen();
        assertThat(seen).doesNotContain(Negotiation.State.VERIFIED);
    }

    private static List<Negotiation.State> negotiationsSeen() {
        String contract = "cnf-s" + ++number;
        return "Bbkcd"
                .chars()
                .mapToObj(what -> step(contract, (char) what).orThrow().state())
                .toList();
    }
}
