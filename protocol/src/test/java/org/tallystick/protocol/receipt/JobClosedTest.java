package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.tree.MerkleTree;

/** What a buyer acknowledges when it closes a job, to the byte. */
class JobClosedTest {
    private static final JdkEd25519 BUYER = JdkEd25519.ofSeed(Deliveries.seed("buyer"));
    private static final DidKey KEY = new DidKey(BUYER.publicKey());
    private static final List<ContentId> ARRIVED = List.of(work(3), work(1), work(2), work(1));

    private static ContentId work(int number) {
        return new ContentId(Sha256.hash(new byte[] {(byte) number}));
    }

    private static JobClosed closed() {
        return JobClosed.of(
                "cnf-123456", "job-1", Sha256.hash(new byte[] {7}), ARRIVED, List.of(work(9), work(8), work(9)));
    }

    @Test
    void matchesTheGoldenVectors() {
        Vectors.matches(
                "job-closed.json",
                "What a buyer acknowledges when it closes a job",
                List.of(Json.object()
                        .put(
                                "arrived",
                                Json.strings(ARRIVED.stream()
                                        .map(ContentId::toString)
                                        .toList()))
                        .put("root", closed().arrived().hex())
                        .put("payload", closed().payload())
                        .put("buyer", KEY.toString())
                        .put("acknowledgement", closed().sign(BUYER))
                        .build()));
    }

    @Test
    void itIsReadAsItWasSignedAndOrderAndRepetitionSayNothing() {
        Fields vector = Vectors.cases("job-closed.json").getFirst();
        assertThat(JobClosed.verify(vector.text("acknowledgement", 8192), KEY, Deliveries.VERIFIER))
                .isEqualTo(closed());
        assertThat(closed().count()).isEqualTo(3);
        assertThat(closed().missing()).hasSize(2).isSorted();
        assertThat(JobClosed.root(List.of())).isEqualTo(MerkleTree.emptyRoot());
        assertThatThrownBy(() -> JobClosed.verify(
                        closed().sign(JdkEd25519.ofSeed(Deliveries.seed("another"))), KEY, Deliveries.VERIFIER))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("jws/wrong-key"));
    }

    @ParameterizedTest
    @CsvSource({
        "count, -1, json/number-out-of-range",
        "count, 1.5, json/not-an-integer",
        "missing, 7, json/wrong-type",
        "arrived, '\"00\"', hash/malformed",
        "more, 1, json/unknown-member"
    })
    void whatIsNoAcknowledgementIsRefused(String member, String value, String reason) {
        Json changed = Json.parse(value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> JobClosed.ofPayload(closed().payload().with(member, changed)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void missingWorksThatDoNotAscendAreRefused() {
        Json twice = Json.strings(List.of(work(8).toString(), work(8).toString()));
        assertThatThrownBy(() -> JobClosed.ofPayload(closed().payload().with("missing", twice)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("job-closed/missing"));
    }
}
