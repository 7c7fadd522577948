package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How the code is written, measured over the whole tree; each failure says where and what to do. */
final class TidyTest {
    private static final int LONGEST_FILE = 499;
    private static final int LONGEST_METHOD = 59;
    private static final int LEAST_HIDDEN_PERCENT = 40;

    private static final Pattern LEFT_OPEN =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|not imple" + "mented)\\b");
    private static final Pattern SWITCHED_OFF = Pattern.compile("@Dis" + "abled|assumeTrue\\(false|assumeFalse\\(true");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.])/(?:ro" + "ot|wo" + "rk|home/[a-z]+|Users/[A-Za-z]+|tm" + "p)/[\\w.-]+");

    private static SourceTree tree;

    @BeforeAll
    static void readTheTree() {
        tree = SourceTree.ofCheckout();
    }

    @Test
    void filesAreShort() {
        List<String> tooLong = tree.sources().stream()
                .filter(source -> source.lines().size() > LONGEST_FILE)
                .map(source -> source.path() + " has " + source.lines().size() + " lines; split it at a concern")
                .toList();
        assertThat(tooLong).as("files of more than %d lines", LONGEST_FILE).isEmpty();
    }

    @Test
    void methodsAreShort() {
        List<String> tooLong = tree.sources().stream()
                .flatMap(source -> Shapes.methods(source).stream())
                .filter(method -> method.lines() > LONGEST_METHOD)
                .map(method -> method.where() + ": " + method.name() + " has " + method.lines() + " lines")
                .toList();
        assertThat(tooLong).as("methods of more than %d lines", LONGEST_METHOD).isEmpty();
    }

    @Test
    void nothingBannedIsWritten() {
        List<String> findings = tree.sources().stream()
                .flatMap(source -> Banned.findings(source).stream())
                .toList();
        assertThat(findings).as("banned calls and types").isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Set<String> packages = new TreeSet<>();
        Set<String> described = new TreeSet<>();
        List<String> thin = new ArrayList<>();
        for (SourceTree.Source source : tree.mainSources()) {
            packages.add(source.packageName());
            if (source.isPackageInfo()) {
                described.add(source.packageName());
                String doc = Shapes.packageDoc(source).orElse("").toLowerCase(java.util.Locale.ROOT);
                for (String word : List.of("invariant", "trust", "read")) {
                    if (!doc.contains(word)) {
                        thin.add(source.path() + " says nothing with the word \"" + word + "\"");
                    }
                }
            }
        }
        packages.removeAll(described);
        assertThat(packages).as("packages without package-info.java").isEmpty();
        assertThat(thin)
                .as("a package-info says purpose, invariants, whom it trusts and what to read first")
                .isEmpty();
    }

    @Test
    void everyTypeSaysWhy() {
        List<String> silent = tree.mainSources().stream()
                .flatMap(source -> Shapes.types(source).stream())
                .filter(type -> type.topLevel() && !type.documented())
                .map(type -> type.where() + ": " + type.name() + " has no comment that says why it is there")
                .toList();
        assertThat(silent).isEmpty();
    }

    @Test
    void mostTypesAreHidden() {
        List<Shapes.Type> types = tree.mainSources().stream()
                .flatMap(source -> Shapes.types(source).stream())
                .toList();
        long hidden = types.stream().filter(type -> !type.visible()).count();
        long percent = hidden * 100 / types.size();
        assertThat(percent)
                .as(
                        "%d of %d types are hidden from other packages; make package-private what is not a façade or a value",
                        hidden, types.size())
                .isGreaterThanOrEqualTo(LEAST_HIDDEN_PERCENT);
    }

    @Test
    void nothingIsLeftOpen() {
        List<String> left = new ArrayList<>();
        for (SourceTree.Source source : tree.sources()) {
            left.addAll(matches(source.path(), source.lines(), LEFT_OPEN, "finish it or take it out"));
            left.addAll(matches(source.path(), source.lines(), SWITCHED_OFF, "mend the test or take it out"));
        }
        assertThat(left).isEmpty();
    }

    @Test
    void noPathOfOneMachineIsNamed() {
        List<String> named = tree.textFiles().stream()
                .flatMap(file -> matches(file, tree.linesOf(file), MACHINE_PATH, "a path of one machine").stream())
                .toList();
        assertThat(named).isEmpty();
    }

    private static List<String> matches(Path file, List<String> lines, Pattern pattern, String what) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (pattern.matcher(lines.get(i)).find()) {
                found.add(
                        file + ":" + (i + 1) + ": " + what + ": " + lines.get(i).strip());
            }
        }
        return found;
    }
}
