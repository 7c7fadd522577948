package org.tallystick.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.closing.ContractUsage;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.statement.CloseKey;
import org.tallystick.protocol.statement.Statement;

/**
 * A period closed on a real server with everything synced, from usage sets to statements under a signed checkpoint; one of
 * its statement lines opened to the receipts behind it; and the whole of it computed again from the log and the bundles, as
 * an auditor does. What came out is compared before a figure is given: replay must find the very statements. Both share
 * one market, prepared when the first of them is asked for.
 */
final class CloseBench implements AutoCloseable {
    static final long USES = 1_000_000;
    static final int CREATORS = 1_000;
    static final int CONTRACTS = 100;
    static final int LEAVES = 1_024;

    private static final int OPENED = 20;
    private static final int REPLAYS = 3;
    private static final int TREES = 3;
    private static final long LONG = 20_000_000;

    private final Supplier<CloseScale> sizes;
    private final Consumer<String> progress;
    private @Nullable Market market;

    /** @param progress told what has been prepared, now and then */
    CloseBench(Supplier<CloseScale> sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    /** A period closed, and how long that took. */
    private record Market(Scratch scratch, CloseSetup setup, Close close, double seconds) {
        static Market closed(CloseScale scale, Consumer<String> progress) throws Exception {
            Scratch scratch = Scratch.open();
            CloseSetup setup = new CloseSetup(scratch.path(), scale, progress);
            Close[] closed = new Close[1];
            double seconds = 1
                    / Timer.perSecond(
                            1,
                            () -> closed[0] = setup.settlement()
                                    .close(new Period("p1", CloseSetup.START, CloseSetup.START.plusSeconds(7_200)))
                                    .orThrow());
            progress.accept("closed in " + Math.round(seconds) + " s");
            return new Market(scratch, setup, Optional.ofNullable(closed[0]).orElseThrow(), seconds);
        }

        Statement statement(String id) {
            return setup.settlement().statement(id).orElseThrow().statement();
        }
    }

    private Market market() throws Exception {
        Market known = market;
        if (known == null) {
            known = Market.closed(sizes.get(), progress);
            market = known;
        }
        return known;
    }

    /** The close, and the opening of lines. */
    List<Figure> closing() throws Exception {
        Market closed = market();
        long lines = closed.close().statements().stream()
                .map(closed::statement)
                .mapToLong(statement -> statement.lines().size())
                .sum();
        CloseScale scale = closed.setup().scale();
        String size =
                scale.distinct() + " uses, " + scale.creators() + " creators, " + scale.contracts() + " contracts";
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("close: " + size, List.of(closed.seconds()), "s", Optional.empty())
                .towards("60 s at 100000000, 100000, 1000", "20 s"));
        figures.add(
                new Figure("close: statement lines", List.of(lines / closed.seconds()), "lines/s", Optional.empty()));
        figures.add(tree(closed));
        figures.add(opening(closed, true).towards("100 ms", "20 ms"));
        figures.add(opening(closed, false).towards("100 ms", "20 ms"));
        return figures;
    }

    /** The share of the close that its commitment to uses and amounts takes: made once more, as the close made it. */
    private static Figure tree(Market closed) throws Exception {
        List<ContractUsage> usage = closed.setup().usage(closed.close());
        CloseKey key = CloseKey.derive(new byte[32], "bench", "p1");
        List<Double> shares = new ArrayList<>();
        for (int run = 0; run < TREES; run++) {
            double seconds =
                    1 / Timer.perSecond(1, () -> usage.parallelStream().forEach(contract -> contract.commitment(key)));
            shares.add(100 * seconds / closed.seconds());
        }
        long creators = usage.stream()
                .mapToLong(contract ->
                        (long) contract.sets().size() * contract.ranges().size())
                .sum();
        return new Figure("close: its usage tree, " + creators + " creator leaves", shares, "% of it", Optional.empty())
                .towards("5 %", "2 %");
    }

    /** One line after another, of different statements: the first of a close, or with its neighbours opened before. */
    private static Figure opening(Market closed, boolean first) throws Exception {
        List<Double> times = new ArrayList<>();
        List<String> statements = closed.close().statements();
        int step = Math.max(1, statements.size() / OPENED);
        for (int i = 0; i < statements.size(); i += step) {
            String id = statements.get(i);
            if (first) {
                closed.setup().forget();
            }
            int last = closed.statement(id).lines().size();
            Settlement settlement = closed.setup().settlement();
            times.add(1_000 / Timer.perSecond(1, () -> opened(settlement, id, last)));
        }
        List<Double> warm = times.subList(times.size() / 2, times.size());
        String which = first ? "open a line: first of a close" : "open a line: others of it opened before";
        return new Figure(which, warm, "ms", Optional.empty());
    }

    private static void opened(Settlement settlement, String id, int line) {
        if (settlement.open(id, line).isEmpty()) {
            throw new IllegalStateException("there is no line " + line + " of " + id);
        }
    }

    /** Recomputes everything as an auditor does. A long recomputation is measured once, without warming up. */
    List<Figure> replaying() throws Exception {
        Market closed = market();
        long receipts = closed.setup().scale().deliveries();
        int warming = receipts < LONG ? 1 : 0;
        int runs = receipts < LONG ? REPLAYS : 1;
        List<Double> rates = new ArrayList<>();
        for (int run = 0; run < warming + runs; run++) {
            double rate = Timer.perSecond(
                    receipts, () -> check(closed.setup().replay().run(), closed.close()));
            if (run >= warming) {
                rates.add(rate);
            }
        }
        return List.of(new Figure("replay: log and bundles to statements", rates, "receipts/s", Optional.empty())
                .towards("555556", "1000000"));
    }

    private static void check(Replay.Outcome outcome, Close close) {
        boolean same = outcome.bundles().differences().isEmpty()
                && outcome.closes().differences().isEmpty()
                && outcome.recomputation().statements() == close.statements().size();
        if (!same) {
            throw new IllegalStateException("the replay comes to something else: "
                    + outcome.closes().differences() + outcome.bundles().differences());
        }
    }

    @Override
    public void close() throws IOException {
        Market known = market;
        if (known != null) {
            known.setup().close();
            known.scratch().close();
        }
    }
}
