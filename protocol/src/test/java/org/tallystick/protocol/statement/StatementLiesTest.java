package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * A platform that signs whatever it likes: each row changes one place of a true statement's file, signs the file again with
 * the platform's own key, and names what gives it away.
 */
class StatementLiesTest extends StatementFixture {
    private final Json.Obj file = (Json.Obj) Json.parse(creatorFile());

    /** The file with any content at all, under the platform's signature. */
    private static byte[] signed(Json.Obj changed) {
        Json.Obj unsigned = changed.without("signature");
        byte[] domain = "tallystick-statement-file/v1\n".getBytes(StandardCharsets.US_ASCII);
        byte[] hash = Sha256.hash(Jcs.bytes(unsigned)).toBytes();
        byte[] message = Arrays.copyOf(domain, domain.length + hash.length);
        System.arraycopy(hash, 0, message, domain.length, hash.length);
        String signature = Base64Url.encode(PLATFORM.signer().sign(message));
        return Jcs.bytes(unsigned.with("signature", Json.of(signature)));
    }

    private void assertGivenAway(String path, String value, String reason) {
        assertReason(() -> VERIFIER.verify(signed(Changed.at(file, path, value))), reason);
    }

    @Test
    void theUnchangedFileSignedAgainVerifies() {
        VERIFIER.verify(signed(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        evidence.log_proof                     | ""                          | proof/length
        evidence.batches                       | []                          | evidence/log-proof
        evidence.batches[0].position           | 6                           | evidence/log-proof
        evidence.batches[0].position           | 7                           | evidence/position
        evidence.batches[0].length             | 1338                        | entry/length
        evidence.batches[0].proof              | ""                          | proof/length
        evidence.batches[0].leaves.7           | -                           | proof/length
        evidence.certificates                  | []                          | evidence/certificate
        evidence.contracts                     | []                          | evidence/contract
        evidence.contracts[0].pricing.pricePerUnitUsd | 0.004                | contract/signature-wrong
        evidence.contracts[0].signatures       | []                          | evidence/unsigned
        evidence.contracts[0].signatures[0].sig | "0x00"                     | contract/signature-malformed
        evidence.grants                        | []                          | evidence/grant
        evidence.grants[0].sub                 | "buyer-8"                   | grant/token-id
        evidence.grants[0].scope               | "preview"                   | grant/token-id
        evidence.versions                      | []                          | evidence/members
        evidence.versions[0].members.0         | -                           | proof/length
        evidence.versions[0].members.0.creator_id | "creator-2"              | evidence/members
        evidence.checkpoint                    | "log.example/tally"         | note/no-signatures
        statement.platform                     | "other.example/log"         | statement/id
        statement.position                     | 10                          | evidence/checkpoint
        statement.total                        | "0.017000"                  | statement/total
        statement.from                         | "2026-01-07T12:00:00.000Z"  | statement/period
        statement.currency                     | "EUR"                       | statement/id
        statement.lines[0].uses                | 5                           | statement/arithmetic
        statement.lines[0].exact               | "0.02"                      | statement/arithmetic
        statement.lines[0].exact               | "1/50"                      | statement/exact
        statement.lines[0].exact               | "0.0160"                    | statement/exact
        statement.lines[0].share               | "1.1"                       | statement/factor
        statement.lines[0].fee                 | "2"                         | statement/factor
        statement.type                         | "tallystick-statement/v1"   | statement/exact
        statement.type                         | "tallystick-statement/v3"   | statement/type
        statement.lines[0].job                 | "job-2"                     | statement/uses
        statement.lines[0].scope               | "embedding"                 | statement/uses
        statement.lines[0].contract            | "cnf-2"                     | evidence/contract
        statement.lines[0].fee                 | "0.1"                       | statement/terms
        statement.lines[0].kind                | "flat"                      | json/missing-member
        statement.lines[0].kind                | "gift"                      | statement/kind
        statement.lines[0].basis               | "recipient"                 | statement/terms
        statement.lines[0].basis               | "friend"                    | statement/basis
        statement.contracts                    | []                          | statement/total
        statement.contracts[0].contract        | "cnf-2"                     | statement/contract-total
        statement.contracts[0].exact           | "0.024"                     | statement/contract-total
        statement.contracts[0].posted          | "x"                         | statement/amount
        """)
    void oneLieAtATimeIsGivenAway(String path, String value, String reason) {
        assertGivenAway(path, value, reason);
    }

    @Test
    void whatStandsTwiceIsGivenAway() {
        String contract = Jcs.text(((Json.Arr) evidence("contracts")).items().getFirst());
        assertGivenAway("evidence.contracts[1]", contract, "evidence/contract");
        String batch = Jcs.text(((Json.Arr) evidence("batches")).items().getFirst());
        assertGivenAway("evidence.batches[1]", batch, "evidence/position");
    }

    @Test
    void aReceiptAtAnothersPlaceIsGivenAway() {
        Json.Obj leaves =
                (Json.Obj) ((Json.Obj) ((Json.Arr) evidence("batches")).items().getFirst())
                        .get("leaves")
                        .orElseThrow();
        String second = leaves.get("1").orElseThrow().toString();
        assertGivenAway("evidence.batches[0].leaves.0", second, "evidence/sequence");
    }

    /** RFC 6962 roots do not say how many leaves they have; a larger version would make a part of a flat price smaller. */
    @Test
    void aVersionIsNoLargerOrSmallerThanItIs() {
        Statement statement = flatStatement(4);
        assertReason(
                () -> VERIFIER.verify(PaperFile.sign(statement, flatEvidence(0, 1, 2, 3), PLATFORM)),
                "evidence/version-size");
        Json.Obj flat = (Json.Obj) Json.parse(PaperFile.sign(statement, flatEvidence(0, 1, 2, 3, 4, 5, 6), PLATFORM));
        for (String size : List.of("5", "6", "8", "9", "4294967296")) {
            Json.Obj lie = Changed.at(flat, "evidence.versions[0].size", size);
            assertThatThrownBy(() -> VERIFIER.verify(signed(Changed.at(lie, "statement.lines[0].of", size))))
                    .as("size " + size)
                    .isInstanceOf(MalformedException.class);
        }
    }

    private Json evidence(String member) {
        return ((Json.Obj) file.get("evidence").orElseThrow()).get(member).orElseThrow();
    }
}
