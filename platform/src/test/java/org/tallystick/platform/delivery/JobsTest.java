package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Region;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;

class JobsTest {
    private static final Optional<Long> NO_QUOTA = Optional.empty();
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    static Path dir;

    private static DeliveriesWorld world;
    private static Contract contract;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
        contract = world.world.accepted("cnf-1");
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void aTokenCarriesItsJobsContractAndVerifiesOffline() {
        Job job = open("job-token");
        assertThat(job.dataset()).isEqualTo(contract.datasetVersion());
        assertThat(world.jobs.find(job.id())).contains(job);
        IssuedToken issued = token(job, HOUR).orThrow();
        DidKey platform = new DidKey(ContractFixture.signer("platform").publicKey());
        Grant grant = Grant.verify(issued.token(), platform, ContractFixture.VERIFIER);
        assertThat(grant).isEqualTo(issued.grant());
        assertThat(grant.issuer()).isEqualTo(ContractFixture.ORIGIN);
        assertThat(grant.consumer()).isEqualTo("buyer-7");
        assertThat(grant.contract()).isEqualTo("cnf-1");
        assertThat(grant.job()).isEqualTo("job-token");
        assertThat(grant.scope()).isEqualTo(Scope.TRAINING);
        assertThat(grant.dataset()).isEqualTo(contract.datasetVersion());
        Instant now = world.world.clock.instant();
        assertThat(grant.validAt(now)).isTrue();
        assertThat(grant.validAt(now.plus(HOUR).plusSeconds(1))).isFalse();
        GrantRecord record = world.world
                .database
                .read(tx -> world.jobs.grant(tx, grant.tokenId()))
                .orElseThrow();
        assertThat(record.grant()).isEqualTo(grant);
        assertThat(record.revoked()).isEmpty();
        assertThat(world.world.sequencer.entry(record.position()))
                .isInstanceOfSatisfying(
                        LogEntry.DocumentEntry.class,
                        entry -> assertThat(entry.body()).isEqualTo(grant.claims()));
        assertThat(issued.toString()).doesNotContain(issued.token());
        assertThat(world.list(tx -> world.jobs.grants(tx, contract.id()))).contains(record);
        assertThat(world.list(tx -> world.jobs.jobs(tx, contract.id()))).contains(job);
    }

