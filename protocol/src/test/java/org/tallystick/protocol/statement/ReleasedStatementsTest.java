package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.NoteKey;

/** Statement files of version 1, as release 0.1.0 wrote them: they go on verifying, and read back to the same bytes. */
class ReleasedStatementsTest {
    private static byte[] resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ReleasedStatementsTest.class.getResourceAsStream("/released-0.1.0/" + name))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "st-0bb7937c6f940fc524e31205822fc4425db50eb7, 148000, 8/125",
        "st-338a9e30c67b713825f9acf01c91da10914fcba1, 60000, 3/125",
        "st-b2b9b6238777827d6cc91b027d89b82b9dee4544, 54000, 23/1000",
        "st-ca6fcc83507378ecec698803bf2dfef79f0555dc, 8000, 1/250",
    })
    void anOldStatementVerifiesAsItDid(String id, long total, String exact) throws IOException {
        String key = new String(resource("platform.key.txt"), StandardCharsets.US_ASCII).strip();
        PaperVerifier verifier = new PaperVerifier(NoteKey.parse(key), Deliveries.VERIFIER);
        byte[] file = resource(id + ".json");
        Statement statement = verifier.verify(file).statement();
        assertThat(statement.notation()).isEqualTo(Notation.FRACTIONS);
        assertThat(statement.id()).isEqualTo(id);
        assertThat(statement.total()).isEqualTo(total);
        assertThat(statement.lines().getFirst().exact()).hasToString(exact);
        Json.Obj json = statement.json();
        assertThat(new String(file, StandardCharsets.UTF_8)).contains(json.toString());
        assertThat(Statement.of(json)).isEqualTo(statement);
        Json.Obj claimed = json.with("type", Json.of("tallystick-statement/v2"));
        assertThatThrownBy(() -> Statement.of(claimed))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("statement/exact"));
    }
}
