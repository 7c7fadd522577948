package org.tallystick.bench.sim;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Acknowledgement;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;

/**
 * One simulated run: deliveries, failures and attacks, then everything is shipped, closed and compared. The seed
 * determines all of it. Used for one run only.
 */
public final class Simulation {
    private static final int EDGES = 3;
    private static final List<String> PRICES = List.of("0.005", "0.003333333333", "0.000000700001");
    private static final List<LeafKind> KINDS =
            List.of(LeafKind.FULL, LeafKind.FULL, LeafKind.PARTIAL, LeafKind.NOT_MODIFIED, LeafKind.HEAD);

    private final SplittableRandom random;
    private final SimClock clock = new SimClock();
    private final SimNetwork network;
    private final SimPlatform platform;
    private final SimContracts parties;
    private final List<SimContracts.SimContract> contracts = new ArrayList<>();
    private final List<SimEdge> edges = new ArrayList<>();
    private final DeliveryList list;
    private final PlatformCheck check;
    private final ActionCounts counts = new ActionCounts();
    private int jobs;

    private Simulation(long seed, Database database, Path folder) {
        this.random = new SplittableRandom(seed);
        this.network = new SimNetwork(clock, random.split());
        this.platform = new SimPlatform(database, folder, clock, random.split());
        this.parties = new SimContracts(platform.running(), clock);
        this.list = new DeliveryList(parties.works());
        for (String price : PRICES) {
            SimContracts.SimContract contract =
                    parties.conclude(platform.running(), "cnf-" + price, price, Money.parse("0.10 USD"));
            contracts.add(contract);
            openJob(contract);
        }
        for (int i = 0; i < EDGES; i++) {
            SimEdge edge = new SimEdge(
                    platform.running()
                            .delivery()
                            .edges()
                            .register(SimContracts.OPERATOR, "edge-" + i)
                            .orThrow()
                            .edge(),
                    random.split());
            edge.rotate(platform.running().delivery().edges());
            edges.add(edge);
        }
        this.check = new PlatformCheck(platform, clock, list, contracts, edges, counts);
    }

    /**
     * Runs a simulation.
     *
     * @param events how many things happen before it comes to rest
     * @param database emptied first
     * @param folder an empty one for log and blobs
     * @return what was done to the system
     * @throws Violation where anything is not as it must be; the message names seed and step
     */
    public static ActionCounts run(long seed, int events, Database database, Path folder) {
        return run(seed, events, database, folder, () -> {});
    }

    /** Runs a simulation and does something else after half of the events. */
    static ActionCounts run(long seed, int events, Database database, Path folder, Runnable halfWay) {
        Simulation simulation = new Simulation(seed, database, folder);
        int step = 0;
        try {
            for (; step < events; step++) {
                if (step == events / 2) {
                    halfWay.run();
                }
                simulation.step();
            }
            simulation.rest();
            return simulation.counts;
        } catch (RuntimeException e) {
            throw new Violation("seed " + seed + ", step " + step + " of " + events + ": " + Reasons.of(e), e);
        } finally {
            simulation.platform.close();
        }
    }

    private void step() {
        counts.add("events");
        clock.advance(Duration.ofMillis(random.nextLong(20_000)));
        for (Optional<Runnable> due = network.due(); due.isPresent(); due = network.due()) {
            due.get().run();
        }
        int what = random.nextInt(100);
        if (what < 45) {
            deliver(pick(edges));
        } else if (what < 52) {
            takeBack(pick(edges));
        } else if (what < 68) {
            seal(pick(edges));
        } else if (what < 82) {
            ship(pick(edges));
        } else if (what < 86) {
            fold();
        } else {
            happen(what);
        }
        check.afterEach();
    }

