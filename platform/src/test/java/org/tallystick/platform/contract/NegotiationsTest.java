package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;

/** From request to a contract in force, and every way to fail on the way; each refusal has its reason. */
class NegotiationsTest {
    private static final Optional<Instant> NO_END = Optional.empty();

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

    private static Negotiation opened(String contract) {
        return negotiations
                .open(ContractFixture.BUYER, world.terms(contract), "we would like to train on this", NO_END)
                .orThrow();
    }

    private static Json.Obj priced(String contract, String price) {
        return Changed.at(world.terms(contract), "pricing.pricePerUnitUsd", price);
    }

    private static Json.Obj signature(Principal party, ContractDocument document) {
        ContractDocument signed =
                document.sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
        return Fields.of(signed.json(), "contract")
                .objects("signatures")
                .getLast()
                .object();
    }

    private static Outcome<Negotiation> sign(Principal party, Negotiation negotiation) {
        return negotiations.sign(
                party,
                negotiation.id(),
                negotiation.current().version(),
                signature(party, negotiation.current().document()));
    }

    @Test
    void offersGoBackAndForthUntilEveryoneHasSignedTheSameBytes() {
        Negotiation asked = opened("cnf-n1");
        assertThat(asked.state()).isEqualTo(Negotiation.State.REQUESTED);
        assertThat(asked.id()).isEqualTo("ng-cnf-n1");
        Negotiation offered = negotiations
                .counter(ContractFixture.CURATOR, asked.id(), 1, priced("cnf-n1", "0.008"), "a little more", NO_END)
                .orThrow();
        assertThat(offered.state()).isEqualTo(Negotiation.State.OFFERED);
        Negotiation requested = negotiations
                .counter(ContractFixture.BUYER, asked.id(), 2, priced("cnf-n1", "0.006"), "half way", NO_END)
                .orThrow();
        assertThat(requested.state()).isEqualTo(Negotiation.State.REQUESTED);
        assertThat(requested.offers()).extracting(Negotiation.Offer::version).containsExactly(1, 2, 3);
        assertThat(requested.offers())
                .extracting(Negotiation.Offer::message)
                .containsExactly("we would like to train on this", "a little more", "half way");
        assertThat(sign(ContractFixture.CREATOR, requested).orThrow().state()).isEqualTo(Negotiation.State.REQUESTED);
        assertThat(sign(ContractFixture.BUYER, requested).orThrow().state()).isEqualTo(Negotiation.State.ACCEPTED);
        assertThat(sign(ContractFixture.CURATOR, requested).orThrow().state()).isEqualTo(Negotiation.State.AGREED);
        assertRefused(
                negotiations.counter(ContractFixture.BUYER, asked.id(), 3, priced("cnf-n1", "0.001"), "", NO_END),
                "negotiation/agreed");
        assertThat(world.contracts.find(new ContractId("cnf-n1"))).isEmpty();
        Negotiation done = sign(ContractFixture.OTHER_CREATOR, requested).orThrow();
        assertThat(done.state()).isEqualTo(Negotiation.State.FINALIZED);
        assertThat(done.current().signed())
                .containsExactly(
                        ContractFixture.CREATOR.id(),
                        ContractFixture.BUYER.id(),
                        ContractFixture.CURATOR.id(),
                        ContractFixture.OTHER_CREATOR.id());
        Contract contract = world.contracts.find(new ContractId("cnf-n1")).orElseThrow();
        assertThat(contract.liveAt(world.clock.instant())).isTrue();
        assertThat(contract.document().hash())
                .isEqualTo(done.current().document().hash());
        assertThat(sign(ContractFixture.OTHER_CREATOR, requested)).isEqualTo(Outcome.repeated(done));
        assertRefused(negotiations.terminate(ContractFixture.BUYER, done.id(), "too late"), "negotiation/over");
    }

