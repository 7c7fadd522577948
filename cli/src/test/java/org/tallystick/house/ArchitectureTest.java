package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom: modules, rooms, HTTP types, SQL. The tables here are the design's; a failure names the line. */
final class ArchitectureTest {
    private static final Map<String, Set<String>> MODULES = Map.of(
            "protocol", Set.of(),
            "drafting", Set.of("protocol"),
            "sdk", Set.of("protocol"),
            "edge", Set.of("protocol"),
            "platform", Set.of("protocol", "drafting"),
            "cli", Set.of("protocol", "drafting", "sdk", "platform", "edge"));

    /** The layers of {@code protocol}, lowest first; a layer uses itself and what stands before it. */
    private static final List<String> LAYERS =
            List.of("codec", "sign", "tree", "receipt", "log", "terms", "pricing", "usage", "statement");

    private static final List<String> HTTP = List.of(
            "io.javalin.", "jakarta.servlet.", "org.eclipse.jetty.", "java.net.http.", "com.sun.net.httpserver.");
    private static final Set<String> SPEAK_HTTP = Set.of("api", "web", "app");
    private static final List<String> SQL = List.of("java.sql.", "javax.sql.", "org.jdbi.", "org.postgresql.");

    /** What takes SQL text; savepoints, error codes and the columns of a row are not SQL. */
    private static final Pattern TAKES_SQL =
            Pattern.compile("execute.*|create(Query|Update|Batch|Call|Script|Statement)|prepare.*|select|getCopyAPI");

    private static Dependencies dependencies;

    @BeforeAll
    static void readTheClasses() {
        dependencies = Dependencies.ofClassPath();
    }

