package org.tallystick.bench;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.tallystick.cli.shell.Logging;

/** {@code tallystick bench edge|ledger [--json]}. */
public final class Main {
    private static final String USAGE = """
            Usage: tallystick bench edge|ledger ... [--json]

            Measures beside a yardstick run in the same call:
              edge    deliveries with signed receipts, beside nginx serving the same files (Debian: nginx-light)
              ledger  transfers in groups, beside one transaction per posting
            With --json each line is {name, value, unit, yardstick, ratio, reach, aim, runs, spread}.""";

    private static final SortedMap<String, Callable<List<Figure>>> BENCHES =
            new TreeMap<>(Map.of("edge", EdgeBench::run, "ledger", LedgerBench::run));

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        boolean json = words.contains("--json");
        List<String> names =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        if (words.contains("--help") || names.isEmpty() || !BENCHES.keySet().containsAll(names)) {
            System.err.println(USAGE);
            System.exit(words.contains("--help") ? 0 : 2);
        }
        Logging.quiet();
        for (Map.Entry<String, Callable<List<Figure>>> bench : BENCHES.entrySet()) {
            if (names.contains(bench.getKey())) {
                for (Figure figure : bench.getValue().call()) {
                    System.out.println(json ? figure.json() : figure.text());
                }
            }
        }
        System.exit(0);
    }
}
