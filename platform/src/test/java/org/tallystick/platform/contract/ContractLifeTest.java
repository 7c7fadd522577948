package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.LogUnavailableException;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;

/** What ends a contract, takes its place, or keeps another from coming into force. */
class ContractLifeTest {
    private static final String EXCLUSIVE = """
        {"exclusivity": {"window": "P6M", "reversion": {"unlessPaidUsd": 500, "within": "P1M"}},
         "termination": {"notice": "P30D", "cure": "P14D"},
         "renewal": {"period": "P1Y", "notice": "P30D", "most": 2}}
        """;
    private static final String TERMS = EXCLUSIVE.replaceFirst("\"exclusivity\".*\\n", "");

    @TempDir
    private Path dir;

    private ContractFixture world;

    @BeforeEach
    void open() {
        world = new ContractFixture(dir);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Json.Obj signed(Principal buyer, String id, String terms, String... changes) {
        Json.Obj document = Changed.at(world.terms(id), "terms", terms);
        document = document.with("buyerId", Json.of(buyer.id().value()));
        for (int i = 0; i < changes.length; i += 2) {
            document = Changed.at(document, changes[i], changes[i + 1]);
        }
        ContractDocument contract = ContractDocument.parse(document);
        for (Principal party :
                List.of(buyer, ContractFixture.CURATOR, ContractFixture.CREATOR, ContractFixture.OTHER_CREATOR)) {
            contract = contract.sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
        }
        return contract.json();
    }

    private Contract accepted(Principal buyer, String id, String terms, String... changes) {
        return world.contracts.accept(signed(buyer, id, terms, changes)).orThrow();
    }

    @Test
    void anExclusiveWindowKeepsOthersOutAndIsFreeAfterIt() {
        accepted(ContractFixture.BUYER, "ex-1", EXCLUSIVE);
        Problem refused = assertRefused(
                world.contracts.accept(signed(ContractFixture.OTHER_BUYER, "plain-1", TERMS)),
                "contract/exclusivity-conflict");
        assertThat(refused.detail()).doesNotContain("ex-1", "buyer-7");
        assertThat(refused.extras()).containsEntry("exclusive_until", "2026-07-10T12:00:00Z");
        assertRefused(
                world.contracts.accept(signed(ContractFixture.OTHER_BUYER, "ex-2", EXCLUSIVE)),
                "contract/exclusivity-conflict");
        assertThat(accepted(ContractFixture.BUYER, "more-1", TERMS).liveAt(world.clock.instant()))
                .isTrue();
        world.clock.advance(Duration.ofDays(181));
        assertThat(accepted(ContractFixture.OTHER_BUYER, "plain-2", TERMS).liveAt(world.clock.instant()))
                .isTrue();
    }

    @Test
    void otherPlacesAndFieldsAreFree() {
        accepted(
                ContractFixture.BUYER,
                "ex-1",
                "{\"exclusivity\": {\"window\": \"P6M\", \"places\": [\"DE\"], \"verticals\": [\"news\"]}}");
        assertRefused(
                world.contracts.accept(signed(ContractFixture.OTHER_BUYER, "eu-1", TERMS)),
                "contract/exclusivity-conflict");
        accepted(ContractFixture.OTHER_BUYER, "fr-1", TERMS, "license.regionRestrictions", "[\"FR\"]");
        accepted(
                ContractFixture.OTHER_BUYER,
                "music-1",
                "{\"exclusivity\": {\"window\": \"P6M\", \"places\": [\"DE\"], \"verticals\": [\"music\"]}}");
    }

    @Test
    void aGrantInForceBeforeIsNotTouched() {
        Contract plain = accepted(ContractFixture.OTHER_BUYER, "plain-1", TERMS);
        accepted(ContractFixture.BUYER, "ex-1", EXCLUSIVE);
        assertThat(world.contracts.find(plain.id()).orElseThrow().liveAt(world.clock.instant()))
                .isTrue();
    }

    @Test
    void whatEndsExclusivityEarlyMakesRoom() {
        Contract revoked = accepted(ContractFixture.BUYER, "ex-1", EXCLUSIVE);
        world.contracts
                .revoke(ContractFixture.BUYER, revoked.id(), "no longer needed")
                .orThrow();
        Contract terminated = accepted(ContractFixture.BUYER, "ex-2", EXCLUSIVE);
        world.contracts
                .terminate(ContractFixture.BUYER, terminated.id(), "plans changed")
                .orThrow();
        assertRefused(
                world.contracts.accept(signed(ContractFixture.OTHER_BUYER, "plain-1", TERMS)),
                "contract/exclusivity-conflict");
        world.clock.advance(Duration.ofDays(30));
        accepted(ContractFixture.OTHER_BUYER, "ex-3", EXCLUSIVE);
    }

    @Test
    void rightsRevertWhenTheyAreNotPaidFor() {
        Contract contract = accepted(ContractFixture.BUYER, "ex-1", EXCLUSIVE);
        assertRefused(
                world.contracts.revert(ContractFixture.CURATOR, contract.id(), "nothing paid"),
                "contract/reversion-too-early");
        world.clock.advance(Duration.ofDays(31));
        assertRefused(
                world.contracts.revert(ContractFixture.BUYER, contract.id(), "nothing paid"),
                "contract/not-the-curator");
        Outcome<Notice> reverted = world.contracts.revert(ContractFixture.CURATOR, contract.id(), "nothing paid");
        assertThat(reverted.orThrow().kind()).isEqualTo(Notice.Kind.REVERSION);
        assertThat(world.contracts.revert(ContractFixture.CURATOR, contract.id(), "nothing paid"))
                .isEqualTo(Outcome.repeated(reverted.orThrow()));
        accepted(ContractFixture.OTHER_BUYER, "plain-1", TERMS);
        assertThat(world.contracts.find(contract.id()).orElseThrow().liveAt(world.clock.instant()))
                .isTrue();
        Contract plain = accepted(ContractFixture.BUYER, "plain-2", TERMS);
        assertRefused(
                world.contracts.revert(ContractFixture.CURATOR, plain.id(), "x"), "contract/reversion-not-agreed");
    }

    @Test
    void ofHundredsWhoSignExclusivelyAtOnceOneWins() throws Exception {
        List<Json.Obj> offers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            offers.add(
                    signed(i % 2 == 0 ? ContractFixture.BUYER : ContractFixture.OTHER_BUYER, "race-" + i, EXCLUSIVE));
        }
        List<Outcome<Contract>> outcomes = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Outcome<Contract>>> calls = new ArrayList<>();
            offers.forEach(offer -> calls.add(() -> accept(offer)));
            for (Future<Outcome<Contract>> future : pool.invokeAll(calls)) {
                outcomes.add(future.get());
            }
        }
        List<Contract> won = outcomes.stream()
                .filter(Outcome::isAccepted)
                .map(Outcome::orThrow)
                .toList();
        // The winner's own further contracts exclude nobody but others; the other buyer gets nothing.
        assertThat(won)
                .hasSize(150)
                .extracting(Contract::buyer)
                .containsOnly(won.getFirst().buyer());
        outcomes.stream()
                .filter(outcome -> !outcome.isAccepted())
                .forEach(outcome -> assertRefused(outcome, "contract/exclusivity-conflict"));
    }

    /** A platform too busy to answer says so, and asking again is safe. */
    private Outcome<Contract> accept(Json.Obj offer) {
        while (true) {
            try {
                return world.contracts.accept(offer);
            } catch (UnavailableException | LogUnavailableException e) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Test
    void anAmendmentTakesTheOldOnesPlace() {
        Contract old = accepted(ContractFixture.BUYER, "v-1", EXCLUSIVE);
        String replaces = replaces(old, "amendment");
        assertRefused(
                world.contracts.accept(signed(
                        ContractFixture.BUYER,
                        "v-2",
                        TERMS,
                        "replaces",
                        replaces.replace(old.document().hash().hex(), "0".repeat(64)))),
                "contract/replaces-mismatch");
        assertRefused(
                world.contracts.accept(
                        signed(ContractFixture.BUYER, "v-2", TERMS, "replaces", replaces.replace("v-1", "v-0"))),
                "contract/replaces-unknown");
        assertRefused(
                world.contracts.accept(signed(ContractFixture.OTHER_BUYER, "v-2", TERMS, "replaces", replaces)),
                "contract/replaces-other-parties");
        Contract fresh =
                accepted(ContractFixture.BUYER, "v-2", EXCLUSIVE, "replaces", replaces, "platformFeeShare", "0.01");
        Instant now = world.clock.instant();
        Contract ended = world.contracts.find(old.id()).orElseThrow();
        assertThat(ended.liveAt(now)).isFalse();
        assertThat(ended.revocation().orElseThrow().reason()).isEqualTo("amendment: contract v-2 takes its place");
        assertThat(fresh.liveAt(now)).isTrue();
        List<RevokedContract> revoked = world.database.read(tx -> world.contracts.revokedAfter(tx, old.position()));
        assertThat(revoked).containsExactly(new RevokedContract(old.id(), fresh.position()));
        assertRefused(
                world.contracts.accept(signed(ContractFixture.BUYER, "v-3", TERMS, "replaces", replaces)),
                "contract/replaces-not-live");
    }

    @Test
    void aContractIsRenewedAsOftenAsAgreed() {
        Contract current = accepted(ContractFixture.BUYER, "y-0", TERMS);
        for (int year = 1; year <= 2; year++) {
            Contract before = current;
            current = accepted(ContractFixture.BUYER, "y-" + year, TERMS, "replaces", replaces(current, "renewal"));
            // Renewed early: the days of the old contract that are paid for already are not lost.
            assertThat(current.ends()).isEqualTo(before.document().license().endOf(before.ends()));
            assertThat(world.contracts.find(current.id()).orElseThrow().ends()).isEqualTo(current.ends());
        }
        assertRefused(
                world.contracts.accept(
                        signed(ContractFixture.BUYER, "y-3", TERMS, "replaces", replaces(current, "renewal"))),
                "contract/renewal-used-up");
        Contract without = accepted(ContractFixture.BUYER, "w-0", "{}");
        assertRefused(
                world.contracts.accept(
                        signed(ContractFixture.BUYER, "w-1", TERMS, "replaces", replaces(without, "renewal"))),
                "contract/renewal-not-agreed");
    }

    @Test
    void noticeEndsAContractWhenItIsOver() {
        Contract contract = accepted(ContractFixture.BUYER, "t-1", TERMS);
        Instant ends = world.clock.instant().plus(Duration.ofDays(30));
        assertRefused(world.contracts.terminate(ContractFixture.CREATOR, contract.id(), "x"), "contract/not-a-side");
        assertRefused(world.contracts.terminate(ContractFixture.BUYER, contract.id(), " "), "contract/reason");
        assertRefused(world.contracts.terminate(ContractFixture.BUYER, new ContractId("t-0"), "x"), "contract/unknown");
        Notice notice = world.contracts
                .terminate(ContractFixture.CURATOR, contract.id(), "a better offer")
                .orThrow();
        assertThat(notice.effective()).isEqualTo(ends);
        assertThat(world.contracts.terminate(ContractFixture.CURATOR, contract.id(), "again"))
                .isEqualTo(Outcome.repeated(notice));
        Contract ending = world.contracts.find(contract.id()).orElseThrow();
        assertThat(ending.ends()).isEqualTo(ends);
        assertThat(ending.liveAt(ends.minusMillis(1))).isTrue();
        assertThat(ending.liveAt(ends)).isFalse();
        assertRefused(world.contracts.terminate(ContractFixture.BUYER, contract.id(), "too"), "contract/ends-sooner");
        world.clock.advance(Duration.ofDays(31));
        assertRefused(world.contracts.terminate(ContractFixture.BUYER, contract.id(), "too"), "contract/not-live");
        Contract without = accepted(ContractFixture.BUYER, "t-2", "{\"termination\": {\"cure\": \"P14D\"}}");
        assertRefused(
                world.contracts.terminate(ContractFixture.BUYER, without.id(), "x"), "contract/termination-not-agreed");
    }

    @Test
    void aBreachStartsTheTimeToMendIt() {
        Contract contract = accepted(ContractFixture.BUYER, "b-1", TERMS);
        Notice breach = world.contracts
                .breach(ContractFixture.CURATOR, contract.id(), "no report for two quarters")
                .orThrow();
        assertThat(breach.effective()).isEqualTo(world.clock.instant().plus(Duration.ofDays(14)));
        assertThat(world.contracts.breach(ContractFixture.CURATOR, contract.id(), "no report for two quarters"))
                .isEqualTo(Outcome.repeated(breach));
        Notice other = world.contracts
                .breach(ContractFixture.CURATOR, contract.id(), "works resold")
                .orThrow();
        List<Notice> notices = world.database.read(tx -> world.contracts.notices(tx, contract.id()));
        assertThat(notices).containsExactly(breach, other);
        assertThat(world.contracts.find(contract.id()).orElseThrow().liveAt(world.clock.instant()))
                .isTrue();
        Contract without = accepted(ContractFixture.BUYER, "b-2", "{}");
        assertRefused(world.contracts.breach(ContractFixture.BUYER, without.id(), "x"), "contract/cure-not-agreed");
    }

    @Test
    void aContractWhoseWordsAreNotThoseOfItsTermsIsRefused() {
        ContractDraft draft = ContractDraft.of(ContractDocument.parse(world.terms("words-1")));
        Json.Obj sealed = PrintedContract.sealed(draft).json();
        Json.Obj lied = Changed.at(sealed, "text.markdown", "\"" + "0".repeat(64) + "\"");
        assertRefused(world.contracts.accept(world.signed(lied)), "contract/text-mismatch");
        assertThat(world.contracts.accept(world.signed(sealed)).isAccepted()).isTrue();
    }

    @Test
    void aPriceNobodyComputesIsRefused() {
        Json.Obj composed = Changed.at(
                world.terms("pool-1"),
                "pricing",
                "{\"model\":\"composed\",\"currency\":\"USD\",\"charges\":[{\"charge\":\"pool\",\"amountUsd\":900,"
                        + "\"every\":\"P1M\",\"allocation\":\"use\"}]}");
        assertRefused(world.contracts.accept(world.signed(composed)), "contract/pricing-unsettled");
    }

    @Test
    void aConsequenceInMoneyNobodyComputesIsRefused() {
        Json.Obj billed = Changed.at(world.terms("surplus-1"), "terms", "{\"surplus\":{\"consequence\":\"billed\"}}");
        assertRefused(world.contracts.accept(world.signed(billed)), "contract/surplus-unsettled");
        Json.Obj flagged = Changed.at(world.terms("surplus-1"), "terms", "{\"surplus\":{\"consequence\":\"flagged\"}}");
        assertThat(world.contracts.accept(world.signed(flagged)).isAccepted()).isTrue();
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        Contract contract = accepted(ContractFixture.BUYER, "r-1", EXCLUSIVE);
        world.contracts.breach(ContractFixture.CURATOR, contract.id(), "late").orThrow();
        Contract fresh = accepted(ContractFixture.BUYER, "r-2", EXCLUSIVE, "replaces", replaces(contract, "amendment"));
        world.clock.advance(Duration.ofDays(40));
        world.contracts
                .revert(ContractFixture.CURATOR, fresh.id(), "nothing paid")
                .orThrow();
        world.contracts.terminate(ContractFixture.BUYER, fresh.id(), "over").orThrow();
        Map<String, List<String>> before = world.rows("contract");
        world.sequencer.rebuild();
        assertThat(world.rows("contract")).isEqualTo(before);
        assertThat(before.get("notice")).hasSize(3);
    }

    private static String replaces(Contract old, String as) {
        return "{\"contract\":\"" + old.id() + "\",\"hash\":\""
                + old.document().hash().hex() + "\",\"as\":\"" + as + "\"}";
    }

    private static Problem assertRefused(Outcome<?> outcome, String type) {
        assertThat(outcome.refusal()).as(outcome.toString()).isPresent();
        Problem problem = outcome.refusal().orElseThrow();
        assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
        return problem;
    }
}
