package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractApproval;
import org.tallystick.protocol.terms.ContractDocument;

/** Steps inside a buyer's organisation: its signature counts once enough of those it named have approved these terms. */
class ApprovalsTest {
    private static final Approvals TWO_OF_THREE =
            new Approvals(2, Map.of("legal", key("legal"), "finance", key("finance"), "research", key("research")));

    @TempDir
    static Path dir;

    private static ContractFixture world;
    private static Negotiations negotiations;

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

    private static DidKey key(String approver) {
        return new DidKey(ContractFixture.signer(approver).publicKey());
    }

    private static Negotiation opened(String contract) {
        return negotiations
                .open(ContractFixture.BUYER, world.terms(contract), "", Optional.empty())
                .orThrow();
    }

    private static Outcome<Negotiation> approve(Negotiation negotiation, String approver) {
        Negotiation.Offer offer =
                negotiations.find(negotiation.id()).orElseThrow().current();
        return negotiations.approve(
                ContractFixture.BUYER,
                negotiation.id(),
                offer.version(),
                ContractApproval.sign(approver, offer.document(), ContractFixture.signer(approver)));
    }

    private static Outcome<Negotiation> sign(Principal party, Negotiation negotiation) {
        Negotiation.Offer offer =
                negotiations.find(negotiation.id()).orElseThrow().current();
        ContractDocument signed =
                offer.document().sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
        Json.Obj signature = Fields.of(signed.json(), "contract")
                .objects("signatures")
                .getLast()
                .object();
        return negotiations.sign(party, negotiation.id(), offer.version(), signature);
    }

    @Test
    void theBuyersSignatureCountsOnceEnoughHaveApproved() {
        Negotiation asked = opened("cnf-a1");
        Negotiation wanted = negotiations
                .wantApprovals(ContractFixture.BUYER, asked.id(), TWO_OF_THREE)
                .orThrow();
        assertThat(wanted.approvals()).contains(TWO_OF_THREE);
        assertThat(negotiations.wantApprovals(ContractFixture.BUYER, asked.id(), TWO_OF_THREE))
                .isEqualTo(Outcome.repeated(wanted));
        assertRefused(sign(ContractFixture.BUYER, asked), "approval/missing");
        Negotiation once = approve(asked, "legal").orThrow();
        assertThat(once.current().approved()).containsExactly("legal");
        assertThat(approve(asked, "legal")).isEqualTo(Outcome.repeated(once));
        assertRefused(sign(ContractFixture.BUYER, asked), "approval/missing");
        assertThat(sign(ContractFixture.CURATOR, asked).orThrow().state())
                .as("the other side need not wait")
                .isEqualTo(Negotiation.State.REQUESTED);
        approve(asked, "research").orThrow();
        assertThat(sign(ContractFixture.BUYER, asked).orThrow().state()).isEqualTo(Negotiation.State.AGREED);
        sign(ContractFixture.CREATOR, asked).orThrow();
        assertThat(sign(ContractFixture.OTHER_CREATOR, asked).orThrow().state()).isEqualTo(Negotiation.State.FINALIZED);
        assertRefused(approve(asked, "finance"), "negotiation/over");
    }

    @Test
    void otherTermsNeedOtherApprovals() {
        Negotiation asked = opened("cnf-a2");
        negotiations
                .wantApprovals(ContractFixture.BUYER, asked.id(), new Approvals(1, Map.of("legal", key("legal"))))
                .orThrow();
        approve(asked, "legal").orThrow();
        Json.Obj dearer = Changed.at(world.terms("cnf-a2"), "pricing.pricePerUnitUsd", "0.009");
        Negotiation countered = negotiations
                .counter(ContractFixture.CURATOR, asked.id(), 1, dearer, "", Optional.empty())
                .orThrow();
        assertThat(countered.current().approved()).isEmpty();
        assertRefused(sign(ContractFixture.BUYER, asked), "approval/missing");
        assertRefused(
                negotiations.approve(
                        ContractFixture.BUYER,
                        asked.id(),
                        1,
                        ContractApproval.sign("legal", asked.current().document(), ContractFixture.signer("legal"))),
                "negotiation/superseded");
        assertRefused(
                negotiations.approve(
                        ContractFixture.BUYER,
                        asked.id(),
                        2,
                        ContractApproval.sign("legal", asked.current().document(), ContractFixture.signer("legal"))),
                "approval/signature");
        approve(asked, "legal").orThrow();
        assertThat(sign(ContractFixture.BUYER, asked).orThrow().state()).isEqualTo(Negotiation.State.ACCEPTED);
    }

