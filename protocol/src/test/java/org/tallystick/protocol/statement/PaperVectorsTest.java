package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Vectors;

/** {@code vectors/paper-file.json}: a file of each kind of paper, and broken ones that the platform has signed all the same. */
class PaperVectorsTest {
    private static final List<LieCase> CASES = LieCase.all();

    private record Broken(int kind, String path, String value, String reason) {}

    /** What is changed in which of the honest files, and why it is refused. */
    private static final List<Broken> BROKEN = List.of(
            new Broken(0, "statement.lines[0].uses", "5", "statement/arithmetic"),
            new Broken(0, "statement.lines[0].exact", "\"0.02\"", "statement/arithmetic"),
            new Broken(0, "statement.lines[0].job", "\"job-2\"", "statement/uses"),
            new Broken(0, "statement.lines[0].fee", "\"0.00\"", "statement/terms"),
            new Broken(0, "statement.contracts[0].exact", "\"0.024\"", "statement/contract-total"),
            new Broken(0, "statement.total", "\"0.017000\"", "statement/total"),
            new Broken(0, "statement.party", "\"creator-2\"", "statement/id"),
            new Broken(0, "evidence.log_proof", "\"\"", "proof/length"),
            new Broken(0, "evidence.batches[0].leaves.7", "-", "proof/length"),
            new Broken(0, "evidence.certificates", "[]", "evidence/certificate"),
            new Broken(0, "evidence.documents", "[]", "proof/length"),
            new Broken(0, "evidence.issued", "[]", "evidence/issued"),
            new Broken(0, "evidence.issued[0].salt", "\"00000000000000000000000000000000\"", "evidence/close"),
            new Broken(0, "evidence.issued[0].index", "1", "evidence/close"),
            new Broken(0, "type", "\"tallystick-statement-file/v3\"", "statement-file/type"),
            new Broken(1, "statement.previous", "-", "statement/before"),
            new Broken(1, "statement.contracts[0].posted_before", "\"0.000000\"", "statement/before"),
            new Broken(4, "evidence.versions[0].members.0", "-", "proof/length"),
            new Broken(6, "invoice.lines[0].unit_price", "\"0.004\"", "invoice/terms"),
            new Broken(6, "invoice.fee", "\"0.001\"", "invoice/fee"),
            new Broken(6, "invoice.from_escrow", "\"0.04\"", "invoice/escrow"),
            new Broken(6, "invoice.total", "\"0.04\"", "invoice/total"),
            new Broken(7, "invoice.exact_before", "\"0.04\"", "invoice/before"),
            new Broken(7, "evidence.issued[1].invoice", "-", "evidence/issued"));

    @Test
    void theFileIsWhatTheCodeMakes() {
        List<Json> cases = new ArrayList<>();
        for (LieCase one : CASES) {
            cases.add(vector(one.kind(), one.honestFile(), Optional.empty()));
        }
        for (Broken broken : BROKEN) {
            LieCase one = CASES.get(broken.kind());
            Json.Obj changed = Changed.at(one.honestFile(), broken.path(), broken.value());
            cases.add(vector(
                    one.kind() + ": " + broken.path() + " " + broken.value(),
                    (Json.Obj) Json.parse(LieMachineTest.signed(changed)),
                    Optional.of(broken.reason())));
        }
        Vectors.matches(
                "paper-file.json",
                "Files of statements and invoices under the key of the log log.example/tally; broken ones, which that"
                        + " key has signed too, with the reason",
                cases);
    }

    private static Json vector(String name, Json.Obj file, Optional<String> reason) {
        return Json.object()
                .put("name", name)
                .put("file", file)
                .putIfPresent("reason", reason)
                .build();
    }

    @Test
    void theCodeAgreesWithTheFile() {
        for (Fields vector : Vectors.cases("paper-file.json")) {
            byte[] file = org.tallystick.protocol.codec.Jcs.text(
                            vector.fields("file").object())
                    .getBytes(StandardCharsets.UTF_8);
            Optional<String> reason = vector.optionalText("reason");
            if (reason.isPresent()) {
                StatementFixture.assertReason(() -> AnchoredFixture.VERIFIER.verify(file), reason.get());
            } else {
                assertThat(AnchoredFixture.VERIFIER.verify(file).weaker()).isFalse();
            }
        }
    }
}
