package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Scope;

/** What happens at once still happens in an order: the log shows no right used after it ended. */
class RaceTest {
    private static final int ASKERS = 40;

    @TempDir
    static Path dir;

    private static DeliveriesWorld world;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void noTokenIsIssuedAfterTheRevocationOfItsContract() throws Exception {
        Contract contract = world.world.accepted("cnf-revoked");
        Job job = job(contract, "job-revoked");
        long start = world.world.log.size();
        List<Outcome<IssuedToken>> outcomes = DeliveriesWorld.atOnce(ASKERS, i -> {
            if (i == ASKERS / 2) {
                world.world
                        .contracts
                        .revoke(ContractFixture.CREATOR, contract.id(), "withdrawn")
                        .orThrow();
            }
            return token(job, i);
        });
        assertOrdered(start, "contract-revoked", outcomes, "contract/not-live");
    }

    @Test
    void noTokenIsIssuedAfterItsJobIsClosedAndAllAreRevokedThen() throws Exception {
        Job job = job(world.world.accepted("cnf-closed"), "job-closed");
        long start = world.world.log.size();
        List<Outcome<IssuedToken>> outcomes = DeliveriesWorld.atOnce(ASKERS, i -> {
            if (i == ASKERS / 2) {
                world.jobs.closeJob(ContractFixture.BUYER, job.id(), List.of()).orThrow();
            }
            return token(job, i);
        });
        assertOrdered(start, "job-closed", outcomes, "job/closed");
        assertThat(world.edges.revocations(start - 1).tokens())
                .hasSize((int) outcomes.stream().filter(Outcome::isAccepted).count());
    }

    @Test
    void nothingIsTakenFromAnEdgeAfterItsRevocation() throws Exception {
        TestEdge edge = world.edge("edge");
        List<byte[]> bundles = new ArrayList<>();
        for (int i = 0; i < ASKERS; i++) {
            bundles.add(TestEdge.bundle(edge.seal(1)));
        }
        long start = world.world.log.size();
        DeliveriesWorld.atOnce(2, i -> {
            if (i == 0) {
                world.edges.revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), "lost");
            } else {
                bundles.forEach(edge::ship);
            }
            return i;
        });
        List<String> types = typesSince(start);
        int revoked = types.indexOf("edge-revoked");
        assertThat(revoked).isNotNegative();
        assertThat(types.subList(revoked, types.size())).doesNotContain("batch");
        assertThat(types.stream().filter(type -> type.equals("batch")).count())
                .isEqualTo(world.intake.acknowledged(edge.number(), 1).orElseThrow());
    }

    @Test
    void oneKeyGetsOneCertificateHoweverOftenItIsAskedFor() throws Exception {
        TestEdge edge = world.edge("twice");
        long start = world.world.log.size();
        List<Outcome<CertificateRecord>> outcomes = DeliveriesWorld.atOnce(
                ASKERS, i -> world.edges.certify(edge.principal(), edge.number(), edge.did(), edge.proof()));
        assertThat(outcomes.stream().map(Outcome::orThrow).distinct()).hasSize(1);
        assertThat(world.world.log.size()).isEqualTo(start);
    }

    private static void assertOrdered(long start, String end, List<Outcome<IssuedToken>> outcomes, String refusal) {
        List<String> types = typesSince(start);
        int ended = types.indexOf(end);
        assertThat(ended).isNotNegative();
        assertThat(types.subList(ended, types.size())).doesNotContain("grant");
        long issued = outcomes.stream().filter(Outcome::isAccepted).count();
        assertThat(types.stream().filter(type -> type.equals("grant")).count()).isEqualTo(issued);
        assertThat(Set.of(refusal))
                .containsAll(outcomes.stream()
                        .flatMap(outcome -> outcome.refusal().stream())
                        .map(Problem::type)
                        .distinct()
                        .toList());
    }

    private static List<String> typesSince(long start) {
        List<String> types = new ArrayList<>();
        for (long at = start; at < world.world.log.size(); at++) {
            types.add(
                    switch (world.world.sequencer.entry(at)) {
                        case LogEntry.BatchEntry batch -> "batch";
                        case LogEntry.DocumentEntry document -> document.type();
                    });
        }
        return types;
    }

    private static Job job(Contract contract, String id) {
        return world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.of(new JobId(id)), "model")
                .orThrow();
    }

    /** Each asker's token is another one. */
    private static Outcome<IssuedToken> token(Job job, int asker) {
        return world.jobs.issueToken(
                ContractFixture.BUYER, job.id(), Scope.TRAINING, Duration.ofHours(1), Optional.of(1L + asker));
    }
}