    @Test
    void openingTheSameJobAgainIsARepeatAndAnotherConflicts() {
        Job job = open("job-again");
        assertThat(world.jobs.openJob(ContractFixture.BUYER, contract.id(), Optional.of(job.id()), "model"))
                .isEqualTo(Outcome.repeated(job));
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(ContractFixture.BUYER, contract.id(), Optional.of(job.id()), "other model"),
                "job/conflict");
        ContractId other = world.world.accepted("cnf-other").id();
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(ContractFixture.BUYER, other, Optional.of(job.id()), "model"), "job/conflict");
    }

    @Test
    void aJobNeedsNoNameAndGetsItsOwn() {
        JobId one = world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.empty(), "model")
                .orThrow()
                .id();
        JobId other = world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.empty(), "model")
                .orThrow()
                .id();
        assertThat(one).isNotEqualTo(other);
        assertThat(one.value()).matches("job-[0-9a-f]{20}");
    }

    @Test
    void ofManyOpeningOneJobAtOnceOneDoesAndAllSucceed() throws Exception {
        long size = world.world.log.size();
        List<Outcome<Job>> outcomes = DeliveriesWorld.atOnce(
                30,
                i -> world.jobs.openJob(
                        ContractFixture.BUYER, contract.id(), Optional.of(new JobId("job-race")), "model"));
        assertThat(world.world.log.size()).isEqualTo(size + 1);
        assertThat(outcomes.stream().map(Outcome::orThrow).distinct()).hasSize(1);
        assertThat(outcomes.stream().filter(o -> !DeliveriesWorld.isRepeat(o))).hasSize(1);
    }

    @Test
    void onlyTheBuyerOfALiveContractOpensJobs() {
        ContractId id = contract.id();
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(ContractFixture.OTHER_BUYER, id, Optional.empty(), "model"), "contract/unknown");
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(ContractFixture.BUYER, new ContractId("cnf-none"), Optional.empty(), "model"),
                "contract/unknown");
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(ContractFixture.CURATOR, id, Optional.empty(), "model"), "job/not-the-buyer");
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(
                        new Principal(ContractFixture.BUYER.id(), Role.AUDITOR), id, Optional.empty(), "model"),
                "job/not-the-buyer");
        for (String model : List.of("", " ", "x".repeat(257), "a\u0000b", "a\nb")) {
            DeliveriesWorld.assertRefused(
                    world.jobs.openJob(ContractFixture.BUYER, id, Optional.empty(), model), "job/model");
        }
    }

    @Test
    void aTokenCarriesTheContractsRegions() {
        Job job = world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.empty(), "model")
                .orThrow();
        IssuedToken token = world.jobs
                .issueToken(ContractFixture.BUYER, job.id(), Scope.TRAINING, HOUR, NO_QUOTA)
                .orThrow();
        assertThat(contract.document().license().regions()).containsExactly("EU");
        assertThat(token.grant().regions()).containsExactly(new Region("EU"));
        assertThat(token.grant().allows(Optional.of(new Region("DE")))).isTrue();
        assertThat(token.grant().allows(Optional.of(new Region("US")))).isFalse();
    }

    @ParameterizedTest(name = "{0} for {1}, quota {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        training  | PT24H       | 0                   | token/quota
        training  | PT24H       | -1                  | token/quota
        training  | PT24H       | 4611686018427387904 | token/quota
        training  | PT24H0.001S |                     | token/ttl
        training  | PT0S        |                     | token/ttl
        training  | PT0.9S      |                     | token/ttl
        training  | -PT1H       |                     | token/ttl
        training  | PT24H       | 5                   | ok
        training  | PT1S        |                     | ok
        embedding | PT1H        |                     | token/scope
        inference | PT1H        |                     | token/scope
        preview   | PT1H        |                     | token/scope
        """)
    void eachTokenIsBounded(String scope, Duration ttl, Long quota, String expected) {
        Job job = open("job-bounds");
        DeliveriesWorld.State before = world.state();
        Outcome<IssuedToken> outcome = world.jobs.issueToken(
                ContractFixture.BUYER, job.id(), Scope.ofWord(scope), ttl, Optional.ofNullable(quota));
        if (expected.equals("ok")) {
            assertThat(outcome.orThrow().grant().quota()).isEqualTo(Optional.ofNullable(quota));
        } else {
            DeliveriesWorld.assertRefused(outcome, expected);
            assertThat(world.state()).isEqualTo(before);
        }
    }

    @Test
    void theSameTokenAskedForTwiceInASecondIsOneToken() {
        Job job = open("job-same-second");
        IssuedToken first = token(job, HOUR).orThrow();
        assertThat(token(job, HOUR)).isEqualTo(Outcome.repeated(first));
        world.world.clock.advance(Duration.ofSeconds(1));
        assertThat(token(job, HOUR).orThrow().grant().tokenId())
                .isNotEqualTo(first.grant().tokenId());
    }

    @Test
    void noTokenOutlivesItsContract() {
        Json.Obj terms = world.world.terms("cnf-short");
        Json.Obj license = ((Json.Obj) terms.get("license").orElseThrow()).with("duration", Json.of("P1D"));
        Contract brief = world.world
                .contracts
                .accept(world.world.signed(terms.with("license", license)))
                .orThrow();
        Job job = world.jobs
                .openJob(ContractFixture.BUYER, brief.id(), Optional.of(new JobId("job-short")), "model")
                .orThrow();
        world.world.clock.advance(Duration.ofHours(23));
        assertThat(token(job, Duration.ofHours(24)).orThrow().grant().expires()).isEqualTo(brief.ends());
        world.world.clock.advance(Duration.ofHours(1));
        DeliveriesWorld.assertRefused(token(job, HOUR), "contract/not-live");
        DeliveriesWorld.assertRefused(
                world.jobs.openJob(ContractFixture.BUYER, brief.id(), Optional.empty(), "model"), "contract/not-live");
        assertThat(world.jobs.openJob(ContractFixture.BUYER, brief.id(), Optional.of(job.id()), "model"))
                .isEqualTo(Outcome.repeated(job));
    }

    @Test
    void aRevokedContractGivesNoMoreTokens() {
        Contract gone = world.world.accepted("cnf-gone");
        Job job = world.jobs
                .openJob(ContractFixture.BUYER, gone.id(), Optional.of(new JobId("job-gone")), "model")
                .orThrow();
        long before = world.world.log.size();
        world.world
                .contracts
                .revoke(ContractFixture.OTHER_CREATOR, gone.id(), "withdrawn")
                .orThrow();
        DeliveriesWorld.assertRefused(token(job, HOUR), "contract/not-live");
        Revocations feed = world.edges.revocations(before - 1);
        assertThat(feed.contracts()).containsExactly(gone.id());
        assertThat(feed.position()).isEqualTo(before);
    }

    @Test
    void anothersJobIsUnknown() {
        Job job = open("job-mine");
        Principal other = ContractFixture.OTHER_BUYER;
        DeliveriesWorld.assertRefused(
                world.jobs.issueToken(other, job.id(), Scope.TRAINING, HOUR, NO_QUOTA), "job/unknown");
        DeliveriesWorld.assertRefused(world.jobs.closeJob(other, job.id(), List.of()), "job/unknown");
        DeliveriesWorld.assertRefused(
                world.jobs.issueToken(ContractFixture.BUYER, new JobId("job-none"), Scope.TRAINING, HOUR, NO_QUOTA),
                "job/unknown");
        TokenId token = token(job, HOUR).orThrow().grant().tokenId();
        DeliveriesWorld.assertRefused(world.jobs.revokeToken(other, token, "mine"), "token/unknown");
    }

    @Test
    void aRevokedTokenIsInTheFeedUntilItWouldHaveExpired() {
        Job job = open("job-revoked");
        Grant grant = token(job, HOUR).orThrow().grant();
        Grant kept = token(job, Duration.ofHours(2)).orThrow().grant();
        for (String reason : List.of("", "x".repeat(257), "a\u0000b")) {
            DeliveriesWorld.assertRefused(
                    world.jobs.revokeToken(ContractFixture.BUYER, grant.tokenId(), reason), "token/reason");
        }
        long before = world.world.log.size();
        GrantRecord revoked = world.jobs
                .revokeToken(ContractFixture.BUYER, grant.tokenId(), "leaked")
                .orThrow();
        assertThat(revoked.revoked()).contains(world.world.clock.instant());
        assertThat(world.jobs.revokeToken(ContractFixture.OPERATOR, grant.tokenId(), "again"))
                .isEqualTo(Outcome.repeated(revoked));
        Revocations feed = world.edges.revocations(before - 1);
        assertThat(feed).isEqualTo(new Revocations(before, List.of(grant.tokenId()), List.of(), List.of()));
        assertThat(world.edges.revocations(feed.position()))
                .isEqualTo(new Revocations(feed.position(), List.of(), List.of(), List.of()));
        world.world.clock.advance(HOUR.plusMinutes(6));
        assertThat(world.edges.revocations(before - 1).tokens()).doesNotContain(grant.tokenId(), kept.tokenId());
    }

    private static Optional<List<ContentId>> manifest(Job job) {
        return world.jobs.find(job.id()).flatMap(world.jobs::trainingManifest);
    }

    @Test
    void closingKeepsTheManifestAndEndsTheTokens() {
        Job job = open("job-closed");
        Grant grant = token(job, HOUR).orThrow().grant();
        List<ContentId> works = world.world.works;
        List<ContentId> shuffled = List.of(works.get(3), works.get(0), works.get(3), works.get(1));
        assertThat(manifest(job)).isEmpty();
        long before = world.world.log.size();
        Job closed =
                world.jobs.closeJob(ContractFixture.BUYER, job.id(), shuffled).orThrow();
        assertThat(closed.closed().orElseThrow().works()).isEqualTo(3);
        assertThat(world.jobs.find(job.id())).contains(closed);
        assertThat(world.edges.revocations(before - 1).closed())
                .as("edges are told that the job is closed, not that the token was revoked")
                .containsExactly(grant.tokenId());
        assertThat(manifest(job).orElseThrow())
                .containsExactlyElementsOf(List.of(works.get(0), works.get(1), works.get(3)).stream()
                        .sorted()
                        .toList());
        assertThat(world.edges.revocations(before - 1).tokens()).containsExactly(grant.tokenId());
        DeliveriesWorld.assertRefused(token(job, HOUR), "job/closed");
        assertThat(world.jobs.closeJob(ContractFixture.BUYER, job.id(), shuffled.reversed()))
                .isEqualTo(Outcome.repeated(closed));
        DeliveriesWorld.assertRefused(world.jobs.closeJob(ContractFixture.BUYER, job.id(), works), "job/closed");
        assertThat(world.world.log.size()).isEqualTo(before + 1);
    }

    @Test
    void aLongManifestGoesToABlobAndReadsBack() {
        Job job = open("job-long");
        List<ContentId> works = IntStream.range(0, 5_000)
                .mapToObj(i -> ContentId.of(new byte[] {(byte) i, (byte) (i >> 8)}))
                .sorted()
                .toList();
        Job closed = world.jobs.closeJob(ContractFixture.BUYER, job.id(), works).orThrow();
        byte[] entry = world.world.log.entry(closed.closed().orElseThrow().position());
        assertThat(LogEntry.blobOf(entry)).isPresent();
        assertThat(manifest(job)).contains(works);
    }

    @Test
    void anEmptyManifestIsAManifest() {
        Job job = open("job-empty");
        world.jobs.closeJob(ContractFixture.BUYER, job.id(), List.of()).orThrow();
        assertThat(manifest(job)).contains(List.of());
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        token(open("job-rebuilt"), HOUR).orThrow();
        Map<String, List<String>> before = world.world.rows("delivery");
        world.world.sequencer.rebuild();
        assertThat(world.world.rows("delivery")).isEqualTo(before);
    }

    private static Job open(String id) {
        return world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.of(new JobId(id)), "model")
                .orThrow();
    }

    private static Outcome<IssuedToken> token(Job job, Duration ttl) {
        return world.jobs.issueToken(ContractFixture.BUYER, job.id(), Scope.TRAINING, ttl, NO_QUOTA);
    }
}
