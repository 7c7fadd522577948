package org.tallystick.cli.shell;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as their widest cell; numbers to the right. Not thread-safe. */
public final class Table {
    private final List<String> headings;
    private final List<Boolean> rightAligned;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param headings a heading that begins with {@code >} is set to the right, as its column
     */
    public Table(String... headings) {
        this.rightAligned =
                List.of(headings).stream().map(h -> h.startsWith(">")).toList();
        this.headings = List.of(headings).stream()
                .map(h -> h.startsWith(">") ? h.substring(1) : h)
                .toList();
    }

    /** Adds a row with a cell per column. */
    public void row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells in " + headings.size());
        }
        rows.add(List.of(cells));
    }

    /** The lines, headings first. */
    public List<String> lines() {
        int[] widths = new int[headings.size()];
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(headings);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - width(row.get(i)));
            line.append(i == 0 ? "" : "  ").append(rightAligned.get(i) ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