    /** Events that are rarer than deliveries. */
    private void happen(int what) {
        switch (what) {
            case 86 -> crash(pick(edges));
            case 87 -> rotate(pick(edges));
            case 88, 89 ->
                platform.ask(() -> {
                    openJob(pick(contracts));
                    return true;
                });
            case 90 -> newToken(pick(contracts));
            case 91 -> fund(pick(contracts));
            case 92, 93 -> close();
            case 94 -> failDisk();
            case 95 -> losePower();
            case 96 -> replay(pick(edges));
            case 97 -> damage(pick(edges));
            case 98 -> forge(pick(edges));
            default -> skew();
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void deliver(SimEdge edge) {
        Grant grant = pick(pick(contracts).grants);
        for (int i = random.nextInt(12); i >= 0; i--) {
            long time = clock.millis() - random.nextInt(2_000);
            if (covers(edge.current(), time)) {
                edge.current().leave(pick(KINDS), grant, pick(parties.contents()), time, 0);
            }
        }
    }

    private static boolean covers(SimEpoch epoch, long time) {
        return epoch.certificate().notBefore().toEpochMilli() <= time
                && time < epoch.certificate().expires().toEpochMilli();
    }

    /** A delivery is interrupted after its leaf was sealed. */
    private void takeBack(SimEdge edge) {
        SimEpoch epoch = edge.current();
        if (epoch.sealed().isEmpty() || !covers(epoch, clock.millis())) {
            return;
        }
        Batch batch = pick(epoch.sealed());
        Leaf leaf = batch.leaf(random.nextInt(batch.header().count()));
        if (leaf.kind() != LeafKind.VOID) {
            Grant grant = contracts.stream()
                    .flatMap(contract -> contract.grants.stream())
                    .filter(each -> each.tokenId().equals(leaf.token()))
                    .findFirst()
                    .orElseThrow();
            epoch.leave(LeafKind.VOID, grant, leaf.content(), clock.millis(), leaf.sequence());
            counts.add("deliveries broken off");
        }
    }

    private void seal(SimEdge edge) {
        edge.current().seal().ifPresent(batch -> {
            for (int i = 0; i < batch.header().count(); i++) {
                list.add(batch.leaf(i));
            }
            batch.receipt(random.nextInt(batch.header().count()))
                    .verify(edge.current().certificate(), check.verifier());
            counts.add("leaves", batch.header().count());
            counts.add("receipts verified by the buyer");
        });
    }

    private void ship(SimEdge edge) {
        edge.unshipped().ifPresent(epoch -> send(edge, bytes(epoch.toShip())));
    }

    private static byte[] bytes(List<Batch> batches) {
        java.io.ByteArrayOutputStream bundle = new java.io.ByteArrayOutputStream();
        batches.forEach(batch -> bundle.writeBytes(batch.encode()));
        return bundle.toByteArray();
    }

    private void send(SimEdge edge, byte[] bundle) {
        network.send(() -> arrive(edge, bundle));
    }

    private void arrive(SimEdge edge, byte[] bundle) {
        Optional<Outcome<Acknowledgement>> answer =
                platform.ask(() -> platform.running().delivery().intake().accept(edge.principal(), bundle));
        if (answer.isEmpty()) {
            counts.add("shipments the platform could not take");
            return;
        }
        switch (answer.get()) {
            case Outcome.Accepted<Acknowledgement>(Acknowledgement got, boolean repeated) -> {
                counts.add(repeated ? "shipments repeated" : "shipments taken");
                network.send(() -> edge.epoch(got.epoch()).orElseThrow().acknowledge(got.acknowledged()));
            }
            case Outcome.Refused<Acknowledgement>(var problem) -> counts.add("refused: " + problem.type());
        }
    }

    private void replay(SimEdge edge) {
        SimEpoch epoch = pick(edge.epochs());
        if (!epoch.sealed().isEmpty()) {
            counts.add("shipments replayed");
            send(edge, pick(epoch.sealed()).encode());
        }
    }

    /** One bit of a shipment changes on its way. The platform must refuse it and change nothing. */
    private void damage(SimEdge edge) {
        edge.unshipped().filter(epoch -> !epoch.toShip().isEmpty()).ifPresent(epoch -> {
            byte[] bundle = bytes(epoch.toShip());
            if (bundle.length > 0) {
                bundle[random.nextInt(bundle.length)] ^= (byte) (1 << random.nextInt(8));
                check.mustBeRefused(edge, bundle);
                counts.add("bits flipped on the way");
            }
        });
    }

    /** An edge signs two batches with the same numbers. The one in the log stays, and the other is kept as evidence. */
    private void forge(SimEdge edge) {
        edge.current().forge().ifPresent(batch -> {
            if (batch.header().last() <= edge.current().acknowledged()) {
                check.mustBeRefused(edge, batch.encode());
                counts.add("batches forged by an edge");
            }
        });
    }

    private void fold() {
        if (platform.ask(() -> platform.running().metering().catchUp()).isPresent()) {
            counts.add("folds");
            check.afterFold();
        }
    }

    private void crash(SimEdge edge) {
        counts.add("edge crashes");
        counts.add("leaves lost before they were sealed", edge.current().crash());
    }

    private void rotate(SimEdge edge) {
        seal(edge);
        if (platform.ask(() -> {
                    edge.rotate(platform.running().delivery().edges());
                    return true;
                })
                .isPresent()) {
            counts.add("keys rotated");
        }
    }

    private void openJob(SimContracts.SimContract contract) {
        Grant grant = parties.open(platform.running(), contract, ++jobs);
        contract.grants.add(grant);
        list.add(grant);
        counts.add("jobs");
    }

    private void newToken(SimContracts.SimContract contract) {
        JobId job = new JobId(pick(contract.grants).job());
        platform.ask(() -> parties.token(platform.running(), job)).ifPresent(grant -> {
            contract.grants.add(grant);
            list.add(grant);
        });
    }

    private void fund(SimContracts.SimContract contract) {
        Money amount = Money.parse("0.0" + (1 + random.nextInt(9)) + " USD");
        String reference = "payment " + random.nextLong();
        for (int i = 0; i < 20; i++) {
            Optional<?> answer = platform.ask(() -> platform.running()
                    .settlement()
                    .fundEscrow(SimContracts.OPERATOR, contract.contract, amount, reference)
                    .orThrow());
            if (answer.isPresent()) { // a repeated payment with the same reference is the same payment
                contract.funded = contract.funded.plus(amount);
                counts.add("payments into escrow");
                return;
            }
        }
        throw new Violation("a payment cannot be booked");
    }

    private void close() {
        check.close();
    }

    private void failDisk() {
        platform.disk().failSoon(1 + random.nextInt(4));
    }

    private void losePower() {
        counts.add("power losses of the platform");
        platform.losePower();
    }

    private void skew() {
        counts.add("steps of the platform's clock");
        clock.skew(Duration.ofSeconds(random.nextInt(-60, 60)));
    }

    /** Stops all failures, ships and closes everything, and compares the amounts with the list of deliveries. */
    private void rest() {
        network.beKind();
        platform.disk().failSoon(0);
        clock.skew(Duration.ZERO);
        edges.forEach(this::seal);
        for (int i = 0; edges.stream().anyMatch(edge -> edge.unshipped().isPresent()); i++) {
            if (i > 10_000) {
                throw new Violation("the edges never get rid of what they have");
            }
            edges.forEach(this::ship);
            for (Optional<Runnable> next = network.next(); next.isPresent(); next = network.next()) {
                next.get().run();
            }
        }
        clock.advance(Duration.ofMinutes(10));
        check.atTheEnd();
        counts.add("disk operations failed", platform.disk().failures());
        counts.add("messages lost", network.dropped());
        counts.add("messages repeated", network.repeated());
    }
}
