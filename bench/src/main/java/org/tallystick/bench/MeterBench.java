package org.tallystick.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.tallystick.platform.kernel.PartyId;

/**
 * Sealed batches on disk until they are in usage sets, through the real rooms on a real server: signature, root from the
 * bytes, density, bundle, log entry, checkpoint, sets, everything synced. Then the question the sets are there for, beside
 * DuckDB over the same deliveries; memory; bytes on disk. What was carried is counted: every creator's uses must be equal
 * on both sides.
 */
final class MeterBench {
    /** Distinct uses where no other number is asked for. */
    static final long USUAL = 10_000_000;

    private static final int ASKED = 5;
    private static final long PAUSE = 200_000_000;
    private static final double MIB = 1 << 20;

    private final MeterSetup setup;
    private final MeterScale scale;
    private final List<Double> cores = new ArrayList<>();

    private MeterBench(MeterSetup setup) {
        this.setup = setup;
        this.scale = setup.scale();
    }

    static List<Figure> run(long uses) throws Exception {
        try (Scratch scratch = Scratch.open();
                MeterSetup setup = new MeterSetup(scratch.path(), MeterScale.of(uses))) {
            return new MeterBench(setup).measure();
        }
    }

    private List<Figure> measure() throws Exception {
        List<Figure> figures = new ArrayList<>();
        long before = setup.stored();
        figures.add(new Figure("meter intake to durable sets", intake(), "receipts/s", Optional.empty())
                .towards("1000000", "2000000"));
        figures.add(new Figure("meter processor time, server not counted", cores, "ns/receipt", Optional.empty()));
        figures.add(one("meter memory at " + scale.uses() + " uses", memory(), "MiB")
                .towards("1024", "256"));
        double receipts = scale.deliveries();
        figures.add(one("meter packing", Timer.perSecond(scale.deliveries(), setup.metering()::pack), "receipts/s"));
        figures.add(one("meter log and bundles", (setup.stored() - before) / receipts, "B/receipt")
                .towards("32", "16"));
        figures.add(one(
                "meter tables at " + scale.deliveries() + " receipts",
                setup.database().read(tx -> MeterTables.tableBytes(tx, List.of("metering", "delivery"))) / MIB,
                "MiB"));
        figures.add(one("meter table rows", setup.database().read(MeterTables::rows), "rows"));
        figures.add(answer());
        return figures;
    }

    private static Figure one(String name, double value, String unit) {
        return new Figure(name, List.of(value), unit, Optional.empty());
    }

    /** Receipts a second, round by round; the first, which warms up, is not among them. */
    private List<Double> intake() throws Exception {
        List<Double> rates = new ArrayList<>();
        long per = (scale.deliveries() + scale.rounds()) / (scale.rounds() + 1);
        for (long from = 0; from < scale.deliveries(); from += per) {
            long begin = from;
            long end = Math.min(scale.deliveries(), from + per);
            byEdges(turn -> setup.edges().get(turn).seal(setup, begin, end, turn));
            long busy = busy();
            double rate = Timer.perSecond(end - begin, () -> {
                fold(() -> byEdges(
                        turn -> setup.edges().get(turn).ship(setup.delivery().intake())));
                if (setup.metering().catchUp() != setup.log().size()) {
                    throw new IllegalStateException("the meter is not at the end of the log");
                }
            });
            if (from > 0) {
                rates.add(rate);
                cores.add((busy() - busy) / (double) (end - begin));
            }
            for (MeterEdge edge : setup.edges()) {
                edge.clear();
            }
        }
        return rates;
    }

    /** Folds beside something that ships, as the meter does in a running platform, but for packing. */
    private void fold(Timer.Work shipping) throws Exception {
        AtomicBoolean shipped = new AtomicBoolean();
        Thread meter = Thread.ofPlatform().start(() -> {
            while (!shipped.get()) {
                setup.metering().catchUp();
                LockSupport.parkNanos(PAUSE);
            }
        });
        shipping.run();
        shipped.set(true);
        LockSupport.unpark(meter);
        meter.join();
    }

    /** Nanoseconds of processor time this process has taken. */
    private static long busy() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void byEdges(IntConsumer each) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(MeterSetup.EDGES)) {
            List<Future<?>> all = new ArrayList<>();
            for (int turn = 0; turn < MeterSetup.EDGES; turn++) {
                int own = turn;
                all.add(threads.submit(() -> each.accept(own)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** What the meter holds after folding everything, in MiB of heap. */
    private double memory() {
        long holding = used();
        setup.forget();
        return (holding - used()) / MIB;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The sets and DuckDB in turn. */
    private Figure answer() throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> ducks = new ArrayList<>();
        try (MeterDuck duck = new MeterDuck(scale)) {
            for (int i = 0; i <= ASKED; i++) {
                long[][] found = new long[2][];
                double own = Timer.perSecond(scale.uses(), () -> found[0] = ask());
                double other = Timer.perSecond(scale.uses(), () -> found[1] = duck.ask());
                if (!Arrays.equals(found[0], found[1])) {
                    throw new IllegalStateException("the sets and DuckDB count differently");
                }
                if (i > 0) { // the first warms up
                    ours.add(own);
                    ducks.add(other);
                }
            }
        }
        double duck = new Figure("", ducks, "", Optional.empty()).median();
        return new Figure(
                        "meter answer: distinct uses per creator",
                        ours,
                        "uses/s",
                        Optional.of(new Figure.Yardstick("duckdb-count-distinct", duck)))
                .towards("5 x", "20 x");
    }

    private long[] ask() {
        Map<PartyId, Long> totals = setup.database().read(tx -> setup.metering().totals(tx, setup.contracts()));
        long[] uses = new long[scale.creators()];
        totals.forEach((creator, count) -> uses[Integer.parseInt(creator.value().substring(8))] = count);
        return uses;
    }
}
