package org.tallystick.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.tallystick.cli.shell.Logging;

/** {@code tallystick bench ledger|meter [--uses N] [--json]}. */
public final class Main {
    private static final String USAGE = """
            Usage: tallystick bench ledger|meter ... [--uses N] [--json]

            Measures beside a yardstick run in the same call:
              ledger  transfers in groups, beside one transaction per posting
              meter   sealed batches to durable usage sets, and their counts beside DuckDB's COUNT(DISTINCT);
                      --uses N sets how many distinct uses (10000000)
            With --json each line is {name, value, unit, yardstick, ratio, reach, aim, runs, spread}.""";

    private static SortedMap<String, Callable<List<Figure>>> benches(long uses) {
        return new TreeMap<>(Map.of("ledger", LedgerBench::run, "meter", () -> MeterBench.run(uses)));
    }

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(List.of(args));
        boolean json = words.contains("--json");
        SortedMap<String, Callable<List<Figure>>> benches = benches(number(words, "--uses", MeterBench.USUAL));
        List<String> names =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        if (words.contains("--help") || names.isEmpty() || !benches.keySet().containsAll(names)) {
            System.err.println(USAGE);
            System.exit(words.contains("--help") ? 0 : 2);
        }
        Logging.quiet();
        for (Map.Entry<String, Callable<List<Figure>>> bench : benches.entrySet()) {
            if (names.contains(bench.getKey())) {
                for (Figure figure : bench.getValue().call()) {
                    System.out.println(json ? figure.json() : figure.text());
                }
            }
        }
        System.exit(0);
    }

    /** Takes an option with its number out of the words. */
    private static long number(List<String> words, String option, long usual) {
        int at = words.indexOf(option);
        if (at < 0) {
            return usual;
        }
        words.remove(at);
        if (at == words.size() || !words.get(at).matches("[0-9]{1,18}")) {
            System.err.println(USAGE);
            System.exit(2);
        }
        return Long.parseLong(words.remove(at));
    }
}
