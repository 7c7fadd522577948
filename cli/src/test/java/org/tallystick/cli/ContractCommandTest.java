package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.terms.ContractDocument;

/** {@code contract check} and {@code contract verify} on the sample as outside clients send it, and on broken ones. */
final class ContractCommandTest {
    private static final String SAMPLE = """
        {"@context": "https://schema.org/", "@type": "DataContract",
         "contractId": "cnf-123456", "datasetId": "hn-98765",
         "license": {"type": "restricted-training", "permittedUses": ["model-training", "evaluation"],
           "forbiddenUses": ["model-weight-distribution", "derivative-commercialization-without-royalty"],
           "duration": "P1Y", "regionRestrictions": ["EU"]},
         "pricing": {"model": "micropay", "unit": "sample", "pricePerUnitUsd": 0.005},
         "payout": {"type": "monthly-reconciliation", "escrowProvider": "cloudflare-escrow-v1",
           "split": [{"recipientId": "creator-42", "share": 0.80}, {"recipientId": "curator-11", "share": 0.20}]},
         "signatures": [{"party": "creator-42", "sig": "0xabc...", "timestamp": "2026-01-05T12:34:56Z"}]}
        """;

    @TempDir
    private Path folder;

    private final CapturedTerminal captured = new CapturedTerminal();

    private ExitCode run(String what, String document, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("contract.jsonld"), document);
        List<String> words = new java.util.ArrayList<>(List.of("contract", what, file.toString()));
        words.addAll(List.of(more));
        return new Main(Commands.all(), captured.terminal()).run(words);
    }

    @Test
    void theSampleIsWellFormedButNotAuthentic() throws IOException {
        assertThat(run("check", SAMPLE)).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("split      0.8 to creator-42", "Well-formed.");
        assertThat(run("verify", SAMPLE)).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getLast()).startsWith("WRONG contract/signature-malformed (creator-42)");
    }

    @Test
    void aTrueSignatureVerifiesAndAChangedTermDoesNot() throws IOException {
        ContractDocument unsigned = ContractDocument.parse(SAMPLE.replaceFirst("(?s),\\s*\"signatures\".*", "}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String signed = unsigned.sign("creator-42", JdkEd25519.generate(), Instant.parse("2026-01-05T12:34:56Z"))
                .toString();
        assertThat(run("verify", signed)).isEqualTo(ExitCode.OK);
        assertThat(run("verify", signed.replace("0.005", "0.006"), "--json")).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getLast())
                .contains("\"holds\":false")
                .contains("contract/signature-wrong")
                .contains("creator-42");
    }

    @Test
    void eachBrokenTermIsNamed() throws IOException {
        assertThat(run("check", SAMPLE.replace("0.80", "0.70"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getLast())
                .contains("contract/split-not-whole")
                .contains("0.9");
        assertThat(run("check", SAMPLE.replace("0.005", "-0.005"))).isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getLast()).contains("contract/price-negative");
        assertThat(run("check", "{")).isEqualTo(ExitCode.WRONG);
        assertThat(run("verify", SAMPLE.replaceFirst("(?s),\\s*\"signatures\".*", "}")))
                .isEqualTo(ExitCode.WRONG);
        assertThat(captured.out().getLast()).contains("nobody has signed");
    }

    @Test
    void misuseIsExplained() throws IOException {
        assertThat(run("chek", SAMPLE)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err())
                .contains("tallystick: contract knows templates, new, check, lint, diff, key, mandate, approve, sign,"
                        + " verify, price, print, odrl, reply, not \"chek\"");
        Path absent = folder.resolve("absent");
        assertThat(new Main(Commands.all(), captured.terminal()).run(List.of("contract", "check", absent.toString())))
                .isEqualTo(ExitCode.USAGE);
        assertThat(captured.err().getLast()).isEqualTo("tallystick: there is no file " + absent);
    }
}
