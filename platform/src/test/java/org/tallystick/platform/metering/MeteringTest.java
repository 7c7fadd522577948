package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UncountedReason;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;

/** The room on a real server, fed by real intake. */
class MeteringTest {
    @TempDir
    Path dir;

    private Market market;
    private ContractId contract;

    @BeforeEach
    void open() {
        market = new Market(dir, 6);
        contract = market.contract("cnf-1");
    }

    @AfterEach
    void close() {
        market.close();
    }

    private Map<UsageKey, Set<Integer>> sets() {
        Map<UsageKey, Set<Integer>> found = new TreeMap<>();
        market.read(tx -> market.metering().used(tx, contract, List.of(Instant.parse("2027-01-01T00:00:00Z"))))
                .forEach(used -> used.byPeriod()
                        .forEach(works ->
                                works.forEach((int ordinal) -> found.computeIfAbsent(used.key(), key -> new TreeSet<>())
                                        .add(ordinal))));
        return found;
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        market.read(tx -> market.metering().counts(tx, contract))
                .forEach(count -> counts.put(count.key() + " " + count.creator(), count.uses()));
        return counts;
    }

    @Test
    void usesAreCountedOncePerJobAndScope() {
        Grant one = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        JobId second = market.job(contract, "job-2");
        Grant two = market.token(second, Scope.TRAINING);
        Grant embedding = market.token(second, Scope.EMBEDDING);
        Grant preview = market.token(second, Scope.PREVIEW);
        Market.TestEdge edge = market.edge("e");
        for (Member member : market.members) {
            edge.deliver(one, member);
            edge.deliver(one, member);
            edge.leave(LeafKind.HEAD, two, member.content(), ContractFixture.START, 0);
            edge.deliver(preview, member);
        }
        edge.deliver(two, market.members.getFirst());
        edge.leave(LeafKind.NOT_MODIFIED, two, market.members.get(7).content(), ContractFixture.START, 0);
        edge.leave(LeafKind.PARTIAL, embedding, market.members.getFirst().content(), ContractFixture.START, 0);
        edge.ship();
        market.metering().catchUp();
        assertThat(counts())
                .isEqualTo(Map.of(
                        "cnf-1/job-1/training creator-42", 6L,
                        "cnf-1/job-1/training creator-43", 6L,
                        "cnf-1/job-2/training creator-42", 1L,
                        "cnf-1/job-2/training creator-43", 1L,
                        "cnf-1/job-2/embedding creator-42", 1L));
        assertThat(market.metering().check()).isEmpty();
    }

