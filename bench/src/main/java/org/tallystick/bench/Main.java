package org.tallystick.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.cli.shell.Logging;
import org.tallystick.protocol.codec.Reasons;

/** {@code tallystick bench all|NAME... [--json]}: each bench runs its yardstick in the same call. */
public final class Main {
    private static final String USAGE = """
        Usage: tallystick bench all|api|close|edge|ledger|meter|replay ... [--uses N] [--json]

        Measures beside a yardstick run in the same call:
          api     p99 of every GET while an edge ships receipts at full speed, and the heap for the worst body of every
                  endpoint: --works N (1000000), --contracts N (10000), --statements N (100000), --clients N (64), each
                  with a pause of --pause ms (100) after an answer, for --seconds N (60); not part of all
          close   a period rated, posted and stated: --uses N (1000000), --creators N (1000), --contracts N (100);
                  and a statement line opened to its receipts
          edge    deliveries with signed receipts, beside nginx serving the same files (Debian: nginx-light)
          ledger  transfers in groups, beside one transaction per posting
          meter   sealed batches to durable usage sets, and their counts beside DuckDB's COUNT(DISTINCT);
                  --uses N sets how many distinct uses (10000000)
          replay  an auditor's way from the log and the bundles to the same statements; sizes as for close, and the
                  same market where both are asked for
        With --json each line is {name, value, unit, yardstick, ratio, reach, aim, runs, spread}.\
        """;

    private static final String USES = "--uses";
    private static final String CREATORS = "--creators";
    private static final String CONTRACTS = "--contracts";

    private static final String API = "api";
    private static final String WORKS = "--works";
    private static final String STATEMENTS = "--statements";
    private static final String CLIENTS = "--clients";
    private static final String SECONDS = "--seconds";
    private static final String PAUSE = "--pause";

    private static final SortedMap<String, Bench> BENCHES = new TreeMap<>(Map.of(
            API,
            (options, closing) -> ApiBench.run(apiScale(options), Main::tell),
            "close",
            (options, closing) -> closing.closing(),
            "edge",
            (options, closing) -> EdgeBench.run(),
            "ledger",
            (options, closing) -> LedgerBench.run(),
            "meter",
            (options, closing) -> MeterBench.run(options.size(USES, MeterBench.USUAL)),
            "replay",
            (options, closing) -> closing.replaying()));

    private static ApiScale apiScale(Options options) {
        return new ApiScale(
                options.size(WORKS, ApiBench.WORKS),
                Math.toIntExact(options.size(CONTRACTS, ApiBench.CONTRACTS)),
                options.size(STATEMENTS, ApiBench.STATEMENTS),
                Math.toIntExact(options.size(CLIENTS, ApiBench.CLIENTS)),
                Math.toIntExact(options.size(SECONDS, ApiBench.SECONDS)),
                Math.toIntExact(options.size(PAUSE, ApiBench.PAUSE)));
    }

    private static CloseScale scale(Options options) {
        return new CloseScale(
                options.size(USES, CloseBench.USES),
                Math.toIntExact(options.size(CREATORS, CloseBench.CREATORS)),
                Math.toIntExact(options.size(CONTRACTS, CloseBench.CONTRACTS)),
                CloseBench.LEAVES);
    }

    /** Measures something, in the sizes asked for. */
    @FunctionalInterface
    private interface Bench {
        List<Figure> run(Options options, CloseBench closing) throws Exception;
    }

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        if (words.contains("--help")) {
            System.err.println(USAGE);
            return;
        }
        Options options;
        Set<String> names;
        try {
            options =
                    Options.parse(words, Set.of(USES, CREATORS, CONTRACTS, WORKS, STATEMENTS, CLIENTS, SECONDS, PAUSE));
            names = names(options.benches());
        } catch (IllegalArgumentException e) {
            System.err.println("tallystick bench: " + Reasons.of(e) + "\n\n" + USAGE);
            System.exit(2);
            return;
        }
        Logging.quiet();
        try (CloseBench closing = new CloseBench(() -> scale(options), Main::tell)) {
            for (String name : names) {
                for (Figure figure :
                        BENCHES.getOrDefault(name, (none, nothing) -> List.of()).run(options, closing)) {
                    System.out.println(options.json() ? figure.json() : figure.text());
                }
            }
        }
        System.exit(0);
    }

    private static void tell(String progress) {
        System.err.println(progress);
    }

    private static Set<String> names(List<String> asked) {
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("say what to measure");
        }
        Set<String> names = new LinkedHashSet<>();
        for (String name : asked) {
            if (name.equals("all")) {
                names.addAll(BENCHES.keySet());
                names.remove(API); // it fills a platform by itself, which takes longer than all others
            } else if (BENCHES.containsKey(name)) {
                names.add(name);
            } else {
                throw new IllegalArgumentException("there is no bench " + name);
            }
        }
        return names;
    }
}
