package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/contributing.md} is followed: what it names is there, and an endpoint stands where it says an endpoint goes. */
final class ContributingTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("tallystick.root")));
    private static final Path PAGE = Path.of("docs/contributing.md");
    private static final Pattern FILE = Pattern.compile("`([\\w.-]+(?:/[\\w.-]+)+\\.[a-z]+)`");
    private static final Pattern EXAMPLE = Pattern.compile("As `(\\w+)` \\(`(/[a-z-]+)`\\) does it:");

    private final SourceTree tree = SourceTree.ofCheckout();

    @Test
    void everyFileItNamesExists() {
        List<String> gone = files(tree.linesOf(PAGE)).stream()
                .filter(file -> !Files.isRegularFile(ROOT.resolve(file)))
                .toList();
        assertThat(files(tree.linesOf(PAGE))).hasSizeGreaterThan(20);
        assertThat(gone)
                .as("files named in docs/contributing.md that are not there")
                .isEmpty();
    }

    @Test
    void everyKindOfThingHasItsList() {
        for (String kind : List.of("An endpoint", "A pricing model", "A rail", "A scanner", "A page", "A room")) {
            assertThat(files(section(kind))).as(kind).hasSizeGreaterThan(2);
        }
    }

    @Test
    void anEndpointStandsInTheFilesThatAreListed() {
        List<String> section = section("An endpoint");
        MatchResult example = section.stream()
                .flatMap(line -> EXAMPLE.matcher(line).results())
                .findFirst()
                .orElseThrow();
        Pattern named = Pattern.compile("\"" + example.group(1) + "\"|" + example.group(2) + "\\b");
        Set<String> found = tree.textFiles().stream()
                .filter(file -> !file.startsWith("docs") && !file.toString().endsWith(".md"))
                .filter(file -> tree.linesOf(file).stream()
                        .anyMatch(line -> named.matcher(line).find()))
                .map(Path::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(files(section))
                .as("files in which " + example.group(1) + " stands")
                .isEqualTo(found);
    }

    /** The lines under a heading. */
    private List<String> section(String heading) {
        return tree.linesOf(PAGE).stream()
                .dropWhile(line -> !line.equals("## " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
    }

    private static Set<String> files(List<String> lines) {
        return lines.stream()
                .flatMap(line -> FILE.matcher(line).results())
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