    @Test
    void theOtherWayInIsNoWayRound() {
        Negotiation asked = opened("cnf-a3");
        negotiations
                .wantApprovals(ContractFixture.BUYER, asked.id(), new Approvals(1, Map.of("legal", key("legal"))))
                .orThrow();
        Json.Obj whole = world.signed(world.terms("cnf-a3"));
        assertRefused(world.contracts.accept(whole), "approval/missing");
        approve(asked, "legal").orThrow();
        assertThat(world.contracts.accept(whole).isAccepted()).isTrue();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Negotiation asked = opened("cnf-a4");
        assertRefused(approve(asked, "legal"), "approval/not-wanted");
        assertRefused(
                negotiations.wantApprovals(ContractFixture.CURATOR, asked.id(), TWO_OF_THREE),
                "approval/not-the-buyer");
        assertRefused(
                negotiations.wantApprovals(ContractFixture.BUYER, "ng-none", TWO_OF_THREE), "negotiation/unknown");
        negotiations
                .wantApprovals(ContractFixture.BUYER, asked.id(), TWO_OF_THREE)
                .orThrow();
        assertRefused(
                negotiations.wantApprovals(
                        ContractFixture.BUYER, asked.id(), new Approvals(1, Map.of("legal", key("legal")))),
                "approval/wanted-already");
        assertRefused(approve(asked, "stranger"), "approval/unknown-approver");
        assertRefused(
                negotiations.approve(
                        ContractFixture.BUYER,
                        asked.id(),
                        1,
                        ContractApproval.sign("legal", asked.current().document(), ContractFixture.signer("finance"))),
                "approval/wrong-key");
        Negotiation signed = opened("cnf-a5");
        sign(ContractFixture.BUYER, signed).orThrow();
        assertRefused(
                negotiations.wantApprovals(ContractFixture.BUYER, signed.id(), TWO_OF_THREE), "approval/too-late");
        negotiations.terminate(ContractFixture.CURATOR, signed.id(), "no").orThrow();
        assertRefused(negotiations.wantApprovals(ContractFixture.BUYER, signed.id(), TWO_OF_THREE), "negotiation/over");
        for (int needed : List.of(0, 2, 33)) {
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    RefusedException.class, () -> new Approvals(needed, Map.of("legal", key("legal"))))
                            .problem()
                            .type())
                    .isEqualTo("approval/needed");
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new Approvals(2, Map.of("legal", key("legal"), "other", key("legal")))))
                .as("one key, two parts")
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        Negotiation asked = opened("cnf-a6");
        negotiations
                .wantApprovals(ContractFixture.BUYER, asked.id(), TWO_OF_THREE)
                .orThrow();
        approve(asked, "finance").orThrow();
        Map<String, List<String>> before = world.rows("contract");
        world.sequencer.rebuild();
        assertThat(world.rows("contract")).isEqualTo(before);
        assertThat(negotiations.find(asked.id()).orElseThrow().current().approved())
                .containsExactly("finance");
    }

    private static void assertRefused(Outcome<?> outcome, String type) {
        assertThat(outcome.refusal()).as(outcome.toString()).isPresent();
        assertThat(outcome.refusal().orElseThrow().type())
                .as(outcome.refusal().orElseThrow().detail())
                .isEqualTo(type);
    }
}
