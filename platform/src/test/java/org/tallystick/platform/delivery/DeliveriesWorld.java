package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.receipt.ContentId;

/** A {@link ContractFixture} with this room on top. */
public final class DeliveriesWorld implements AutoCloseable {
    public final ContractFixture world;
    public final Deliveries delivery;
    public final Jobs jobs;
    public final Edges edges;
    public final Intake intake;
    public final UsageEvents usageEvents;

    public DeliveriesWorld(Path dir) {
        this(new ContractFixture(dir, Deliveries.projection()));
    }

    /** On files that may fail. */
    public DeliveriesWorld(Path dir, ContractFixture.Files files) {
        this(new ContractFixture(dir, files, Deliveries.projection()));
    }

    private DeliveriesWorld(ContractFixture world) {
        this.world = world;
        delivery = new Deliveries(
                world.database,
                world.sequencer,
                world.blobs,
                world.parties,
                world.contracts,
                (tx, contract, job, scope, works) -> Outcome.accepted(List.of()), // money is not of this room
                ContractFixture.VERIFIER,
                world.clock,
                new Authority(ContractFixture.ORIGIN, ContractFixture.signer("platform"), Authority.USUAL_VALIDITY));
        jobs = delivery.jobs();
        edges = delivery.edges();
        intake = delivery.intake();
        usageEvents = delivery.usageEvents();
    }

    /** Stops everything but the database, and starts it again; edges go on with {@link TestEdge#at}. */
    DeliveriesWorld restarted() {
        return new DeliveriesWorld(world.restarted());
    }

    /** A new edge of that name, certified for its first epoch. */
    TestEdge edge(String name) {
        Edge edge = edges.register(ContractFixture.OPERATOR, name).orThrow().edge();
        return new TestEdge(this, edge).certified("epoch 1");
    }

    <T> List<T> list(Function<Handle, List<T>> query) {
        return world.database.read(query);
    }

    /** Everything that can change by what is accepted: rows, log, blobs. */
    record State(Map<String, List<String>> rows, long logSize, List<ContentId> blobs) {
        List<String> rowsOf(String table) {
            return rows.getOrDefault(table, List.of());
        }
    }

    State state() {
        List<ContentId> blobs = new ArrayList<>();
        world.blobs.forEach(blobs::add);
        Map<String, List<String>> rows = world.rows("delivery");
        rows.remove("refused"); // says what was tried, not what is
        return new State(rows, world.log.size(), blobs);
    }

    static Problem assertRefused(Outcome<?> outcome, String type) {
        assertThat(outcome.refusal()).as(outcome.toString()).isPresent();
        Problem problem = outcome.refusal().orElseThrow();
        assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
        return problem;
    }

    static boolean isRepeat(Outcome<?> outcome) {
        return outcome instanceof Outcome.Accepted<?> accepted && accepted.repeated();
    }

    /** One of many calls made at once. */
    interface Asked<T> {
        T ask(int number) throws Exception;
    }

    static <T> List<T> atOnce(int count, Asked<T> asked) throws Exception {
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

    @Override
    public void close() {
        world.close();
    }
}