    @Test
    void anOfferChangedUnderASignatureIsRefused() {
        Negotiation asked = opened("cnf-n2");
        Json.Obj early = signature(ContractFixture.CURATOR, asked.current().document());
        negotiations
                .counter(ContractFixture.BUYER, asked.id(), 1, priced("cnf-n2", "0.001"), "", NO_END)
                .orThrow();
        assertRefused(negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, early), "negotiation/superseded");
        assertRefused(negotiations.sign(ContractFixture.CURATOR, asked.id(), 2, early), "contract/signature-wrong");
        assertRefused(
                negotiations.counter(ContractFixture.CURATOR, asked.id(), 1, priced("cnf-n2", "0.009"), "", NO_END),
                "negotiation/superseded");
    }

    @Test
    void aReplayedSignatureIsARepeatAndASecondOneRefused() {
        Negotiation asked = opened("cnf-n3");
        Json.Obj signature = signature(ContractFixture.BUYER, asked.current().document());
        Negotiation once = negotiations
                .sign(ContractFixture.BUYER, asked.id(), 1, signature)
                .orThrow();
        long size = world.log.size();
        assertThat(negotiations.sign(ContractFixture.BUYER, asked.id(), 1, signature))
                .isEqualTo(Outcome.repeated(once));
        assertThat(world.log.size()).isEqualTo(size);
        world.clock.advance(Duration.ofSeconds(1));
        assertRefused(sign(ContractFixture.BUYER, asked), "negotiation/signed-already");
        assertRefused(negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, signature), "negotiation/not-yours");
        Negotiation other = opened("cnf-n3b");
        assertRefused(negotiations.sign(ContractFixture.BUYER, other.id(), 1, signature), "contract/signature-wrong");
    }

    @Test
    void whatASignatureMustBe() {
        Negotiation asked = opened("cnf-n4");
        ContractDocument document = asked.current().document();
        Json.Obj own = signature(ContractFixture.CURATOR, document);
        assertRefused(
                negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, own.without("key")),
                "contract/signature-key-missing");
        assertRefused(
                negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, own.with("sig", Json.of("0xabc..."))),
                "contract/signature-malformed");
        assertRefused(
                negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, own.with("sig", Json.of("abc"))),
                "contract/signature-form");
        assertRefused(
                negotiations.sign(
                        ContractFixture.CURATOR, asked.id(), 1, own.with("timestamp", Json.of("2999-01-01T00:00:00Z"))),
                "contract/future-dated");
        assertRefused(
                negotiations.sign(ContractFixture.CURATOR, asked.id(), 1, own.with("surprise", Json.of(1))),
                "json/unknown-member");
        assertRefused(negotiations.sign(ContractFixture.CURATOR, "ng-none", 1, own), "negotiation/unknown");
        assertThat(negotiations.find(asked.id()).orElseThrow()).isEqualTo(asked);
    }

    @Test
    void anExpiredOfferCannotBeSignedButAnswered() {
        Instant soon = world.clock.instant().plus(Duration.ofHours(1));
        Negotiation asked = negotiations
                .open(ContractFixture.BUYER, world.terms("cnf-n5"), "", Optional.of(soon))
                .orThrow();
        assertRefused(
                negotiations.open(
                        ContractFixture.BUYER, world.terms("cnf-n5b"), "", Optional.of(world.clock.instant())),
                "negotiation/offer-expired");
        world.clock.advance(Duration.ofHours(1));
        assertRefused(sign(ContractFixture.CURATOR, asked), "negotiation/offer-expired");
        Negotiation again = negotiations
                .counter(ContractFixture.CURATOR, asked.id(), 1, priced("cnf-n5", "0.006"), "", NO_END)
                .orThrow();
        assertThat(sign(ContractFixture.BUYER, again).orThrow().state()).isEqualTo(Negotiation.State.ACCEPTED);
    }

    @Test
    void onlyTheTwoSidesOfferAndOnlyOnTheSameDeal() {
        Negotiation asked = opened("cnf-n6");
        assertThat(negotiations.open(ContractFixture.BUYER, world.terms("cnf-n6"), "again", NO_END))
                .isEqualTo(Outcome.repeated(asked));
        assertRefused(
                negotiations.open(ContractFixture.CURATOR, world.terms("cnf-n6"), "", NO_END), "negotiation/exists");
        assertRefused(
                negotiations.open(ContractFixture.OTHER_BUYER, world.terms("cnf-n6b"), "", NO_END),
                "negotiation/not-a-side");
        assertRefused(
                negotiations.open(ContractFixture.BUYER, world.terms("cnf-n6b").without("curatorId"), "", NO_END),
                "negotiation/side-missing");
        assertRefused(
                negotiations.open(ContractFixture.BUYER, world.terms("cnf-n6b").without("payout"), "", NO_END),
                "json/missing-member");
        assertRefused(
                negotiations.open(ContractFixture.BUYER, world.terms("cnf-n6b"), "a\u0000b", NO_END),
                "negotiation/message");
        assertRefused(
                negotiations.counter(ContractFixture.OTHER_BUYER, asked.id(), 1, priced("cnf-n6", "0.1"), "", NO_END),
                "negotiation/not-a-side");
        assertRefused(
                negotiations.counter(ContractFixture.BUYER, asked.id(), 1, world.terms("cnf-n6"), "", NO_END),
                "negotiation/no-change");
        assertRefused(
                negotiations.counter(ContractFixture.BUYER, asked.id(), 1, priced("cnf-other", "0.1"), "", NO_END),
                "negotiation/other-deal");
        assertRefused(
                negotiations.counter(
                        ContractFixture.BUYER,
                        asked.id(),
                        1,
                        priced("cnf-n6", "0.1").with("buyerId", Json.of("buyer-8")),
                        "",
                        NO_END),
                "negotiation/other-deal");
        Json.Obj sealed = PrintedContract.sealed(ContractDraft.of(ContractDocument.parse(priced("cnf-n6", "0.1"))))
                .json();
        assertRefused(
                negotiations.counter(
                        ContractFixture.BUYER,
                        asked.id(),
                        1,
                        Changed.at(sealed, "platformFeeShare", "0.1"),
                        "",
                        NO_END),
                "contract/text-mismatch");
        world.accepted("cnf-n6c");
        assertRefused(
                negotiations.open(ContractFixture.BUYER, world.terms("cnf-n6c"), "", NO_END), "contract/conflict");
    }

    @Test
    void eitherSideBreaksOffAndThenItIsOver() {
        Negotiation asked = opened("cnf-n7");
        assertRefused(negotiations.terminate(ContractFixture.OTHER_BUYER, asked.id(), "x"), "negotiation/not-a-side");
        assertRefused(negotiations.terminate(ContractFixture.BUYER, asked.id(), " "), "negotiation/message");
        assertRefused(negotiations.terminate(ContractFixture.BUYER, "ng-none", "x"), "negotiation/unknown");
        Negotiation over = negotiations
                .terminate(ContractFixture.CURATOR, asked.id(), "too little")
                .orThrow();
        assertThat(over.state()).isEqualTo(Negotiation.State.TERMINATED);
        assertThat(over.reason()).isEqualTo("too little");
        assertThat(negotiations.terminate(ContractFixture.BUYER, asked.id(), "ok"))
                .isEqualTo(Outcome.repeated(over));
        assertRefused(sign(ContractFixture.BUYER, asked), "negotiation/over");
        assertRefused(
                negotiations.counter(ContractFixture.BUYER, asked.id(), 1, priced("cnf-n7", "0.1"), "", NO_END),
                "negotiation/over");
    }

    @Test
    void ofManyWhoAnswerAtOnceOneIsHeard() throws Exception {
        Negotiation asked = opened("cnf-n8");
        List<Callable<Outcome<Negotiation>>> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Json.Obj counter = priced("cnf-n8", "0.0" + (10 + i));
            Principal side = i % 2 == 0 ? ContractFixture.BUYER : ContractFixture.CURATOR;
            calls.add(() -> negotiations.counter(side, asked.id(), 1, counter, "", NO_END));
        }
        int heard = 0;
        for (Outcome<Negotiation> outcome : atOnce(calls)) {
            if (outcome.isAccepted()) {
                heard++;
            } else {
                assertRefused(outcome, "negotiation/superseded");
            }
        }
        assertThat(heard).isEqualTo(1);
        assertThat(negotiations.find(asked.id()).orElseThrow().offers()).hasSize(2);
    }

    @Test
    void ofManyWhoSignAtOnceTheContractComesIntoForceOnce() throws Exception {
        Negotiation asked = opened("cnf-n9");
        List<Callable<Outcome<Negotiation>>> calls = new ArrayList<>();
        for (Principal party : List.of(
                ContractFixture.BUYER,
                ContractFixture.CURATOR,
                ContractFixture.CREATOR,
                ContractFixture.OTHER_CREATOR)) {
            Json.Obj signature = signature(party, asked.current().document());
            for (int i = 0; i < 10; i++) {
                calls.add(() -> negotiations.sign(party, asked.id(), 1, signature));
            }
        }
        long size = world.log.size();
        assertThat(atOnce(calls)).allMatch(Outcome::isAccepted);
        assertThat(world.log.size()).isEqualTo(size + 5);
        assertThat(negotiations.find(asked.id()).orElseThrow().state()).isEqualTo(Negotiation.State.FINALIZED);
    }

    @Test
    void aContractConcludedAnotherWayMeanwhileIsNotConcludedAgain() {
        Negotiation asked = opened("cnf-n11");
        for (Principal party : List.of(ContractFixture.BUYER, ContractFixture.CURATOR, ContractFixture.CREATOR)) {
            sign(party, asked).orThrow();
        }
        world.accepted("cnf-n11");
        long size = world.log.size();
        assertRefused(sign(ContractFixture.OTHER_CREATOR, asked), "contract/conflict");
        assertThat(world.log.size()).isEqualTo(size);
        assertThat(negotiations
                        .terminate(ContractFixture.BUYER, asked.id(), "done elsewhere")
                        .isAccepted())
                .isTrue();
    }

    @Test
    void anExclusiveGrantMadeMeanwhileKeepsTheLastSignatureOut() {
        Json.Obj exclusive = Changed.at(
                world.terms("cnf-n12"), "terms", "{\"exclusivity\": {\"window\": \"P1M\", \"places\": [\"IE\"]}}");
        Negotiation asked = negotiations
                .open(
                        ContractFixture.OTHER_BUYER,
                        world.terms("cnf-n13").with("buyerId", Json.of("buyer-8")),
                        "",
                        NO_END)
                .orThrow();
        for (Principal party : List.of(ContractFixture.OTHER_BUYER, ContractFixture.CURATOR, ContractFixture.CREATOR)) {
            sign(party, asked).orThrow();
        }
        Contract granted = world.contracts.accept(world.signed(exclusive)).orThrow();
        assertRefused(sign(ContractFixture.OTHER_CREATOR, asked), "contract/exclusivity-conflict");
        world.contracts.revoke(ContractFixture.BUYER, granted.id(), "over").orThrow();
        assertThat(sign(ContractFixture.OTHER_CREATOR, asked).orThrow().state()).isEqualTo(Negotiation.State.FINALIZED);
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        Negotiation asked = opened("cnf-n10");
        sign(ContractFixture.BUYER, asked).orThrow();
        Map<String, List<String>> before = world.rows("contract");
        world.sequencer.rebuild();
        assertThat(world.rows("contract")).isEqualTo(before);
        assertThat(negotiations.find(asked.id()).orElseThrow().current().signed())
                .containsExactly(new PartyId("buyer-7"));
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> answers = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls)) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private static Problem assertRefused(Outcome<?> outcome, String type) {
        assertThat(outcome.refusal()).as(outcome.toString()).isPresent();
        Problem problem = outcome.refusal().orElseThrow();
        assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
        return problem;
    }
}
