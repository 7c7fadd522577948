package org.tallystick.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.Period;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.protocol.Statement;

/**
 * A period closed on a real server with everything synced, from usage sets to statements under a signed checkpoint; one of
 * its statement lines opened to the receipts behind it; and the whole of it computed again from the log and the bundles, as
 * an auditor does. What came out is compared before a figure is given: replay must find the very statements.
 */
final class CloseBench {
    static final long USES = 1_000_000;
    static final int CREATORS = 1_000;
    static final int CONTRACTS = 100;
    static final int LEAVES = 1_024;

    private static final int OPENED = 20;
    private static final int REPLAYS = 3;

    private CloseBench() {}

    static List<Figure> close(CloseScale scale) throws Exception {
        try (Scratch scratch = Scratch.open();
                CloseStage stage = new CloseStage(scratch.path(), scale)) {
            Close[] closed = new Close[1];
            double seconds = seconds(() -> closed[0] = closed(stage));
            Close close = Optional.ofNullable(closed[0]).orElseThrow();
            long lines = close.statements().stream()
                    .map(id -> statement(stage, id))
                    .mapToLong(statement -> statement.lines().size())
                    .sum();
            String size =
                    scale.distinct() + " uses, " + scale.creators() + " creators, " + scale.contracts() + " contracts";
            List<Figure> figures = new ArrayList<>();
            figures.add(new Figure("close: " + size, List.of(seconds), "s", Optional.empty())
                    .towards("60 s at 100000000, 100000, 1000", "20 s"));
            figures.add(new Figure("close: statement lines", List.of(lines / seconds), "lines/s", Optional.empty()));
            figures.add(opening(stage, close, true).towards("100 ms", "20 ms"));
            figures.add(opening(stage, close, false).towards("100 ms", "20 ms"));
            return figures;
        }
    }

    private static Close closed(CloseStage stage) {
        return stage.settlement()
                .close(new Period("p1", CloseStage.START, CloseStage.START.plusSeconds(7_200)))
                .orThrow();
    }

    private static Statement statement(CloseStage stage, String id) {
        return stage.settlement().statement(id).orElseThrow().statement();
    }

    /** One line after another, of different statements: the first of a close, or with its neighbours opened before. */
    private static Figure opening(CloseStage stage, Close close, boolean first) throws Exception {
        List<Double> times = new ArrayList<>();
        int step = Math.max(1, close.statements().size() / OPENED);
        for (int i = 0; i < close.statements().size(); i += step) {
            String id = close.statements().get(i);
            if (first) {
                stage.forget();
            }
            int last = statement(stage, id).lines().size();
            Settlement settlement = stage.settlement();
            times.add(1_000 * seconds(() -> opened(settlement, id, last)));
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

    static List<Figure> replay(CloseScale scale) throws Exception {
        try (Scratch scratch = Scratch.open();
                CloseStage stage = new CloseStage(scratch.path(), scale)) {
            Close close = closed(stage);
            List<Double> rates = new ArrayList<>();
            for (int run = 0; run <= REPLAYS; run++) {
                double rate = Timer.perSecond(
                        scale.deliveries(), () -> check(stage.replay().run(), close));
                if (run > 0) { // the first warms up
                    rates.add(rate);
                }
            }
            return List.of(new Figure("replay: log and bundles to statements", rates, "receipts/s", Optional.empty())
                    .towards("555556", "1000000"));
        }
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

    private static double seconds(Timer.Work work) throws Exception {
        return 1 / Timer.perSecond(1, work);
    }
}
