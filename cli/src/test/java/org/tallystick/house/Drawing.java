package org.tallystick.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rooms as they really use each other, as a Mermaid graph in {@code docs/ARCHITECTURE.md}. An arrow that follows from
 * two others is left out.
 */
final class Drawing {
    private static final String BEGIN = "<!-- rooms: drawn by ArchitectureTest -->";
    private static final String END = "<!-- end of rooms -->";

    private Drawing() {}

    /** The lines of the graph. */
    static List<String> of(Map<String, Set<String>> uses) {
        List<String> lines = new ArrayList<>(List.of("```mermaid", "graph TD"));
        uses.forEach((room, others) -> {
            Set<String> direct = new TreeSet<>(others);
            others.forEach(other -> direct.removeAll(reachable(uses, other)));
            direct.forEach(other -> lines.add("  " + room + " --> " + other));
        });
        lines.add("```");
        return lines;
    }

    private static Set<String> reachable(Map<String, Set<String>> uses, String from) {
        Set<String> all = new HashSet<>();
        for (String next : uses.getOrDefault(from, Set.of())) {
            if (all.add(next)) {
                all.addAll(reachable(uses, next));
            }
        }
        return all;
    }

    /** The lines that stand in the paper between its marks. */
    static List<String> inPaper(Path paper) throws IOException {
        List<String> lines = Files.readAllLines(paper);
        return lines.subList(lines.indexOf(BEGIN) + 1, lines.indexOf(END));
    }

    /** Puts the graph between the paper's marks. */
    static void update(Path paper, List<String> graph) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(paper));
        int begin = lines.indexOf(BEGIN);
        int end = lines.indexOf(END);
        lines.subList(begin + 1, end).clear();
        lines.addAll(begin + 1, graph);
        Files.write(paper, lines);
    }
}
