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
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;

/**
 * One world from its beginning until everything is delivered, shipped, closed and compared. All of it follows from the
 * seed. One object is one run.
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
    private final SimDeals deals;
    private final List<SimDeals.Deal> contracts = new ArrayList<>();
    private final List<SimEdge> edges = new ArrayList<>();
    private final PlainList list;
    private final Judge judge;
    private final Tallies tallies = new Tallies();
    private int jobs;

    private Simulation(long seed, Database database, Path folder) {
        this.random = new SplittableRandom(seed);
        this.network = new SimNetwork(clock, random.split());
        this.platform = new SimPlatform(database, folder, clock, random.split());
        this.deals = new SimDeals(platform.running(), clock);
        this.list = new PlainList(deals.works());
        for (String price : PRICES) {
            SimDeals.Deal deal = deals.conclude(platform.running(), "cnf-" + price, price, Money.parse("0.10 USD"));
            contracts.add(deal);
            openJob(deal);
        }
        for (int i = 0; i < EDGES; i++) {
            SimEdge edge = new SimEdge(
                    platform.running()
                            .delivery()
                            .edges()
                            .register(SimDeals.OPERATOR, "edge-" + i)
                            .orThrow()
                            .edge(),
                    random.split());
            edge.rotate(platform.running().delivery().edges());
            edges.add(edge);
        }
        this.judge = new Judge(platform, clock, list, contracts, edges, tallies);
    }

    /**
     * Runs a world.
     *
     * @param events how many things happen before it comes to rest
     * @param database emptied first
     * @param folder an empty one for log and blobs
     * @return what was done to the system
     * @throws Violation where anything is not as it must be; the message names seed and step
     */
    public static Tallies run(long seed, int events, Database database, Path folder) {
        return run(seed, events, database, folder, () -> {});
    }

    /** As above; something else happens half way. */
    static Tallies run(long seed, int events, Database database, Path folder, Runnable halfWay) {
        Simulation world = new Simulation(seed, database, folder);
        int step = 0;
        try {
            for (; step < events; step++) {
                if (step == events / 2) {
                    halfWay.run();
                }
                world.step();
            }
            world.rest();
            return world.tallies;
        } catch (RuntimeException e) {
            throw new Violation("seed " + seed + ", step " + step + " of " + events + ": " + e.getMessage(), e);
        } finally {
            world.platform.close();
        }
    }

    private void step() {
        tallies.add("events");
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
        judge.afterEach();
    }

    /** What does not happen every minute. */
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
                edge.current().leave(pick(KINDS), grant, pick(deals.contents()), time, 0);
            }
        }
    }

    private static boolean covers(SimEpoch epoch, long time) {
        return epoch.certificate().notBefore().toEpochMilli() <= time
                && time < epoch.certificate().expires().toEpochMilli();
    }

    /** A delivery breaks off after its leaf was sealed. */
    private void takeBack(SimEdge edge) {
        SimEpoch epoch = edge.current();
        if (epoch.sealed().isEmpty() || !covers(epoch, clock.millis())) {
            return;
        }
        Batch batch = pick(epoch.sealed());
        Leaf leaf = batch.leaf(random.nextInt(batch.header().count()));
        if (leaf.kind() != LeafKind.VOID) {
            Grant grant = contracts.stream()
                    .flatMap(deal -> deal.grants.stream())
                    .filter(each -> each.tokenId().equals(leaf.token()))
                    .findFirst()
                    .orElseThrow();
            epoch.leave(LeafKind.VOID, grant, leaf.content(), clock.millis(), leaf.sequence());
            tallies.add("deliveries broken off");
        }
    }

    private void seal(SimEdge edge) {
        edge.current().seal().ifPresent(batch -> {
            for (int i = 0; i < batch.header().count(); i++) {
                list.add(batch.leaf(i));
            }
            batch.receipt(random.nextInt(batch.header().count()))
                    .verify(edge.current().certificate(), judge.verifier());
            tallies.add("leaves", batch.header().count());
            tallies.add("receipts verified by the buyer");
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
            tallies.add("shipments the platform could not take");
            return;
        }
        switch (answer.get()) {
            case Outcome.Accepted<Acknowledgement>(Acknowledgement got, boolean repeated) -> {
                tallies.add(repeated ? "shipments repeated" : "shipments taken");
                network.send(() -> edge.epoch(got.epoch()).orElseThrow().acknowledge(got.acknowledged()));
            }
            case Outcome.Refused<Acknowledgement>(var problem) -> tallies.add("refused: " + problem.type());
        }
    }

    private void replay(SimEdge edge) {
        SimEpoch epoch = pick(edge.epochs());
        if (!epoch.sealed().isEmpty()) {
            tallies.add("shipments replayed");
            send(edge, pick(epoch.sealed()).encode());
        }
    }

    /** A single bit changes on the way: what arrives must change nothing. */
    private void damage(SimEdge edge) {
        edge.unshipped().filter(epoch -> !epoch.toShip().isEmpty()).ifPresent(epoch -> {
            byte[] bundle = bytes(epoch.toShip());
            if (bundle.length > 0) {
                bundle[random.nextInt(bundle.length)] ^= (byte) (1 << random.nextInt(8));
                judge.mustBeRefused(edge, bundle);
                tallies.add("bits flipped on the way");
            }
        });
    }

    /** Two batches for the same numbers: whichever is in the log stands, and the lie is kept as evidence. */
    private void forge(SimEdge edge) {
        edge.current().forge().ifPresent(batch -> {
            if (batch.header().last() <= edge.current().acknowledged()) {
                judge.mustBeRefused(edge, batch.encode());
                tallies.add("batches forged by an edge");
            }
        });
    }

    private void fold() {
        if (platform.ask(() -> platform.running().metering().catchUp()).isPresent()) {
            tallies.add("folds");
            judge.afterFold();
        }
    }

    private void crash(SimEdge edge) {
        tallies.add("edge crashes");
        tallies.add("leaves lost before they were sealed", edge.current().crash());
    }

    private void rotate(SimEdge edge) {
        seal(edge);
        if (platform.ask(() -> {
                    edge.rotate(platform.running().delivery().edges());
                    return true;
                })
                .isPresent()) {
            tallies.add("keys rotated");
        }
    }

    private void openJob(SimDeals.Deal deal) {
        Grant grant = deals.open(platform.running(), deal, ++jobs);
        deal.grants.add(grant);
        list.add(grant);
        tallies.add("jobs");
    }

    private void newToken(SimDeals.Deal deal) {
        JobId job = new JobId(pick(deal.grants).job());
        platform.ask(() -> deals.token(platform.running(), job)).ifPresent(grant -> {
            deal.grants.add(grant);
            list.add(grant);
        });
    }

    private void fund(SimDeals.Deal deal) {
        Money amount = Money.parse("0.0" + (1 + random.nextInt(9)) + " USD");
        String reference = "payment " + random.nextLong();
        for (int i = 0; i < 20; i++) {
            Optional<?> answer = platform.ask(() -> platform.running()
                    .settlement()
                    .fundEscrow(SimDeals.OPERATOR, deal.contract, amount, reference)
                    .orThrow());
            if (answer.isPresent()) { // what is asked again under its reference is the same payment
                deal.funded = deal.funded.plus(amount);
                tallies.add("payments into escrow");
                return;
            }
        }
        throw new Violation("a payment cannot be booked");
    }

    private void close() {
        judge.close();
    }

    private void failDisk() {
        platform.disk().failSoon(1 + random.nextInt(4));
    }

    private void losePower() {
        tallies.add("power losses of the platform");
        platform.losePower();
    }

    private void skew() {
        tallies.add("steps of the platform's clock");
        clock.skew(Duration.ofSeconds(random.nextInt(-60, 60)));
    }

    /** Nothing goes wrong any more; everything is shipped, closed, and must be worth what the list says. */
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
        judge.atTheEnd();
        tallies.add("disk operations failed", platform.disk().failures());
        tallies.add("messages lost", network.dropped());
        tallies.add("messages repeated", network.repeated());
    }
}
