package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractSignature;
import org.tallystick.protocol.terms.Mandate;

/** A co-op signs for its members: here one creator signs for the other, because any party may be given a mandate. */
class MandatesTest {
    private static final Principal COOP = ContractFixture.CREATOR;
    private static final Principal MEMBER = ContractFixture.OTHER_CREATOR;

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

    private static Mandate mandate(String id, Principal member, Duration life) {
        return Mandate.sign(
                id,
                member.id().value(),
                COOP.id().value(),
                new Mandate.Reach(Set.of("hn-98765"), Set.of(), Set.of(), Set.of()),
                world.clock.instant(),
                world.clock.instant().plus(life),
                ContractFixture.signer(member));
    }

    private static ContractDocument sides(String id) {
        ContractDocument document = ContractDocument.parse(world.terms(id));
        for (Principal party : List.of(ContractFixture.BUYER, ContractFixture.CURATOR, COOP)) {
            document = document.sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
        }
        return document;
    }

    private static ContractDocument under(String id, Mandate mandate) {
        return sides(id).signUnder(mandate, ContractFixture.signer(COOP), world.clock.instant());
    }

    @Test
    void aContractSignedUnderAMandateBindsTheMember() {
        ContractDocument document = under("cnf-m1", mandate("m-1", MEMBER, Duration.ofDays(1)));
        Contract contract = world.contracts.accept(document.json()).orThrow();
        assertThat(contract.liveAt(world.clock.instant())).isTrue();
        assertThat(contract.document().signatures())
                .extracting(ContractSignature::signer)
                .containsExactly("buyer-7", "curator-11", "creator-42", "creator-42");
        assertThat(world.contracts.verify(document.json()).orThrow()).isEmpty();
        assertThat(world.database.<Boolean>read(tx -> world.contracts.names(tx, contract.id(), MEMBER.id())))
                .isTrue();
    }

    @Test
    void oneTakenBackSignsNothingNewAndWhatWasAcceptedStays() {
        Mandate mandate = mandate("m-2", MEMBER, Duration.ofDays(1));
        Contract before =
                world.contracts.accept(under("cnf-m2", mandate).json()).orThrow();
        RevokedMandate revoked = world.contracts.revokeMandate(MEMBER, "m-2").orThrow();
        assertThat(world.contracts.revokeMandate(MEMBER, "m-2")).isEqualTo(Outcome.repeated(revoked));
        assertRefused(world.contracts.accept(under("cnf-m2b", mandate).json()), "contract/mandate-revoked");
        assertThat(world.contracts.find(before.id()).orElseThrow().liveAt(world.clock.instant()))
                .isTrue();
        world.contracts.revokeMandate(ContractFixture.BUYER, "m-3").orThrow();
        assertThat(world.contracts
                        .accept(under("cnf-m3", mandate("m-3", MEMBER, Duration.ofDays(1)))
                                .json())
                        .isAccepted())
                .as("another's mandate of the same name")
                .isTrue();
    }

    @Test
    void oneThatIsOverIsOfNoUseEvenWithAnEarlierDate() {
        Mandate mandate = mandate("m-4", MEMBER, Duration.ofHours(1));
        ContractDocument document = under("cnf-m4", mandate);
        world.clock.advance(Duration.ofHours(1));
        assertRefused(world.contracts.accept(document.json()), "contract/mandate-time");
    }

    @Test
    void whoeverHasNoneSignsForNobody() {
        assertRefused(world.contracts.accept(sides("cnf-m5").json()), "contract/signature-missing");
        Mandate own = Mandate.sign(
                "m-5",
                MEMBER.id().value(),
                COOP.id().value(),
                Mandate.Reach.any(),
                world.clock.instant(),
                world.clock.instant().plusSeconds(60),
                ContractFixture.signer(COOP));
        assertRefused(world.contracts.accept(under("cnf-m5", own).json()), "contract/mandate-wrong-key");
        Mandate elsewhere = Mandate.sign(
                "m-6",
                MEMBER.id().value(),
                COOP.id().value(),
                new Mandate.Reach(Set.of("other-set"), Set.of(), Set.of(), Set.of()),
                world.clock.instant(),
                world.clock.instant().plusSeconds(60),
                ContractFixture.signer(MEMBER));
        assertRefused(world.contracts.accept(under("cnf-m5", elsewhere).json()), "contract/mandate-reach");
        Mandate toNobody = Mandate.sign(
                "m-7",
                MEMBER.id().value(),
                "nobody",
                Mandate.Reach.any(),
                world.clock.instant(),
                world.clock.instant().plusSeconds(60),
                ContractFixture.signer(MEMBER));
        assertRefused(world.contracts.accept(under("cnf-m5", toNobody).json()), "contract/party-unknown");
    }

    @Test
    void theCoopSignsForItsMemberInANegotiation() {
        Negotiation asked = negotiations
                .open(ContractFixture.BUYER, world.terms("cnf-m8"), "", Optional.empty())
                .orThrow();
        Mandate mandate = mandate("m-8", MEMBER, Duration.ofDays(1));
        Json.Obj signature = last(
                asked.current().document().signUnder(mandate, ContractFixture.signer(COOP), world.clock.instant()));
        assertRefused(negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, signature), "negotiation/not-yours");
        assertRefused(negotiations.sign(MEMBER, asked.id(), 1, signature), "negotiation/not-yours");
        Negotiation once = negotiations.sign(COOP, asked.id(), 1, signature).orThrow();
        assertThat(once.current().signed()).containsExactly(MEMBER.id());
        assertThat(negotiations.sign(COOP, asked.id(), 1, signature)).isEqualTo(Outcome.repeated(once));
        for (Principal party : List.of(ContractFixture.BUYER, ContractFixture.CURATOR, COOP)) {
            ContractDocument signed = asked.current()
                    .document()
                    .sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
            once = negotiations.sign(party, asked.id(), 1, last(signed)).orThrow();
        }
        assertThat(once.state()).isEqualTo(Negotiation.State.FINALIZED);
    }

    @Test
    void detachedSignaturesAreAsGood() {
        ContractDocument document = ContractDocument.parse(world.terms("cnf-m9"));
        for (Principal party : List.of(ContractFixture.BUYER, ContractFixture.CURATOR, COOP, MEMBER)) {
            document = document.signDetached(
                    party.id().value(), ContractFixture.signer(party), Optional.empty(), world.clock.instant());
        }
        assertThat(world.contracts.accept(document.json()).isAccepted()).isTrue();
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        world.contracts.revokeMandate(MEMBER, "m-10").orThrow();
        Map<String, List<String>> before = world.rows("contract");
        world.sequencer.rebuild();
        assertThat(world.rows("contract")).isEqualTo(before);
    }

    private static Json.Obj last(ContractDocument document) {
        return Fields.of(document.json(), "contract")
                .objects("signatures")
                .getLast()
                .object();
    }

    private static void assertRefused(Outcome<?> outcome, String type) {
        assertThat(outcome.refusal()).as(outcome.toString()).isPresent();
        assertThat(outcome.refusal().orElseThrow().type())
                .as(outcome.refusal().orElseThrow().detail())
                .isEqualTo(type);
    }
}
