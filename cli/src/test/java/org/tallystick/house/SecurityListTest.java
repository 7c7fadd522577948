package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} keeps to what it says: each requirement once, each with a state and its reason, tests that exist. */
final class SecurityListTest {
    private static final Path PAGE = Path.of("docs/security.md");
    private static final int REQUIREMENTS = 253;
    private static final Pattern LINE =
            Pattern.compile("^\\| (V\\d+\\.\\d+\\.\\d+) \\| ([^|]+) \\| (met|open|none) \\| ([^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(?:[a-z]+\\.)*([A-Z]\\w+Test)`");

    private final SourceTree tree = SourceTree.ofCheckout();
    private final List<MatchResult> lines = tree.linesOf(PAGE).stream()
            .flatMap(line -> LINE.matcher(line).results())
            .toList();

    @Test
    void eachRequirementStandsOnce() {
        assertThat(lines.stream().map(line -> line.group(1)))
                .doesNotHaveDuplicates()
                .hasSize(REQUIREMENTS);
        assertThat(tree.linesOf(PAGE).stream().filter(line -> line.startsWith("| V")))
                .as("lines of another form")
                .hasSize(REQUIREMENTS);
    }

    @Test
    void theCountsAreThose() {
        Map<String, Long> counted = lines.stream()
                .collect(Collectors.groupingBy(line -> line.group(3), TreeMap::new, Collectors.counting()));
        assertThat(String.join(" ", tree.linesOf(PAGE)))
                .contains("Met " + counted.get("met") + ", open " + counted.get("open") + ", none "
                        + counted.get("none") + ".");
    }

    @Test
    void everyTestNamedExists() {
        Set<String> sources = tree.textFiles().stream()
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.toSet());
        List<String> named = tree.linesOf(PAGE).stream()
                .flatMap(line -> TEST.matcher(line).results())
                .map(found -> found.group(1) + ".java")
                .distinct()
                .toList();
        assertThat(named).hasSizeGreaterThan(30);
        assertThat(named.stream().filter(name -> !sources.contains(name))).isEmpty();
    }
}
