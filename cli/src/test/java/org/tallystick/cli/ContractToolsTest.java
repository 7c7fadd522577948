package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.drafting.Templates;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.sdk.SigningKey;

/** The life of a contract as a file: made, read, checked, signed, answered; each by one command. */
final class ContractToolsTest {
    private static final List<String> NEW = List.of(
            "new",
            "--template",
            "non-exclusive",
            "--dataset",
            "hn-98765",
            "--buyer",
            "buyer-7",
            "--curator",
            "curator-11",
            "--dataset-version",
            "1".repeat(64));

    @TempDir
    private Path folder;

    private CapturedTerminal captured = new CapturedTerminal();

    private ExitCode run(List<String> words) {
        captured = new CapturedTerminal();
        List<String> all = new ArrayList<>(List.of("contract"));
        all.addAll(words);
        return new Main(Commands.all(), captured.terminal()).run(all);
    }

    private ExitCode run(String... words) {
        return run(List.of(words));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void made(String name, String... more) {
        List<String> words = new ArrayList<>(NEW);
        words.addAll(List.of("--out", file(name)));
        words.addAll(List.of(more));
        assertThat(run(words)).isEqualTo(ExitCode.OK);
    }

    @Test
    void templatesAreListedOneALine() {
        assertThat(run("templates")).isEqualTo(ExitCode.OK);
        assertThat(captured.out())
                .hasSameSizeAs(Templates.all())
                .anyMatch(line -> line.startsWith("exclusive-window  "));
    }

    @Test
    void aContractIsMadeSignedAndVerifiedInOneCommandEach() throws IOException {
        SigningKey.generate().save(folder.resolve("buyer.pem"));
        made("c.jsonld", "--party", "buyer-7", "--key", file("buyer.pem"));
        assertThat(run("check", file("c.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(run("verify", file("c.jsonld"))).isEqualTo(ExitCode.OK);
        SigningKey.generate().save(folder.resolve("curator.pem"));
        assertThat(run(
                        "sign",
                        file("c.jsonld"),
                        "--party",
                        "curator-11",
                        "--key",
                        file("curator.pem"),
                        "--out",
                        file("d.jsonld")))
                .isEqualTo(ExitCode.OK);
        assertThat(run("verify", file("d.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("signatures 2");
        String cheaper = Files.readString(folder.resolve("d.jsonld")).replace("0.005", "0.004");
        Files.writeString(folder.resolve("e.jsonld"), cheaper);
        assertThat(run("verify", file("e.jsonld"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out())
                .anyMatch(line -> line.startsWith("WRONG contract/signature-wrong"))
                .anyMatch(line -> line.startsWith("WRONG contract/text-mismatch"));
        assertThat(run("sign", file("e.jsonld"), "--party", "buyer-7", "--key", file("buyer.pem")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).anyMatch(line -> line.contains("nobody should sign it"));
    }

    @Test
    void everyTemplateIsMadeByFlagsAndLintsClean() {
        for (var template : Templates.all()) {
            String name = template.name() + ".jsonld";
            List<String> words = new ArrayList<>(List.of("new", "--template", template.name(), "--out", file(name)));
            template.questions().stream()
                    .filter(question -> question.standard().isEmpty()
                            || question.kind() == org.tallystick.drafting.Question.Kind.HASH)
                    .forEach(question -> words.addAll(List.of(
                            "--" + question.name(),
                            switch (question.kind()) {
                                case AMOUNT -> "5000";
                                case HASH -> "1".repeat(64);
                                default -> question.name() + "-1";
                            })));
            assertThat(run(words)).as(captured.err().toString()).isEqualTo(ExitCode.OK);
            assertThat(run("lint", file(name))).isEqualTo(ExitCode.OK);
            assertThat(captured.out()).containsExactly("Nothing stands out.");
            assertThat(run("check", file(name))).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void whatNoFlagSaysIsAskedOfAPerson() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal person = new Terminal(out, err, true, InstantSource.system());
        Command command = ContractCommand.command(
                InstantSource.fixed(Instant.parse("2026-01-05T12:34:56Z")),
                new StringReader("\nhn-1\n" + "2".repeat(64) + "\nbuyer-1\ncurator-1\nEUR\n0.004\n"));
        ExitCode code =
                new Main(List.of(command), person).run(List.of("contract", "new", "--template", "non-exclusive"));
        assertThat(code).isEqualTo(ExitCode.OK);
        ContractDocument made = ContractDocument.parse(out.toByteArray());
        assertThat(made.dataset()).isEqualTo("hn-1");
        assertThat(made.buyer()).contains("buyer-1");
        assertThat(made.datasetVersion().orElseThrow().hex()).isEqualTo("2".repeat(64));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Party id of the buyer (party):", "Currency (ISO 4217) (currency) [USD]:")
                .contains("Assumed: --duration P1Y, ", "--law DE")
                .doesNotContain("--price 0.005");
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).contains("\"pricePerUnitEur\": 0.004");
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThat(run("new", "--template", "non-exclusive", "--dataset", "d")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err().getFirst()).contains("also needs buyer, curator");
        assertThat(run(NEW.subList(0, NEW.size() - 2))).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err().getFirst()).contains("needs --dataset-version");
        assertThat(run("new", "--template", "exclusive-windw")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err().getFirst()).contains("did you mean exclusive-window?");
        assertThat(run("new")).isEqualTo(ExitCode.USAGE);
        assertThat(run("print")).isEqualTo(ExitCode.USAGE);
        assertThat(run("templates", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(run("sign", file("none"), "--party", "a", "--key", file("none")))
                .isEqualTo(ExitCode.USAGE);
        made("c.jsonld");
        assertThat(run("sign", file("c.jsonld"), "--party", "a", "--key", file("none")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("print", file("c.jsonld"), "--format", "pdf")).isEqualTo(ExitCode.USAGE);
        assertThat(run("diff", file("c.jsonld"))).isEqualTo(ExitCode.USAGE);
        List<String> again = new ArrayList<>(NEW);
        again.addAll(List.of("--out", file("c.jsonld")));
        assertThat(run(again)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).anyMatch(line -> line.contains("exists already"));
    }

    @Test
    void aTrapIsShownWithWhatMendsIt() throws IOException {
        made("c.jsonld");
        String without = Files.readString(folder.resolve("c.jsonld"))
                .replace("\"warranty\": \"own-content\"", "\"warranty\": \"broad\"");
        Files.writeString(folder.resolve("w.jsonld"), without);
        assertThat(run("lint", file("w.jsonld"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getFirst()).startsWith("HIGH   broad-warranty (indemnity, hurts creators)");
        assertThat(run("lint", file("w.jsonld"), "--json")).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getFirst()).contains("\"code\":\"broad-warranty\"");
        assertThat(run("reply", file("w.jsonld"), "--as", "counter", "--out", file("counter.jsonld")))
                .isEqualTo(ExitCode.OK);
        assertThat(run("lint", file("counter.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(run("reply", file("w.jsonld"), "--as", "shrug")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void twoVersionsAreCompared() {
        made("a.jsonld", "--id", "cnf-1");
        made("b.jsonld", "--id", "cnf-1", "--price", "0.006");
        assertThat(run("diff", file("a.jsonld"), file("a.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).containsExactly("The same terms.");
        assertThat(run("diff", file("a.jsonld"), file("b.jsonld"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).first().isEqualTo("What the buyer pays [compensation]");
        assertThat(captured.out()).anyMatch(line -> line.startsWith("  + ") && line.contains("USD 0.006"));
    }

    @Test
    void itIsPrintedAndCarriedToOdrlAndBack() throws IOException {
        made("c.jsonld");
        assertThat(run("print", file("c.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(captured.out().getFirst()).startsWith("# Data contract cnf-");
        assertThat(run("print", file("c.jsonld"), "--format", "html", "--out", file("c.html")))
                .isEqualTo(ExitCode.OK);
        assertThat(Files.readString(folder.resolve("c.html"))).startsWith("<!DOCTYPE html>");
        assertThat(run("odrl", file("c.jsonld"), "--out", file("p.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(run("odrl", file("p.jsonld"), "--out", file("back.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(run("diff", file("c.jsonld"), file("back.jsonld"))).isEqualTo(ExitCode.OK);
    }

    @Test
    void pricesAreEstimatedFromWhatIsKnown() {
        assertThat(run("price", "--works", "15000", "--earned", "120000", "--months", "12"))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out())
                .anyMatch(line -> line.startsWith("per work: "))
                .anyMatch(line -> line.startsWith("multiple of what the works earn: 600 to 2400"))
                .anyMatch(line -> line.startsWith("  after 12 months: USD "));
        assertThat(run("price", "--works", "15000", "--json")).isEqualTo(ExitCode.OK);
        assertThat(String.join("\n", captured.out())).contains("\"series\": [");
        assertThat(run("price", "--works", "15000", "--memo", "hn-98765")).isEqualTo(ExitCode.OK);
        assertThat(captured.out().getFirst()).isEqualTo("# What hn-98765 is worth");
        assertThat(run("price")).isEqualTo(ExitCode.USAGE);
        assertThat(run("price", "--works", "many")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aKeyIsMadeOnceAndThenSaid() {
        assertThat(run("key", "--key", file("fresh.pem"))).isEqualTo(ExitCode.OK);
        String did = captured.out().getFirst();
        assertThat(did).startsWith("did:key:z6Mk");
        assertThat(run("key", "--key", file("fresh.pem"))).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).containsExactly(did);
    }

    @Test
    void aDetachedSignatureUnderAWebNameIsCheckedAgainstTheDocumentAtHand() throws IOException {
        run("key", "--key", file("buyer.pem"));
        String did = captured.out().getFirst();
        made("web.jsonld");
        String kid = "did:web:buyer.example#key-1";
        List<String> sign =
                List.of("sign", file("web.jsonld"), "--party", "buyer-7", "--key", file("buyer.pem"), "--kid", kid);
        List<String> words = new ArrayList<>(sign);
        words.addAll(List.of("--out", file("signed.jsonld")));
        assertThat(run(words)).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(folder.resolve("signed.jsonld")))
                .contains("\"jws\"")
                .doesNotContain("\"sig\"");
        assertThat(run("verify", file("signed.jsonld"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).anyMatch(line -> line.contains("https://buyer.example/.well-known/did.json"));
        String document = """
            {"id": "did:web:buyer.example", "assertionMethod": ["#key-1"],
             "verificationMethod": [{"id": "#key-1", "publicKeyMultibase": "%s"}]}
            """.formatted(did.substring("did:key:".length()));
        Files.writeString(folder.resolve("did.json"), document);
        assertThat(run("verify", file("signed.jsonld"), "--did", file("did.json")))
                .isEqualTo(ExitCode.OK);
        Files.writeString(folder.resolve("did.json"), document.replace("assertionMethod", "authentication"));
        assertThat(run("verify", file("signed.jsonld"), "--did", file("did.json")))
                .isEqualTo(ExitCode.WRONG);
        words = new ArrayList<>(sign);
        words.set(words.size() - 1, "did:web:nowhere");
        assertThat(run(words)).isEqualTo(ExitCode.USAGE);
        assertThat(run("sign", file("web.jsonld"), "--party", "buyer-7", "--key", file("buyer.pem"), "--jws", "--only"))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).singleElement().asString().startsWith("{\"jws\":");
    }

    @Test
    void aCoopSignsUnderTheMandateOfItsMember() throws IOException {
        for (String who : List.of("ada", "coop")) {
            run("key", "--key", file(who + ".pem"));
        }
        made("c.jsonld");
        List<String> mandate = List.of(
                "mandate",
                "--id",
                "m-1",
                "--party",
                "ada",
                "--agent",
                "coop-1",
                "--dataset",
                "hn-98765",
                "--key",
                file("ada.pem"),
                "--out",
                file("m-1.json"));
        assertThat(run(mandate)).isEqualTo(ExitCode.OK);
        List<String> sign = List.of("sign", file("c.jsonld"), "--mandate", file("m-1.json"), "--key", file("coop.pem"));
        List<String> out = new ArrayList<>(sign);
        out.addAll(List.of("--out", file("signed.jsonld")));
        assertThat(run(out)).isEqualTo(ExitCode.OK);
        assertThat(run("verify", file("signed.jsonld"))).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).anyMatch(line -> line.startsWith("mandate    coop-1 signs for ada under m-1"));
        Files.writeString(
                folder.resolve("signed.jsonld"),
                Files.readString(folder.resolve("signed.jsonld")).replace("\"m-1\"", "\"m-2\""));
        assertThat(run("verify", file("signed.jsonld"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out()).anyMatch(line -> line.contains("contract/mandate-signature"));
        List<String> both = new ArrayList<>(sign);
        both.addAll(List.of("--party", "ada"));
        assertThat(run(both)).isEqualTo(ExitCode.USAGE);
        assertThat(run("mandate", "--id", "m", "--party", "a", "--agent", "b", "--key", file("ada.pem"), "--uses", "x"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void anApproverSaysYesToOneFile() {
        run("key", "--key", file("legal.pem"));
        made("c.jsonld");
        assertThat(run("approve", file("c.jsonld"), "--approver", "legal", "--key", file("legal.pem")))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).singleElement().asString().startsWith("{\"approver\":\"legal\"");
        assertThat(run("approve", file("c.jsonld"), "--approver", "Legal?", "--key", file("legal.pem")))
                .isEqualTo(ExitCode.WRONG);
    }
}
