package org.tallystick.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A part of {@code docs/ARCHITECTURE.md} that is drawn from the compiled classes and stands between two marks. */
enum Drawing {
    ROOMS("<!-- rooms: drawn by ArchitectureTest -->", "<!-- end of rooms -->"),
    PACKAGES("<!-- packages: drawn by PackageTableTest -->", "<!-- end of packages -->");

    private final String begin;
    private final String end;

    Drawing(String begin, String end) {
        this.begin = begin;
        this.end = end;
    }

    /** The rooms as they really use each other, as a Mermaid graph. An arrow that follows from two others is left out. */
    static List<String> graph(Map<String, Set<String>> uses) {
        List<String> lines = new ArrayList<>(List.of("```mermaid", "graph TD"));
        uses.forEach((room, others) -> {
            Set<String> direct = new TreeSet<>(others);
            others.forEach(other -> direct.removeAll(Dependencies.reachable(uses, other)));
            direct.forEach(other -> lines.add("  " + room + " --> " + other));
        });
        lines.add("```");
        return lines;
    }

    /** The lines that stand in the paper between the marks. */
    List<String> inPaper(Path paper) throws IOException {
        List<String> lines = Files.readAllLines(paper);
        return lines.subList(lines.indexOf(begin) + 1, lines.indexOf(end));
    }

    /** Puts lines between the paper's marks. */
    void update(Path paper, List<String> drawn) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(paper));
        int first = lines.indexOf(begin);
        int last = lines.indexOf(end);
        lines.subList(first + 1, last).clear();
        lines.addAll(first + 1, drawn);
        Files.write(paper, lines);
    }
}
