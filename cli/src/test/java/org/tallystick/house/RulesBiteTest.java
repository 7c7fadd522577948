package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules are tested on planted offences: a rule that never fails is no rule. */
final class RulesBiteTest {
    @TempDir
    private Path root;

    @Test
    void bannedCallsAreFoundWithTheirLineAndReplacement() throws IOException {
        assertThat(findings(
                        "edge",
                        "org.tallystick.edge",
                        "class A {",
                        "  long now() { return System.currentTimeMillis(); }",
                        "  void say(Exception e) { System.out.println(); e.printStackTrace(); }",
                        "  RuntimeException no() { return new UnsupportedOperationException(); }",
                        "}"))
                .satisfiesExactlyInAnyOrder(
                        f -> assertThat(f)
                                .contains("A.java:3: System.currentTimeMillis")
                                .contains("InstantSource"),
                        f -> assertThat(f).contains("A.java:4: System.out").contains("slf4j"),
                        f -> assertThat(f).contains("A.java:4: printStackTrace").contains("slf4j"),
                        f -> assertThat(f).contains("A.java:5: new UnsupportedOperationException"));
    }

    @Test
    void floatingPointIsBannedNearMoneyOnly() throws IOException {
        String[] source = {"class A {", "  double price;", "}"};
        assertThat(findings("platform", "org.tallystick.platform.ledger", source))
                .singleElement()
                .asString()
                .contains("A.java:3: double")
                .contains("Money");
        assertThat(findings("platform", "org.tallystick.platform.metering", source))
                .isEmpty();
    }

    /** A sum beyond 2^63 micros stopped everybody's close; nothing near money is made a number of 64 bits again. */
    @Test
    void sixtyFourBitsAreBannedNearMoney() throws IOException {
        String[] source = {
            "abstract class A {",
            "  abstract long getLong(String column);",
            "  long a = new java.math.BigInteger(\"1\").longValueExact();",
            "  long b = getLong(\"charged\");",
            "  long c = this.getLong(\"charged\");",
            "  long d = this.getLong(\"position\");",
            "  String e = \"select sum(amount)::bigint from ledger.transfer\";",
            "}"
        };
        assertThat(findings("platform", "org.tallystick.platform.settlement.closing", source))
                .satisfiesExactlyInAnyOrder(
                        f -> assertThat(f).contains("A.java:4: longValueExact").contains("BigInteger"),
                        f -> assertThat(f).contains("A.java:6: getLong").contains("Numerics.whole"),
                        f -> assertThat(f).contains("A.java:8: ::bigint").contains("numeric"));
        assertThat(findings("platform", "org.tallystick.platform.metering", source))
                .isEmpty();
    }

    @Test
    void callsThatOnlyLookAlikeAreNot() throws IOException {
        assertThat(findings(
                        "edge",
                        "org.tallystick.edge",
                        "class A {",
                        "  // System.currentTimeMillis() is not called",
                        "  String text = \"System.out\";",
                        "  Object r = new java.util.Random(7);",
                        "}"))
                .isEmpty();
    }

    @Test
    void methodsAreMeasuredAndTypesCounted() throws IOException {
        SourceTree.Source source = source(
                "edge",
                "org.tallystick.edge",
                "/** Why. */ public class A {",
                "  void f() {",
                "    int a = 1;",
                "  }",
                "  class Hidden { public class Deep {} }",
                "  public record Shown() {}",
                "}",
                "interface Quiet { record Inside() {} }");
        assertThat(Shapes.methods(source))
                .singleElement()
                .satisfies(m -> assertThat(m.lines()).isEqualTo(3));
        assertThat(Shapes.types(source))
                .extracting(t -> t.name() + " " + t.visible() + " " + t.documented())
                .containsExactly(
                        "A true true",
                        "Hidden false false",
                        "Deep false false",
                        "Shown true false",
                        "Quiet false false",
                        "Inside false false");
    }

    @Test
    void allowedDirectionsReachFar() {
        assertThat(Rooms.allowed("ledger")).containsExactly("db", "kernel");
        assertThat(Rooms.allowed("rating")).containsExactly("kernel");
        assertThat(Rooms.allowed("metering")).contains("contract", "log").doesNotContain("ledger", "ingest");
        assertThat(Rooms.all())
                .allSatisfy(room -> assertThat(Rooms.allowed(room)).doesNotContain(room, "app"));
    }

    private List<String> findings(String module, String packageName, String... lines) throws IOException {
        return Banned.findings(source(module, packageName, lines));
    }

    private SourceTree.Source source(String module, String packageName, String... lines) throws IOException {
        Path folder = root.resolve(module).resolve("src/main/java").resolve(packageName.replace('.', '/'));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("A.java"), "package " + packageName + ";\n" + String.join("\n", lines) + "\n");
        return SourceTree.of(root).sources().stream()
                .filter(source -> source.packageName().equals(packageName))
                .findFirst()
                .orElseThrow();
    }
}
