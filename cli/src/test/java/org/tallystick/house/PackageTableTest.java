package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Measures every package and shows the table: in {@code cli/target/packages.txt}, which {@code ./tallystick test} prints, and in
 * {@code docs/ARCHITECTURE.md} when run with {@code -Dtallystick.update=true}. The numbers inform; none of them fails the build.
 */
final class PackageTableTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("tallystick.root")));

    @Test
    void everyPackageHasARow() throws IOException {
        Dependencies dependencies = Dependencies.ofClassPath();
        List<PackageTable.Row> rows = PackageTable.of(dependencies.classes());
        Path shown = ROOT.resolve("cli/target/packages.txt");
        Files.createDirectories(shown.getParent());
        Files.write(shown, PackageTable.text(rows));
        if (Boolean.getBoolean("tallystick.update")) {
            Drawing.PACKAGES.update(ROOT.resolve("docs/ARCHITECTURE.md"), PackageTable.markdown(rows));
        }
        Set<String> packages = dependencies.classes().stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        assertThat(rows)
                .extracting(row -> "org.tallystick." + row.name())
                .containsExactlyInAnyOrderElementsOf(packages);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.files()).as(row.name()).isPositive();
            assertThat(row.hidden()).as(row.name()).isBetween(0, row.types());
        });
    }

    @Test
    void aKnotIsAGroupEachOfWhichReachesEachOther() {
        Map<String, Set<String>> uses = Map.of(
                "a", Set.of("b"),
                "b", Set.of("c"),
                "c", Set.of("a", "d"),
                "d", Set.of("e"),
                "e", Set.of("d"),
                "f", Set.of("a", "d"));
        assertThat(PackageTable.knots(uses)).containsExactly(Set.of("a", "b", "c"), Set.of("d", "e"));
        assertThat(PackageTable.knots(Map.of("a", Set.of("b"), "b", Set.of()))).isEmpty();
    }
}
