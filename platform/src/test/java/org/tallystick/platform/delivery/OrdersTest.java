package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.platform.delivery.DeliveriesWorld.assertRefused;
import static org.tallystick.platform.delivery.DeliveriesWorld.isRepeat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Signer;

/** Job orders: what a buyer signs before the first delivery, and which tokens may be had under it. */
class OrdersTest {
    private static final Signer BUYER = ContractFixture.signer(ContractFixture.BUYER);

    @TempDir
    static Path dir;

    private static DeliveriesWorld world;
    private static int contracts;

    private Contract contract = contract(UnaryOperator.identity());
    private Job job = open("job of " + contract.id());

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static Contract contract(UnaryOperator<Json.Obj> change) {
        Json.Obj terms = change.apply(world.world.terms("cnf-orders-" + ++contracts));
        return world.world.contracts.accept(world.world.signed(terms)).orThrow();
    }

    private Job open(String id) {
        return world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.of(new JobId(id.replace(' ', '-'))), "model")
                .orThrow();
    }

    private static ReleaseTable table(String seed) {
        return seed(seed).table(5, ordinal -> ordinal < 3);
    }

    private static ReleaseSeed seed(String seed) {
        return new ReleaseSeed(Hash.of(org.tallystick.protocol.codec.Sha256.hash(
                                seed.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .toBytes())
                .toBytes());
    }

    private JobOrder order(int number, ReleaseTable table) {
        Instant ends = world.world.clock.instant().plus(Duration.ofDays(2));
        return JobOrder.of(contract.id().value(), job.id().value(), number, Scope.TRAINING, job.dataset(), table, ends);
    }

    private Outcome<OrderRecord> post(JobOrder order, ReleaseTable table) {
        return world.delivery
                .orders()
                .accept(
                        ContractFixture.BUYER,
                        job.id(),
                        order.sign(BUYER),
                        table.entries().clone());
    }

    private static Outcome<IssuedToken> token(Job job, Scope scope, Optional<Integer> order) {
        return world.jobs.issueToken(
                ContractFixture.BUYER,
                job.id(),
                new TokenRequest(scope, Duration.ofHours(1), Optional.empty(), order, List.of()));
    }

    @Test
    void anOrderIsTakenInOnceAndTokensCarryIt() {
        ReleaseTable table = table("once " + contract.id());
        JobOrder order = order(1, table);
        OrderRecord record = post(order, table).orThrow();
        assertThat(record.order()).isEqualTo(order);
        assertThat(isRepeat(post(order, table))).isTrue();
        assertThat(world.delivery.orders().table(record).entries()).isEqualTo(table.entries());
        Grant grant = token(job, Scope.TRAINING, Optional.of(1)).orThrow().grant();
        assertThat(grant.order()).contains(order.claim());
        assertThat(grant.grade()).isEqualTo(Grade.ASKED);
        assertThat(token(job, Scope.TRAINING, Optional.empty())
                        .orThrow()
                        .grant()
                        .grade())
                .isEqualTo(Grade.RECEIPT);
    }

    @Test
    void twoOrdersOfOneJobStandSideBySide() {
        ReleaseTable first = table("first " + contract.id());
        ReleaseTable second = table("second " + contract.id());
        post(order(1, first), first).orThrow();
        post(order(2, second), second).orThrow();
        Orders.OfJob found = world.delivery
                .orders()
                .ofJob(ContractFixture.BUYER, job.id(), 0, 100)
                .orThrow();
        assertThat(found.orders()).extracting(record -> record.order().number()).containsExactly(1, 2);
        assertThat(found.next()).isEqualTo(3);
        assertThat(token(job, Scope.TRAINING, Optional.of(2))
                        .orThrow()
                        .grant()
                        .order()
                        .orElseThrow()
                        .keys())
                .isEqualTo(second.root());
    }

    @Test
    void anOrderOfAnotherBuyerIsRefused() {
        ReleaseTable table = table("other " + contract.id());
        JobOrder order = order(1, table);
        Signer other = ContractFixture.signer(ContractFixture.OTHER_BUYER);
        assertRefused(
                world.delivery.orders().accept(ContractFixture.BUYER, job.id(), order.sign(other), table.entries()),
                "jws/wrong-key");
        assertRefused(
                world.delivery
                        .orders()
                        .accept(ContractFixture.OTHER_BUYER, job.id(), order.sign(other), table.entries()),
                "job/unknown");
        assertThat(world.delivery
                        .orders()
                        .ofJob(ContractFixture.OTHER_BUYER, job.id(), 0, 100)
                        .refusal())
                .isPresent();
    }

    @Test
    void whatDoesNotFitTheJobIsRefusedAndChangesNothing() {
        ReleaseTable table = table("fits " + contract.id());
        JobOrder good = order(1, table);
        DeliveriesWorld.State before = world.state();
        assertRefused(post(good, table("another " + contract.id())), "release/table");
        assertRefused(
                post(with(good, "job-else", good.number(), Scope.TRAINING, good.ends()), table), "order/mismatch");
        assertRefused(post(with(good, good.job(), 2, Scope.TRAINING, good.ends()), table), "order/number");
        assertRefused(post(with(good, good.job(), 1, Scope.INFERENCE, good.ends()), table), "order/scope");
        assertRefused(
                post(with(good, good.job(), 1, Scope.TRAINING, contract.ends().plusSeconds(1)), table), "order/ends");
        assertRefused(post(with(good, good.job(), 1, Scope.TRAINING, Instant.EPOCH), table), "order/ends");
        assertThat(world.state().rows()).isEqualTo(before.rows());
        assertThat(world.state().logSize()).isEqualTo(before.logSize());
        post(good, table).orThrow();
        assertRefused(post(with(good, good.job(), 2, Scope.TRAINING, good.ends()), table), "order/tag");
        world.jobs.closeJob(ContractFixture.BUYER, job.id(), List.of()).orThrow();
        ReleaseTable late = table("late " + contract.id());
        assertRefused(post(order(2, late), late), "job/closed");
    }

    private static JobOrder with(JobOrder order, String job, int number, Scope scope, Instant ends) {
        return new JobOrder(
                order.contract(),
                job,
                number,
                scope,
                order.dataset(),
                order.works(),
                order.ordered(),
                order.tag(),
                order.keys(),
                ends);
    }

    @Test
    void aContractThatWantsUsesAskedForRefusesPlainTokens() {
        contract = contract(terms -> terms.with(
                "license", ((Json.Obj) terms.get("license").orElseThrow()).with("minimumGrade", Json.of("asked"))));
        job = open("job of " + contract.id());
        assertRefused(token(job, Scope.TRAINING, Optional.empty()), "token/grade");
        assertRefused(token(job, Scope.TRAINING, Optional.of(1)), "token/order");
        ReleaseTable table = table("graded " + contract.id());
        post(order(1, table), table).orThrow();
        assertThat(token(job, Scope.TRAINING, Optional.of(1)).orThrow().grant().grade())
                .isEqualTo(Grade.ASKED);
    }

    @Test
    void aTokenNamesOnlyEdgesThereAre() {
        TestEdge edge = world.edge("edge of " + contract.id());
        TokenRequest wanted = new TokenRequest(
                Scope.TRAINING, Duration.ofHours(1), Optional.empty(), Optional.empty(), List.of(edge.number()));
        assertThat(world.jobs
                        .issueToken(ContractFixture.BUYER, job.id(), wanted)
                        .orThrow()
                        .grant()
                        .edges())
                .containsExactly(edge.number());
        TokenRequest wrong = new TokenRequest(
                Scope.TRAINING, Duration.ofHours(1), Optional.empty(), Optional.empty(), List.of(4_711));
        assertRefused(world.jobs.issueToken(ContractFixture.BUYER, job.id(), wrong), "token/edges");
    }

    @Test
    void theTableIsForItsBuyerAndForThoseWhoCheckIt() {
        ReleaseTable table = table("seen " + contract.id());
        post(order(1, table), table).orThrow();
        Orders orders = world.delivery.orders();
        Principal edge = new Principal(Edge.partyOf(1), Role.EDGE);
        for (Principal one : List.of(ContractFixture.BUYER, ContractFixture.OPERATOR, edge)) {
            assertThat(orders.tableBytes(one, table.root()).orElseThrow()).isEqualTo(table.entries());
        }
        assertThat(orders.tableBytes(ContractFixture.OTHER_BUYER, table.root())).isEmpty();
        assertThat(orders.tableBytes(edge, Hash.of(new byte[32]))).isEmpty();
    }
}
