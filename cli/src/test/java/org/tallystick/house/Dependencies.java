package org.tallystick.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The compiled classes of every module but {@code bench}, and who of them uses whom. */
final class Dependencies {
    private static final String OURS = "org.tallystick.";
    private static final String PLATFORM = "org.tallystick.platform.";

    private final JavaClasses classes;

    private Dependencies(JavaClasses classes) {
        this.classes = classes;
    }

    static Dependencies ofClassPath() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.tallystick");
        return new Dependencies(all.that(
                DescribedPredicate.describe("ours", c -> c.getPackageName().startsWith(OURS))));
    }

    Collection<JavaClass> classes() {
        return classes;
    }

    /** {@code protocol}, {@code edge}, …; empty for what is not ours. */
    static Optional<String> moduleOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(OURS)) {
            return Optional.empty();
        }
        return Optional.of(name.substring(OURS.length()).split("\\.")[0]);
    }

    /** The room of {@code platform} a class lies in. */
    static Optional<String> roomOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(PLATFORM)) {
            return Optional.empty();
        }
        return Optional.of(name.substring(PLATFORM.length()).split("\\.")[0]);
    }

    /** Which packages of ours use which, by name. */
    Map<String, Set<String>> packages() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> used = uses.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = targetOf(dependency).getPackageName();
                if (target.startsWith(OURS) && !target.equals(type.getPackageName())) {
                    used.add(target);
                }
            }
        }
        return uses;
    }

    /** Which rooms use which. */
    Map<String, Set<String>> rooms() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : classes) {
            roomOf(type).ifPresent(room -> {
                Set<String> used = uses.computeIfAbsent(room, name -> new TreeSet<>());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    roomOf(targetOf(dependency))
                            .filter(other -> !other.equals(room))
                            .ifPresent(used::add);
                }
            });
        }
        return uses;
    }

    /** What can be reached from a name, itself only through a circle. */
    static Set<String> reachable(Map<String, Set<String>> uses, String start) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(uses.getOrDefault(start, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (seen.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        return seen;
    }

    /** What is depended on, arrays by their component. */
    static JavaClass targetOf(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType();
    }

    /** {@code Origin (File.java:12)} of a dependency. */
    static String where(Dependency dependency) {
        return dependency.getOriginClass().getSimpleName() + " " + dependency.getSourceCodeLocation();
    }
}