    @Test
    void theWholeTreeIsLookedAt() {
        assertThat(dependencies.classes().stream()
                        .flatMap(c -> Dependencies.moduleOf(c).stream())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(MODULES.keySet());
        assertThat(Rooms.all()).containsAll(dependencies.rooms().keySet());
    }

    @Test
    void modulesKeepTheirDirections() {
        Set<String> wrong = new TreeSet<>();
        eachDependency((type, dependency) -> {
            String module = Dependencies.moduleOf(type).orElseThrow();
            Dependencies.moduleOf(Dependencies.targetOf(dependency))
                    .filter(other -> !other.equals(module)
                            && !MODULES.getOrDefault(module, Set.of()).contains(other))
                    .ifPresent(other ->
                            wrong.add(module + " must not use " + other + ": " + Dependencies.where(dependency)));
        });
        assertThat(wrong).isEmpty();
    }

    /** So whoever verifies a receipt or a statement loads neither the clause library nor anything else above it. */
    @Test
    void layersOfTheProtocolOnlyLookDown() {
        String prefix = "org.tallystick.protocol.";
        Set<String> wrong = new TreeSet<>();
        eachDependency((type, dependency) -> {
            String target = Dependencies.targetOf(dependency).getPackageName();
            if (!type.getPackageName().startsWith(prefix) || !target.startsWith(prefix)) {
                return;
            }
            int from = LAYERS.indexOf(type.getPackageName().substring(prefix.length()));
            int to = LAYERS.indexOf(target.substring(prefix.length()));
            if (from < 0 || to < 0 || to > from) {
                wrong.add(type.getPackageName() + " must not use " + target + ": " + Dependencies.where(dependency));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void draftingStandsOnTermsAlone() {
        Set<String> wrong = new TreeSet<>();
        eachDependency((type, dependency) -> {
            String target = Dependencies.targetOf(dependency).getPackageName();
            boolean above = target.matches("org\\.tallystick\\.protocol\\.(log|pricing|usage|statement)");
            if (type.getPackageName().startsWith("org.tallystick.drafting") && above) {
                wrong.add("drafting must not use " + target + ": " + Dependencies.where(dependency));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void protocolNeedsNothingButTheJdk() {
        Set<String> wrong = new TreeSet<>();
        eachDependency((type, dependency) -> {
            String target = Dependencies.targetOf(dependency).getName();
            boolean allowed = target.startsWith("java.")
                    || target.startsWith("javax.crypto.")
                    || target.startsWith("org.tallystick.protocol.")
                    || target.startsWith("org.jspecify.annotations.")
                    || Dependencies.targetOf(dependency).isPrimitive();
            if (type.getPackageName().startsWith("org.tallystick.protocol") && !allowed) {
                wrong.add("protocol must not use " + target + ": " + Dependencies.where(dependency));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void roomsKeepTheirDirections() {
        Set<String> wrong = new TreeSet<>();
        eachDependency((type, dependency) -> Dependencies.roomOf(type).ifPresent(room -> {
            if (!Rooms.isKnown(room)) {
                wrong.add("room " + room + " is not in the table of rooms (house/Rooms.java): give it its place");
                return;
            }
            Dependencies.roomOf(Dependencies.targetOf(dependency))
                    .filter(other -> !other.equals(room) && !Rooms.allowed(room).contains(other))
                    .ifPresent(other -> wrong.add(
                            "room " + room + " must not use " + other + ": " + Dependencies.where(dependency)));
        }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void packagesFormNoCycle() {
        Map<String, Set<String>> uses = dependencies.packages();
        List<String> cycles = new ArrayList<>();
        for (String start : uses.keySet()) {
            if (Dependencies.reachable(uses, start).contains(start)) {
                cycles.add(start + " can be reached from itself through " + uses.get(start));
            }
        }
        assertThat(cycles).isEmpty();
    }

    @Test
    void httpTypesStayAtTheDoor() {
        Set<String> wrong = new TreeSet<>();
        eachDependency((type, dependency) -> Dependencies.roomOf(type)
                .filter(room -> !SPEAK_HTTP.contains(room) && startsWithAny(dependency, HTTP))
                .ifPresent(room -> wrong.add("HTTP types belong to " + SPEAK_HTTP + ", not to " + room + ": "
                        + Dependencies.where(dependency))));
        assertThat(wrong).isEmpty();
    }

    /** A store's caller may hand it the transaction; only the store itself may talk to the database through it. */
    @Test
    void sqlStaysInStores() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : dependencies.classes()) {
            String outermost = outermost(type).getSimpleName();
            boolean may = Dependencies.roomOf(type).filter("db"::equals).isPresent() || outermost.endsWith("Store");
            if (may || Dependencies.roomOf(type).isEmpty()) {
                continue;
            }
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                String owner = access.getTargetOwner().getName();
                boolean takesSql =
                        TAKES_SQL.matcher(access.getTarget().getName()).matches();
                if (takesSql && SQL.stream().anyMatch(owner::startsWith)) {
                    wrong.add("SQL belongs to db and to classes named …Store, not to " + outermost + ": calls "
                            + access.getTarget().getFullName() + " " + access.getSourceCodeLocation());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Run with {@code -Dtallystick.update=true} to draw it anew. */
    @Test
    void theDrawingInThePaperIsTrue() throws IOException {
        Path paper = Path.of(Objects.requireNonNull(System.getProperty("tallystick.root")), "docs/ARCHITECTURE.md");
        List<String> graph = Drawing.graph(dependencies.rooms());
        if (Boolean.getBoolean("tallystick.update")) {
            Drawing.ROOMS.update(paper, graph);
        }
        assertThat(Drawing.ROOMS.inPaper(paper))
                .as("docs/ARCHITECTURE.md; to draw the rooms anew: ./mvnw test -pl cli -am -Dtest=ArchitectureTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dtallystick.update=true")
                .isEqualTo(graph);
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    private static boolean startsWithAny(Dependency dependency, List<String> prefixes) {
        String name = Dependencies.targetOf(dependency).getName();
        return prefixes.stream().anyMatch(name::startsWith);
    }

    private static void eachDependency(BiConsumer<JavaClass, Dependency> check) {
        for (JavaClass type : dependencies.classes()) {
            type.getDirectDependenciesFromSelf().forEach(dependency -> check.accept(type, dependency));
        }
    }
}
