package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.TestKeys;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.DidWeb;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractSignature;
import org.tallystick.protocol.terms.Finding;

class ContractsTest {
    private static final String SAMPLE = """
        {
          "@context": "https://schema.org/",
          "@type": "DataContract",
          "contractId": "cnf-123456",
          "datasetId": "hn-98765",
          "license": {
            "type": "restricted-training",
            "permittedUses": ["model-training", "evaluation"],
            "forbiddenUses": ["model-weight-distribution", "derivative-commercialization-without-royalty"],
            "duration": "P1Y",
            "regionRestrictions": ["EU"]
          },
          "pricing": {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 0.005},
          "payout": {
            "type": "monthly-reconciliation",
            "escrowProvider": "cloudflare-escrow-v1",
            "split": [
              {"recipientId": "creator-42", "share": 0.80},
              {"recipientId": "curator-11", "share": 0.20}
            ]
          },
          "signatures": [
            {"party": "creator-42", "sig": "0xabc...", "timestamp": "2026-01-05T12:34:56Z"}
          ]
        }
        """;

    @TempDir
    static Path dir;

    private static ContractFixture world;

    @BeforeAll
    static void open() {
        world = new ContractFixture(dir);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void whatEveryoneSignedIsInForceForItsTerm() {
        Contract contract = world.accepted("cnf-1");
        assertThat(contract.accepted()).isEqualTo(world.clock.instant());
        assertThat(contract.ends()).isEqualTo(contract.accepted().plus(Duration.ofDays(365)));
        assertThat(contract.buyer()).isEqualTo(ContractFixture.BUYER.id());
        assertThat(contract.datasetVersion()).isEqualTo(world.version.root());
        assertThat(world.contracts.find(contract.id())).contains(contract);
        LogEntry.DocumentEntry entry = (LogEntry.DocumentEntry) world.sequencer.entry(contract.position());
        assertThat(new LogEntry.DocumentEntry(entry.type(), entry.time(), entry.body()))
                .isEqualTo(new LogEntry.DocumentEntry(
                        "contract", contract.accepted(), contract.document().json()));
        assertThat(live(contract.id(), contract.accepted())).isTrue();
        assertThat(live(contract.id(), contract.accepted().minusMillis(1))).isFalse();
        assertThat(live(contract.id(), contract.ends().minusMillis(1))).isTrue();
        assertThat(live(contract.id(), contract.ends())).isFalse();
        assertThat(live(new ContractId("cnf-none"), contract.accepted())).isFalse();
        assertThat(contract.liveAt(contract.ends().minusMillis(1))).isTrue();
        assertThat(contract.liveAt(contract.ends())).isFalse();
    }

    @Test
    void theSameTermsAgainAreARepeatWhoeverElseHasSigned() {
        Contract first = world.accepted("cnf-repeat");
        long size = world.log.size();
        ContractDocument again = ContractDocument.parse(world.signed(world.terms("cnf-repeat")))
                .sign("operator", ContractFixture.signer(ContractFixture.OPERATOR), world.clock.instant());
        assertThat(world.contracts.accept(again.json())).isEqualTo(Outcome.repeated(first));
        assertThat(world.contracts.accept(world.terms("cnf-repeat"))).isEqualTo(Outcome.repeated(first));
        assertThat(world.log.size()).isEqualTo(size);
    }

    @Test
    void otherTermsUnderTheSameIdConflict() {
        world.accepted("cnf-taken");
        Json.Obj cheaper = with(
                world.terms("cnf-taken"),
                "pricing",
                "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.004}");
        assertRefused(world.contracts.accept(world.signed(cheaper)), "contract/conflict");
    }

    @Test
    void theSampleIsWellFormedAndBindsNobody() {
        Json.Obj sample = Json.parseObject(SAMPLE.getBytes(StandardCharsets.UTF_8));
        List<Finding> findings = world.contracts.verify(sample).orThrow();
        assertThat(findings)
                .extracting(Finding::reason)
                .containsExactly(
                        "contract/buyer-missing",
                        "contract/curator-missing",
                        "contract/dataset-version-missing",
                        "contract/signature-malformed");
        Problem problem = assertRefused(world.contracts.accept(sample), "contract/buyer-missing");
        assertThat(problem.extras().get("findings")).contains("0xabc...").contains("contract/signature-malformed");
        assertThat(problem.detail()).contains("buyerId").contains("3 more");
    }

    @Test
    void everyMissingSignatureIsNamedAtOnce() {
        ContractDocument half = ContractDocument.parse(world.terms("cnf-half"))
                .sign("buyer-7", ContractFixture.signer(ContractFixture.BUYER), world.clock.instant());
        Problem problem = assertRefused(world.contracts.accept(half.json()), "contract/signature-missing");
        assertThat(problem.extras()).containsEntry("missing_signatures", "curator-11, creator-42, creator-43");
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        buyerId        | "buyer-9"     | contract/party-unknown
        buyerId        | "curator-11"  | contract/party-role
        curatorId      | "nobody"      | contract/party-unknown
        curatorId      | "creator-42"  | contract/party-role
        datasetId      | "hn-1"        | contract/dataset-mismatch
        datasetVersion | "1111111111111111111111111111111111111111111111111111111111111111" | contract/dataset-version-unknown
        payout         | {"type":"monthly-reconciliation","split":[{"recipientId":"nobody","share":1}]} | contract/recipient-unknown
        payout         | {"type":"monthly-reconciliation","split":[{"recipientId":"creators","share":0.9}]} | contract/split-not-whole
        pricing        | {"model":"micropay","unit":"sample"} | contract/price-missing
        pricing        | {"model":"micropay","unit":"sample","pricePerUnitUsd":-1} | contract/price-negative
        pricing        | {"model":"micropay","unit":"token","pricePerUnitUsd":1} | contract/unit-unknown
        penalty        | 1             | json/unknown-member
        """)
    void whatDoesNotFitIsRefused(String member, String value, String reason) {
        Json.Obj terms = with(world.terms("cnf-misfit"), member, value);
        Map<String, List<String>> before = world.rows("contract");
        long size = world.log.size();
        Json.Obj document = signedIfWellFormed(terms);
        assertRefused(world.contracts.accept(document), reason);
        assertThat(world.rows("contract")).isEqualTo(before);
        assertThat(world.log.size()).isEqualTo(size);
    }

    @Test
    void someoneElsesDatasetCannotBeGrantedByAnotherCurator() {
        world.parties
                .register(new NewParty(
                        new PartyId("curator-12"),
                        Role.CURATOR,
                        "Other",
                        new DidKey(ContractFixture.signer("curator-12").publicKey())))
                .orThrow();
        ContractDocument document =
                ContractDocument.parse(with(world.terms("cnf-stolen"), "curatorId", "\"curator-12\""));
        for (String party : List.of("buyer-7", "curator-12", "creator-42", "creator-43")) {
            document = document.sign(party, ContractFixture.signer(party), world.clock.instant());
        }
        assertRefused(world.contracts.accept(document.json()), "contract/curator-mismatch");
    }

    @Test
    void wrongKeysWrongTermsAndDatesAheadAreRefused() {
        Json.Obj signed = world.signed(world.terms("cnf-wrong"));
        Instant now = world.clock.instant();
        ContractDocument document = ContractDocument.parse(signed);
        assertRefused(
                world.contracts.accept(document.sign("creator-43", ContractFixture.signer("x"), now)
                        .json()),
                "contract/signature-wrong-key");
        assertRefused(world.contracts.accept(with(signed, "platformFeeShare", "0.1")), "contract/signature-wrong");
        assertRefused(
                world.contracts.accept(document.sign("stranger", ContractFixture.signer("x"), now)
                        .json()),
                "contract/party-unknown");
        Signer buyer = ContractFixture.signer(ContractFixture.BUYER);
        assertRefused(
                world.contracts.accept(document.sign("buyer-7", buyer, now.plus(Duration.ofMinutes(6)))
                        .json()),
                "contract/future-dated");
        assertThat(world.contracts
                        .accept(document.sign("buyer-7", buyer, now.plus(Duration.ofMinutes(4)))
                                .json())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void ofManyAtOnceTheFirstWinsAndTheSameTermsAllSucceed() throws Exception {
        Json.Obj one = world.signed(world.terms("cnf-race"));
        Json.Obj other = world.signed(with(world.terms("cnf-race"), "platformFeeShare", "0.1"));
        long size = world.log.size();
        List<Outcome<Contract>> outcomes = atOnce(40, i -> world.contracts.accept(i % 2 == 0 ? one : other));
        Contract winner = world.contracts.find(new ContractId("cnf-race")).orElseThrow();
        assertThat(world.log.size()).isEqualTo(size + 1);
        for (int i = 0; i < outcomes.size(); i++) {
            boolean same = winner.document().json().equals(i % 2 == 0 ? one : other);
            if (same) {
                assertThat(outcomes.get(i).orThrow()).isEqualTo(winner);
            } else {
                assertRefused(outcomes.get(i), "contract/conflict");
            }
        }
        assertThat(outcomes.stream()
                        .filter(o -> o instanceof Outcome.Accepted<Contract> a && !a.repeated())
                        .count())
                .isEqualTo(1);
    }

    @Test
    void revokingEndsItAtOnceForGoodAndOnlyByAParty() {
        Contract contract = world.accepted("cnf-ended");
        ContractId id = contract.id();
        assertRefused(world.contracts.revoke(ContractFixture.OTHER_BUYER, id, "mine"), "contract/not-a-party");
        assertRefused(
                world.contracts.revoke(ContractFixture.BUYER, new ContractId("cnf-none"), "x"), "contract/unknown");
        assertRefused(world.contracts.revoke(ContractFixture.BUYER, id, " "), "contract/reason");
        assertRefused(world.contracts.revoke(ContractFixture.BUYER, id, "a\u0000b"), "contract/reason");
        assertRefused(world.contracts.revoke(ContractFixture.BUYER, id, "x".repeat(501)), "contract/reason");
        world.clock.advance(Duration.ofSeconds(5));
        long before = world.log.size();
        Contract revoked =
                world.contracts.revoke(ContractFixture.CREATOR, id, "withdrawn").orThrow();
        Instant at = world.clock.instant();
        assertThat(revoked.revocation())
                .contains(new Contract.Revocation(before, at, ContractFixture.CREATOR.id(), "withdrawn"));
        assertThat(world.contracts.find(id)).contains(revoked);
        assertThat(live(id, at.minusMillis(1))).isTrue();
        assertThat(live(id, at)).isFalse();
        assertThat(revoked.liveAt(at.minusMillis(1))).isTrue();
        assertThat(revoked.liveAt(at)).isFalse();
        assertThat(world.contracts.revoke(ContractFixture.OPERATOR, id, "again"))
                .isEqualTo(Outcome.repeated(revoked));
        assertThat(world.contracts.accept(contract.document().json())).isEqualTo(Outcome.repeated(revoked));
        assertThat(read(tx -> world.contracts.revokedAfter(tx, before - 1, Instant.EPOCH)))
                .containsExactly(new RevokedContract(id, before));
        assertThat(read(tx -> world.contracts.revokedAfter(tx, before, Instant.EPOCH)))
                .isEmpty();
    }

    @Test
    void aPartySeesTheContractsThatNameIt() {
        world.accepted("list-1");
        world.accepted("list-2");
        world.accepted("list-3");
        List<String> seen = new ArrayList<>();
        Optional<String> next = Optional.of("list-");
        while (next.isPresent()) {
            var page = world.contracts.list(ContractFixture.OTHER_CREATOR.id(), next, 2);
            page.items().forEach(contract -> seen.add(contract.id().value()));
            next = page.next();
        }
        assertThat(seen).containsExactly("list-1", "list-2", "list-3");
        assertThat(world.contracts
                        .list(ContractFixture.OTHER_BUYER.id(), Optional.empty(), 50)
                        .items())
                .isEmpty();
        assertThat(read(tx -> world.contracts.all(tx)))
                .extracting(Contract::position)
                .isSorted();
    }

    /** Whoever holds a copy of what others have signed could add itself, and would be a party with a party's rights. */
    @Test
    void aStrangerWhoAddsItsSignatureToASignedContractBecomesNoParty() {
        Json.Obj signed = world.signed(world.terms("cnf-stranger"));
        Principal stranger = new Principal(new PartyId("stranger-1"), Role.BUYER);
        world.parties
                .register(new NewParty(
                        stranger.id(),
                        Role.BUYER,
                        "Stranger",
                        new DidKey(ContractFixture.signer(stranger).publicKey())))
                .orThrow();
        Json.Obj more = ContractDocument.parse(signed)
                .sign("stranger-1", ContractFixture.signer(stranger), world.clock.instant())
                .json();
        assertRefused(world.contracts.accept(more), "contract/signature-stranger");
        Contract accepted = world.contracts.accept(signed).orThrow();
        assertThat(world.contracts.accept(more).orThrow())
                .as("once it is in force, the same terms are the same contract, with the signatures it has")
                .isEqualTo(accepted);
        assertThat(accepted.document().signatures())
                .extracting(ContractSignature::party)
                .doesNotContain("stranger-1");
        assertThat(world.database.<Boolean>read(tx -> world.contracts.names(tx, accepted.id(), stranger.id())))
                .isFalse();
    }

    /** The platform has no DID document; a name it cannot check stands under no contract it accepts. */
    @Test
    void aNameOfTheWebBesideARegisteredKeyIsRefused() {
        ContractDocument document = ContractDocument.parse(world.signed(world.terms("cnf-web")));
        ContractDocument named = document.signDetached(
                ContractFixture.BUYER.id().value(),
                ContractFixture.signer(ContractFixture.BUYER),
                Optional.of(DidWeb.parse("did:web:somebody.example#key-1")),
                world.clock.instant());
        assertRefused(world.contracts.accept(named.json()), "contract/did-web-unverified");
    }

    private static String shown(String name) {
        return TestKeys.possession(
                ContractFixture.OTHER_CREATOR.id(),
                Role.CREATOR,
                ContractFixture.signer(name),
                new DidKey(ContractFixture.signer("platform").publicKey()),
                world.clock.instant());
    }

    @Test
    void aReplacedKeyNoLongerBinds() {
        Principal other = ContractFixture.OTHER_CREATOR;
        Json.Obj signed = world.signed(world.terms("cnf-rotated"));
        DidKey fresh = new DidKey(ContractFixture.signer("creator-43 again").publicKey());
        byte[] proof = ContractFixture.signer(other)
                .sign(("tallystick/party-key/v1\n" + other.id() + "\n" + fresh).getBytes(StandardCharsets.UTF_8));
        try {
            world.parties
                    .rotateKey(other.id(), fresh, proof, shown("creator-43 again"))
                    .orThrow();
            assertRefused(world.contracts.accept(signed), "contract/signature-wrong-key");
            assertThat(world.contracts
                            .accept(ContractDocument.parse(signed)
                                    .sign(
                                            "creator-43",
                                            ContractFixture.signer("creator-43 again"),
                                            world.clock.instant())
                                    .json())
                            .isAccepted())
                    .isTrue();
        } finally {
            DidKey old = new DidKey(ContractFixture.signer(other).publicKey());
            byte[] back = ContractFixture.signer("creator-43 again")
                    .sign(("tallystick/party-key/v1\n" + other.id() + "\n" + old).getBytes(StandardCharsets.UTF_8));
            world.parties
                    .rotateKey(other.id(), old, back, shown(other.id().value()))
                    .orThrow();
        }
    }

    @Test
    void noChangeOfASignedContractIsAccepted() {
        Json.Obj signed = world.signed(world.terms("cnf-fuzzed"));
        byte[] text = signed.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> before = world.rows("contract");
        Seeds.check(150, random -> {
            byte[] changed = text.clone();
            for (int i = random.nextInt(2); i >= 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) (32 + random.nextInt(95));
            }
            try {
                Json.Obj document = Json.parseObject(changed);
                boolean sameTerms = document.without("signatures").equals(signed.without("signatures"));
                if (!document.equals(signed) && !sameTerms) {
                    assertThat(world.contracts.accept(document).isAccepted()).isFalse();
                }
            } catch (MalformedException e) {
                assertThat(e.reason()).startsWith("json/");
            }
        });
        assertThat(world.rows("contract")).isEqualTo(before);
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        world.accepted("cnf-rebuilt");
        Map<String, List<String>> before = world.rows("contract");
        world.sequencer.rebuild();
        assertThat(world.rows("contract")).isEqualTo(before);
    }

    private static Json.Obj signedIfWellFormed(Json.Obj terms) {
        try {
            return world.signed(terms);
        } catch (MalformedException e) {
            return terms;
        }
    }

    private static <T> List<T> read(Function<Handle, List<T>> query) {
        return world.database.read(query);
    }

    private static boolean live(ContractId id, Instant time) {
        return world.database.read(tx -> world.contracts.live(tx, id, time));
    }

    private static Json.Obj with(Json.Obj terms, String member, String value) {
        return terms.with(member, Json.parse(value));
    }

    private static Problem assertRefused(Outcome<?> outcome, String type) {
        assertThat(outcome.refusal()).as(outcome.toString()).isPresent();
        Problem problem = outcome.refusal().orElseThrow();
        assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
        return problem;
    }

    private interface Asked<T> {
        T ask(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int count, Asked<T> asked) throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                calls.add(() -> asked.ask(number));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls)) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
