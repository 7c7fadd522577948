package org.tallystick.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Three measures of each package, as a table: how many files it has, what share of its types other packages cannot name,
 * and its knots. A knot is a largest group of classes of one package each of which needs each other one, directly or through others:
 * none of them can be read, tested or changed alone. Nested types count with the class they stand in.
 */
final class PackageTable {
    private PackageTable() {}

    /** A package's row; knots by the names of their classes, largest first. */
    record Row(String name, int files, int types, int hidden, List<Set<String>> knots) {
        int hiddenPercent() {
            return types == 0 ? 0 : hidden * 100 / types;
        }
    }

    /** A row for each package, by name. */
    static List<Row> of(Collection<JavaClass> classes) {
        Map<String, List<JavaClass>> packages = new TreeMap<>();
        for (JavaClass type : classes) {
            boolean written = !type.isAnonymousClass()
                    && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
                    && !type.getSimpleName().equals("package-info");
            if (written) {
                packages.computeIfAbsent(type.getPackageName(), name -> new ArrayList<>())
                        .add(type);
            }
        }
        List<Row> rows = new ArrayList<>();
        packages.forEach((name, types) -> {
            Set<String> files = new TreeSet<>();
            types.forEach(type -> files.add(outermost(type).getSimpleName()));
            int hidden = (int) types.stream().filter(type -> !visible(type)).count();
            String shown = name.substring(name.indexOf('.', name.indexOf('.') + 1) + 1);
            rows.add(new Row(shown, files.size(), types.size(), hidden, knots(uses(types))));
        });
        return rows;
    }

    /** The table as Markdown: knots by their sizes. */
    static List<String> markdown(List<Row> rows) {
        List<String> lines = new ArrayList<>(
                List.of("| package | files | types | hidden | knots, by number of classes |", "|---|--:|--:|--:|---|"));
        for (Row row : rows) {
            String sizes = row.knots().stream()
                    .map(knot -> String.valueOf(knot.size()))
                    .collect(Collectors.joining(", "));
            lines.add("| `%s` | %d | %d | %d %% | %s |"
                    .formatted(row.name(), row.files(), row.types(), row.hiddenPercent(), sizes));
        }
        return lines;
    }

    /** The table for a terminal: knots by the names of their classes. */
    static List<String> text(List<Row> rows) {
        List<String> lines = new ArrayList<>(
                List.of("%-32s %5s %5s %7s  %s".formatted("package", "files", "types", "hidden", "knots")));
        for (Row row : rows) {
            String knots = row.knots().stream()
                    .map(knot -> knot.size() + ": " + String.join(" ", knot))
                    .collect(Collectors.joining("; "));
            lines.add("%-32s %5d %5d %5d %%  %s"
                    .formatted(row.name(), row.files(), row.types(), row.hiddenPercent(), knots)
                    .stripTrailing());
        }
        return lines;
    }

    /** Groups of more than one name each of which reaches each other one. */
    static List<Set<String>> knots(Map<String, Set<String>> uses) {
        Map<String, Set<String>> reached = new TreeMap<>();
        uses.keySet().forEach(name -> reached.put(name, Dependencies.reachable(uses, name)));
        Set<String> left = new TreeSet<>(uses.keySet());
        List<Set<String>> knots = new ArrayList<>();
        while (!left.isEmpty()) {
            String first = left.iterator().next();
            Set<String> knot = new TreeSet<>(Set.of(first));
            for (String other : left) {
                if (reached.getOrDefault(first, Set.of()).contains(other)
                        && reached.getOrDefault(other, Set.of()).contains(first)) {
                    knot.add(other);
                }
            }
            left.removeAll(knot);
            if (knot.size() > 1) {
                knots.add(knot);
            }
        }
        knots.sort(Comparator.comparingInt(knot -> -knot.size()));
        return knots;
    }

    /** Which outermost classes of one package use which others of it. */
    private static Map<String, Set<String>> uses(List<JavaClass> types) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : types) {
            String from = outermost(type).getSimpleName();
            Set<String> used = uses.computeIfAbsent(from, name -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = outermost(Dependencies.targetOf(dependency));
                if (target.getPackageName().equals(type.getPackageName())
                        && !target.getSimpleName().equals(from)) {
                    used.add(target.getSimpleName());
                }
            }
        }
        return uses;
    }

    private static boolean visible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PackageTable::visible).orElse(true);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(PackageTable::outermost).orElse(type);
    }
}
