package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the list of entry types to the platform's sources, in which each type is written, and to docs/formats.md. */
class EntryTypesTest {
    private static final Path ROOT = Path.of(System.getProperty("tallystick.root", ".."));

    /** What is given as the type where a document is drafted, directly or through the helper that drafts runs. */
    private static final Pattern WRITTEN =
            Pattern.compile("(?:Draft\\.document\\(|\\bruns\\(\\s*drafts,)\\s*([\\w.]+|\"[^\"]*\")\\s*,");

    private static final Pattern OTHERWISE = Pattern.compile("new (Draft\\.Document|LogEntry\\.DocumentEntry)\\(");

    @Test
    void everyTypeThatIsWrittenIsKnownAndEveryKnownTypeIsWritten() {
        TreeSet<String> written = new TreeSet<>();
        for (Path source : sources()) {
            Matcher matcher = WRITTEN.matcher(text(source));
            matcher.results().map(found -> type(source, found)).forEach(written::addAll);
        }
        assertThat(written).containsExactlyInAnyOrderElementsOf(EntryTypes.KNOWN);
    }

    @Test
    void documentsAreWrittenInNoOtherWay() {
        assertThat(sources().stream()
                        .filter(source -> OTHERWISE.matcher(text(source)).find())
                        .map(source -> source.getFileName().toString()))
                .as("drafts, and their salting, which keeps the type")
                .containsExactlyInAnyOrder("Draft.java", "EntrySalts.java");
    }

    @Test
    void everyKnownTypeIsInThePapers() {
        String formats = text(ROOT.resolve("docs/formats.md"));
        assertThat(EntryTypes.KNOWN).allSatisfy(type -> assertThat(formats).contains("`" + type + "`"));
    }

    /** The type a draft's first argument stands for; none where it is the helper's own parameter. */
    private static List<String> type(Path source, MatchResult found) {
        String argument = found.group(1);
        if (argument.startsWith("\"")) {
            return List.of(argument.substring(1, argument.length() - 1));
        }
        if (argument.equals("type")) {
            assertThat(source).endsWithRaw(Path.of("CloseEntries.java"));
            return List.of();
        }
        int dot = argument.lastIndexOf('.');
        String constant = argument.substring(dot + 1);
        String holder = dot < 0 ? "" : argument.substring(0, dot) + ".java";
        Pattern value = Pattern.compile("String " + constant + "\\s*=\\s*\"([^\"]*)\"");
        List<String> values = allSources().stream()
                .filter(file -> dot < 0 ? file.equals(source) : file.endsWith(holder))
                .flatMap(file -> value.matcher(text(file)).results())
                .map(result -> result.group(1))
                .toList();
        assertThat(values).as("%s in %s", argument, source).hasSize(1);
        return values;
    }

    private static List<Path> sources() {
        return under("platform/src/main/java");
    }

    private static List<Path> allSources() {
        return Stream.concat(sources().stream(), under("protocol/src/main/java").stream())
                .toList();
    }

    private static List<Path> under(String folder) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