    @Test
    void anythingEdgesDoComesToWhatThePlainListSays() {
        Grant[] grants = {
            market.token(market.job(contract, "job-1"), Scope.TRAINING),
            market.token(market.job(contract, "job-2"), Scope.TRAINING),
            market.token(new JobId("job-2"), Scope.EMBEDDING)
        };
        List<Market.TestEdge> edges = List.of(market.edge("e1"), market.edge("e2"), market.edge("e3"));
        market.world.clock.advance(Duration.ofHours(23));
        Seeds.check(4, random -> {
            for (int round = 0; round < 8; round++) {
                Market.TestEdge edge = edges.get(random.nextInt(edges.size()));
                List<Leaf> delivered = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    Grant grant = grants[random.nextInt(grants.length)];
                    if (random.nextInt(5) == 0 && !delivered.isEmpty()) {
                        edge.takeBack(delivered.get(random.nextInt(delivered.size())), grant);
                    } else {
                        Instant time = ContractFixture.START.plusSeconds(random.nextLong(80_000));
                        delivered.add(
                                edge.deliver(grant, market.members.get(random.nextInt(market.members.size())), time));
                    }
                }
                edge.seal(1 + random.nextInt(20)).ship();
                if (random.nextBoolean()) {
                    market.metering().foldTo(market.world.log.size() - random.nextInt(3));
                }
                if (random.nextInt(3) == 0) {
                    market.metering().cut(ContractFixture.START.plusSeconds(random.nextLong(80_000)));
                }
                if (random.nextInt(3) == 0) {
                    market.restart();
                }
            }
            market.metering().catchUp();
            assertThat(sets()).isEqualTo(market.plain().sets());
            assertThat(market.metering().check()).isEmpty();
        });
        Map<String, List<String>> folded = market.world.rows("metering");
        market.metering().rebuild();
        assertThat(sets()).isEqualTo(market.plain().sets());
        assertThat(market.world.rows("metering").get("anomaly")).isEqualTo(folded.get("anomaly"));
    }

    @Test
    void packingBundlesChangesNothingButTheirSize() throws IOException {
        JobId job = market.job(contract, "job-1");
        Grant grant = market.token(job, Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        Leaf broken = edge.deliver(grant, market.members.getFirst());
        for (int i = 0; i < 200; i++) {
            edge.deliver(grant, market.members.get(i % market.members.size()));
        }
        edge.leave(LeafKind.FULL, grant, ContentId.of(new byte[3]), ContractFixture.START, 0);
        edge.seal(50).ship();
        market.metering().catchUp();
        Map<String, List<String>> before = market.world.rows("metering");
        long bytes = bytes();
        market.metering().pack();
        assertThat(bytes() - (long) market.members.size() * 32).isLessThan(bytes);
        edge.takeBack(broken, grant);
        edge.ship();
        market.metering().catchUp();
        assertThat(market.metering().locate(broken.edge(), broken.epoch(), broken.sequence()))
                .hasValueSatisfying(located -> assertThat(located.isVoid()).isTrue());
        assertThat(sets()).isEqualTo(market.plain().sets());
        assertThat(market.metering().check()).isEmpty();
        assertThat(market.world.blobs.verify()).isEmpty();
        Trace trace = market.metering()
                .trace(contract, job, Scope.TRAINING, market.members.get(3).content())
                .orElseThrow();
        assertThat(trace.receipt().leaf().sequence()).isEqualTo(5);
        market.metering().rebuild();
        assertThat(sets()).isEqualTo(market.plain().sets());
        assertThat(before.get("anomaly"))
                .isEqualTo(market.world.rows("metering").get("anomaly"));
        market.restart();
        market.metering().pack();
        market.metering().pack();
        assertThat(market.metering().check()).isEmpty();
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("blobs"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void totalsAreTheCountsAddedUp() {
        JobId job = market.job(contract, "job-1");
        Grant training = market.token(job, Scope.TRAINING);
        Grant embedding = market.token(job, Scope.EMBEDDING);
        Grant again = market.token(market.job(contract, "job-2"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        for (Grant grant : List.of(training, embedding, again, training)) {
            market.members.subList(0, 8).forEach(member -> edge.deliver(grant, member));
        }
        edge.ship();
        market.metering().catchUp();
        Map<PartyId, Long> sums = new TreeMap<>();
        market.read(tx -> market.metering().counts(tx, contract))
                .forEach(count -> sums.merge(count.creator(), count.uses(), Long::sum));
        assertThat(sums).hasSize(2).containsValue(18L).containsValue(6L);
        assertThat(totals(contract)).isEqualTo(sums);
        assertThat(totals(new ContractId("cnf-0"))).isEmpty();
    }

    @Test
    void aModelHasUsedWhatItsJobsUsedContractByContract() {
        ContractId other = market.contract("cnf-2");
        Grant first = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Grant same = market.token(market.jobFor("model of job-1", contract, "job-2"), Scope.TRAINING);
        Grant elsewhere = market.token(market.jobFor("model of job-1", other, "job-3"), Scope.TRAINING);
        market.jobFor("model of job-1", market.contract("cnf-3"), "job-4");
        Grant another = market.token(market.job(contract, "job-5"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        market.members.subList(0, 4).forEach(member -> edge.deliver(first, member));
        market.members.subList(0, 3).forEach(member -> edge.deliver(same, member));
        market.members.subList(0, 2).forEach(member -> edge.deliver(elsewhere, member));
        market.members.subList(0, 2).forEach(member -> edge.deliver(elsewhere, member));
        market.members.subList(0, 5).forEach(member -> edge.deliver(another, member));
        edge.ship();
        market.metering().catchUp();
        assertThat(ofModel(ContractFixture.BUYER.id(), "model of job-1"))
                .as("a work counts once in each job; a contract under which nothing was used is left out")
                .containsExactly(new ModelUse(contract, 7), new ModelUse(other, 2));
        assertThat(ofModel(ContractFixture.BUYER.id(), "model of job-5")).containsExactly(new ModelUse(contract, 5));
        assertThat(ofModel(ContractFixture.BUYER.id(), "no model")).isEmpty();
        assertThat(ofModel(new PartyId("another-buyer"), "model of job-1")).isEmpty();
    }

    private List<ModelUse> ofModel(PartyId buyer, String model) {
        return market.read(tx -> market.metering().ofModel(tx, buyer, model));
    }

    private Map<PartyId, Long> totals(ContractId of) {
        return market.read(tx -> market.metering().totals(tx, List.of(of)));
    }

    @Test
    void whatFailsWhileSavingLeavesTheOldStateAndIsDoneAgain() {
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        edge.deliver(grant, market.members.getFirst());
        edge.ship();
        market.metering().catchUp();
        long position = market.metering().position();
        Map<String, List<String>> before = market.world.rows("metering");
        edge.deliver(grant, market.members.get(1));
        edge.ship();
        market.world.database.write(tx -> tx.execute(
                "alter table metering.usage_set add constraint full_disk" + " check (length(counts) < 10)  not valid"));
        assertThatThrownBy(() -> market.metering().catchUp()).hasMessageContaining("full_disk");
        assertThat(market.metering().position()).isEqualTo(position);
        assertThat(market.world.rows("metering")).isEqualTo(before);
        market.world.database.write(tx -> tx.execute("alter table metering.usage_set drop constraint full_disk"));
        assertThat(market.metering().catchUp()).isEqualTo(market.world.log.size());
        assertThat(sets()).isEqualTo(market.plain().sets());
        assertThat(counts()).isEqualTo(Map.of("cnf-1/job-1/training creator-42", 2L));
    }

    @Test
    void aFlippedBitOfASavedSetIsFoundBeforeItCounts() {
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        market.members.forEach(member -> edge.deliver(grant, member));
        edge.ship();
        market.metering().catchUp();
        for (String column : List.of("counts", "positions")) {
            market.world.database.write(tx -> tx.execute("update metering.usage_set set " + column
                    + " = set_byte(" + column + ", length(" + column + ") - 2, 99 # get_byte(" + column + ", length("
                    + column + ") - 2))"));
            assertThatThrownBy(this::counts).hasMessageContaining("changed in the database");
            market.world.database.write(tx -> tx.execute("update metering.usage_set set " + column
                    + " = set_byte(" + column + ", length(" + column + ") - 2, 99 # get_byte(" + column + ", length("
                    + column + ") - 2))"));
        }
        market.world.database.write(tx -> tx.execute("update metering.usage_set set works = works - 1"));
        assertThatThrownBy(this::counts).hasMessageContaining("changed in the database");
    }

    @Test
    void aUseOpensToItsEarliestStandingReceiptWhichVerifiesOffline() {
        JobId job = market.job(contract, "job-1");
        Grant grant = market.token(job, Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        Member work = market.members.get(2);
        Leaf broken = edge.deliver(grant, work, ContractFixture.START.plusSeconds(10));
        edge.deliver(grant, work, ContractFixture.START.plusSeconds(30));
        Leaf earliest = edge.deliver(grant, work, ContractFixture.START.plusSeconds(20));
        edge.takeBack(broken, grant);
        edge.deliver(grant, market.members.get(3), ContractFixture.START.plusSeconds(5));
        edge.seal(2).ship();
        market.metering().catchUp();
        Trace trace = market.metering()
                .trace(contract, job, Scope.TRAINING, work.content())
                .orElseThrow();
        assertThat(trace.receipt().leaf()).isEqualTo(earliest);
        assertThat(trace.ordinal()).isEqualTo(work.ordinal());
        EdgeCertificate certificate = market.delivery
                .edges()
                .certificate(earliest.edge(), earliest.epoch())
                .orElseThrow()
                .certificate();
        trace.receipt().verify(certificate, ContractFixture.VERIFIER);
        assertThat(market.metering().trace(contract, job, Scope.EMBEDDING, work.content()))
                .isEmpty();
        assertThat(market.metering()
                        .trace(
                                contract,
                                job,
                                Scope.TRAINING,
                                market.members.get(9).content()))
                .isEmpty();
        Located located = market.metering()
                .locate(broken.edge(), broken.epoch(), broken.sequence())
                .orElseThrow();
        assertThat(located.isVoid()).isTrue();
        assertThat(located.counts()).isFalse();
        assertThat(located.key()).contains(trace.key());
        assertThat(market.metering().locate(earliest.edge(), earliest.epoch(), 99))
                .isEmpty();
    }

    @Test
    void whatIsNoUseIsCountedWithItsReason() {
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Grant forged = new Grant(
                ContractFixture.ORIGIN,
                "buyer-7",
                "cnf-1",
                "job-1",
                Scope.TRAINING,
                market.version.root(),
                ContractFixture.START,
                ContractFixture.START.plusSeconds(60),
                Optional.of(5L));
        Market.TestEdge edge = market.edge("e");
        market.world.clock.advance(Duration.ofHours(25));
        Instant expired = market.world.clock.instant();
        edge.deliver(forged, market.members.getFirst(), ContractFixture.START);
        edge.deliver(grant, market.members.getFirst(), expired);
        edge.leave(LeafKind.FULL, grant, ContentId.of(new byte[3]), ContractFixture.START, 0);
        edge.leave(LeafKind.FULL, grant, ContentId.of(new byte[4]), ContractFixture.START, 0);
        edge.leave(
                LeafKind.FULL, grant, Scope.EMBEDDING, market.members.getFirst().content(), ContractFixture.START, 0);
        edge.deliver(grant, market.members.getFirst(), ContractFixture.START);
        edge.ship();
        market.metering().catchUp();
        Map<UncountedReason, Long> totals = market.read(tx -> market.metering().anomalyTotals(tx));
        assertThat(totals)
                .isEqualTo(Map.of(
                        UncountedReason.UNKNOWN_TOKEN, 1L,
                        UncountedReason.OUTSIDE_VALIDITY, 1L,
                        UncountedReason.NOT_IN_DATASET, 2L,
                        UncountedReason.WRONG_SCOPE, 1L));
        List<Anomaly> listed = market.read(tx -> market.metering().anomalies(tx, 0, 10));
        assertThat(listed)
                .hasSize(4)
                .allMatch(anomaly -> anomaly.position() == listed.getFirst().position());
        assertThat(counts()).isEqualTo(Map.of("cnf-1/job-1/training creator-42", 1L));
        assertThat(market.metering().check()).isEmpty();
        Located located = market.metering().locate(1, 1, 2).orElseThrow();
        assertThat(located.reason()).contains(UncountedReason.OUTSIDE_VALIDITY);
        assertThat(located.counts()).isFalse();
    }

    @Test
    void metricsAreByDayAndOpenToWorks() {
        JobId job = market.job(contract, "job-1");
        Grant grant = market.token(job, Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        market.world.clock.advance(Duration.ofHours(23));
        Instant tomorrow = Instant.parse("2026-01-11T00:00:00Z");
        for (int i = 0; i < 8; i++) {
            edge.deliver(grant, market.members.get(i), i < 3 ? ContractFixture.START : tomorrow.plusSeconds(i));
            edge.deliver(grant, market.members.get(i), tomorrow.plusSeconds(600));
        }
        edge.ship();
        Metrics metrics = market.metering().metrics(MetricsQuery.of(contract));
        assertThat(metrics.rows().stream().map(row -> row.day() + " " + row.creator() + " " + row.uses()))
                .containsExactly("2026-01-10 creator-42 3", "2026-01-11 creator-42 3", "2026-01-11 creator-43 2");
        assertThat(metrics.uses()).isEqualTo(8);
        assertThat(metrics.position()).isEqualTo(market.world.log.size());
        assertThat(market.read(tx -> market.metering().counts(tx, contract)).stream()
                        .mapToLong(UsageCount::uses)
                        .sum())
                .isEqualTo(metrics.uses());
        List<String> pages = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Metrics page = market.metering().metrics(query(Optional.empty(), Optional.empty(), 3, after));
            page.works().forEach(work -> pages.add(work.content().toString()));
            after = page.next();
        } while (after.isPresent());
        assertThat(pages)
                .containsExactlyElementsOf(market.members.stream()
                        .limit(8)
                        .map(member -> member.content().toString())
                        .toList());
        Metrics own = market.metering()
                .metrics(query(
                        Optional.of(ContractFixture.OTHER_CREATOR.id()), Optional.empty(), 100, Optional.empty()));
        assertThat(own.uses()).isEqualTo(2);
        assertThat(own.works()).allMatch(work -> work.creator().equals(ContractFixture.OTHER_CREATOR.id()));
        assertThat(own.works().getFirst().ref())
                .isEqualTo("u:cnf-1:job-1:training:"
                        + market.members.get(6).content().hash().hex());
        Metrics first = market.metering()
                .metrics(query(Optional.empty(), Optional.of(LocalDate.parse("2026-01-10")), 100, Optional.empty()));
        assertThat(first.uses()).isEqualTo(3);
        assertThat(first.works()).hasSize(3);
        assertThatThrownBy(
                        () -> market.metering().metrics(query(Optional.empty(), Optional.empty(), 3, Optional.of("x"))))
                .hasMessageContaining("usage/malformed-cursor");
    }

    private MetricsQuery query(Optional<PartyId> creator, Optional<LocalDate> to, int works, Optional<String> after) {
        return new MetricsQuery(
                contract, Optional.empty(), to, creator, Optional.empty(), Optional.empty(), works, after);
    }

    @Test
    void eachSidesSurplusIsListed() {
        JobId job = market.job(contract, "job-1");
        Grant grant = market.token(job, Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        for (int i = 0; i < 4; i++) {
            edge.deliver(grant, market.members.get(i));
        }
        edge.ship();
        CrossCheck open = market.metering().crossCheck(job).orElseThrow();
        assertThat(open.delivered()).isEqualTo(4);
        assertThat(open.agrees()).isFalse();
        assertThat(open.withoutTraining()).isEmpty();
        market.delivery
                .jobs()
                .closeJob(
                        ContractFixture.BUYER,
                        job,
                        List.of(
                                market.members.get(1).content(),
                                market.members.get(2).content(),
                                market.members.get(3).content(),
                                market.members.get(9).content()))
                .orThrow();
        CrossCheck check = market.metering().crossCheck(job).orElseThrow();
        assertThat(check.trained()).isEqualTo(4);
        assertThat(check.withoutReceipt()).containsExactly(market.members.get(9).content());
        assertThat(check.withoutTraining())
                .containsExactly(market.members.getFirst().content());
        assertThat(market.metering().crossCheck(new JobId("job-none"))).isEmpty();
        for (CreatorRange range : market.read(tx -> market.world.catalog.ranges(tx, market.version.root()))) {
            List<ContentId> own = market.members.subList(range.from(), range.to()).stream()
                    .map(Member::content)
                    .toList();
            CrossCheck theirs = market.metering()
                    .crossCheck(job, Optional.of(range.creator()))
                    .orElseThrow();
            assertThat(theirs.withoutReceipt())
                    .isEqualTo(check.withoutReceipt().stream()
                            .filter(own::contains)
                            .toList());
            assertThat(theirs.withoutTraining())
                    .isEqualTo(check.withoutTraining().stream()
                            .filter(own::contains)
                            .toList());
            assertThat(theirs.delivered() + theirs.trained()).isLessThan(check.delivered() + check.trained());
        }
    }

    @Test
    void followingFoldsByItself() throws InterruptedException {
        Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
        Market.TestEdge edge = market.edge("e");
        market.metering().follow();
        edge.deliver(grant, market.members.getFirst());
        edge.ship();
        Instant end = Instant.now().plus(Duration.ofSeconds(10));
        while (market.metering().position() < market.world.log.size()
                && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertThat(counts()).isEqualTo(Map.of("cnf-1/job-1/training creator-42", 1L));
        assertThat(market.metering().stoppedBy()).isEmpty();
    }
}
