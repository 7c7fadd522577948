package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A module declares no jar that its code does not use. What is needed only while the program runs, such as native code, says so by
 * its scope; what is left must show in an import.
 */
final class JarsTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("tallystick.root")));
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern MODULE = Pattern.compile("<module>([a-z]+)</module>");
    private static final Pattern USED = Pattern.compile("\\b(?:[a-z_]\\w*\\.)+(?=[A-Z*])");

    /** Jars that tests need without naming them: what prints their log, and the JSON parser of a library that judges ours. */
    private static final Set<String> LOADED_BY_TESTS = Set.of("slf4j-jdk14", "parsson");

    private final SourceTree tree = SourceTree.ofCheckout();

    @Test
    void noModuleDeclaresAJarItDoesNotUse() throws IOException {
        Path repository = repository();
        List<String> unused = new ArrayList<>();
        int looked = 0;
        for (MatchResult module : found(MODULE, Files.readString(ROOT.resolve("pom.xml")))) {
            Set<String> packages = packagesNamedIn(module.group(1));
            for (MatchResult each : found(DEPENDENCY, Files.readString(ROOT.resolve(module.group(1) + "/pom.xml")))) {
                String text = each.group(1);
                String group = tag(text, "groupId");
                boolean loaded = tag(text, "scope").equals("test") && LOADED_BY_TESTS.contains(tag(text, "artifactId"));
                if (group.equals("org.tallystick") || tag(text, "scope").equals("runtime") || loaded) {
                    continue;
                }
                looked++;
                Set<String> offered = packagesOf(repository, group, tag(text, "artifactId"));
                if (offered.stream().noneMatch(packages::contains)) {
                    unused.add(
                            module.group(1) + "/pom.xml declares " + tag(text, "artifactId") + ", which nothing uses");
                }
            }
        }
        assertThat(looked).as("declared jars of others").isGreaterThan(15);
        assertThat(unused).isEmpty();
    }

    private static List<MatchResult> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    private static String tag(String text, String name) {
        return Pattern.compile("<" + name + ">([^<]+)</" + name + ">")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElse("");
    }

    private Set<String> packagesNamedIn(String module) {
        Set<String> packages = new TreeSet<>();
        for (SourceTree.Source source : tree.sources()) {
            if (source.module().equals(module)) {
                source.lines()
                        .forEach(line -> USED.matcher(line)
                                .results()
                                .map(MatchResult::group)
                                .forEach(name -> packages.add(name.substring(0, name.length() - 1))));
            }
        }
        return packages;
    }

    /** Where the build keeps jars: above the jar of the assertions used here. */
    private static Path repository() {
        String assertions = Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .filter(entry -> entry.contains("assertj-core"))
                .findFirst()
                .orElseThrow();
        Path at = Path.of(assertions);
        while (at != null && !at.endsWith("org")) {
            at = at.getParent();
        }
        return Objects.requireNonNull(Objects.requireNonNull(at).getParent());
    }

    private static Set<String> packagesOf(Path repository, String group, String artifact) throws IOException {
        Path folder = repository.resolve(group.replace('.', '/')).resolve(artifact);
        Set<String> packages = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                packages.addAll(packagesIn(jar));
            }
        }
        return packages;
    }

    private static Set<String> packagesIn(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && name.contains("/") && !name.startsWith("META-INF"))
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
