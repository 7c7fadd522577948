package org.tallystick.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.sdk.LocalServer.Asked;
import org.tallystick.sdk.LocalServer.Reply;

/** An edge that tells the truth is believed; one that lies in any one thing is caught, by a reason of its own. */
final class EdgeClientTest {
    private static final Instant NOW = Instant.parse("2026-01-16T18:00:00Z");
    private static final byte[] WORK = "public final class String".getBytes(StandardCharsets.UTF_8);
    private static final ContentId CONTENT = ContentId.of(WORK);
    private static final JdkEd25519 PLATFORM = JdkEd25519.generate();
    private static final DidKey PLATFORM_DID = new DidKey(PLATFORM.publicKey());
    private static final JdkEd25519 EDGE = JdkEd25519.generate();
    private static final JdkEd25519 STRANGER = JdkEd25519.generate();
    private static final Grant GRANT = grant(Scope.TRAINING, "job-1");
    private static final String TOKEN = GRANT.sign(PLATFORM);

    @TempDir
    Path folder;

    /** What the edge puts together; a lie changes one thing of it. */
    record Truth(
            LeafKind kind,
            Grant grant,
            ContentId receiptContent,
            long receiptBytes,
            JdkEd25519 edgeKey,
            JdkEd25519 certifier,
            int certifiedEpoch,
            Instant certificateEnds,
            byte[] body,
            Map<String, String> headers,
            UnaryOperator<Receipt> receipt) {

        static Truth of(LeafKind kind, byte[] body) {
            Map<String, String> headers = new HashMap<>();
            headers.put("Tallystick-Content-Id", CONTENT.toString());
            headers.put("Tallystick-Manifest", manifest(CONTENT, "cnf-1"));
            return new Truth(
                    kind,
                    GRANT,
                    CONTENT,
                    body.length,
                    EDGE,
                    PLATFORM,
                    1,
                    NOW.plus(Duration.ofDays(1)),
                    body,
                    headers,
                    UnaryOperator.identity());
        }

        Truth kind(LeafKind other) {
            return new Truth(
                    other,
                    grant,
                    receiptContent,
                    receiptBytes,
                    edgeKey,
                    certifier,
                    certifiedEpoch,
                    certificateEnds,
                    body,
                    headers,
                    receipt);
        }

        Truth grant(Grant other) {
            return new Truth(
                    kind,
                    other,
                    receiptContent,
                    receiptBytes,
                    edgeKey,
                    certifier,
                    certifiedEpoch,
                    certificateEnds,
                    body,
                    headers,
                    receipt);
        }

        Truth receiptFor(ContentId other, long bytes) {
            return new Truth(
                    kind,
                    grant,
                    other,
                    bytes,
                    edgeKey,
                    certifier,
                    certifiedEpoch,
                    certificateEnds,
                    body,
                    headers,
                    receipt);
        }

        Truth keys(JdkEd25519 edge, JdkEd25519 signer, int epoch, Instant ends) {
            return new Truth(
                    kind, grant, receiptContent, receiptBytes, edge, signer, epoch, ends, body, headers, receipt);
        }

        Truth body(byte[] other) {
            return new Truth(
                    kind,
                    grant,
                    receiptContent,
                    receiptBytes,
                    edgeKey,
                    certifier,
                    certifiedEpoch,
                    certificateEnds,
                    other,
                    headers,
                    receipt);
        }

        Truth header(String name, Optional<String> value) {
            Map<String, String> other = new HashMap<>(headers);
            other.remove(name);
            value.ifPresent(text -> other.put(name, text));
            return new Truth(
                    kind,
                    grant,
                    receiptContent,
                    receiptBytes,
                    edgeKey,
                    certifier,
                    certifiedEpoch,
                    certificateEnds,
                    body,
                    other,
                    receipt);
        }

        Truth forged(UnaryOperator<Receipt> forgery) {
            return new Truth(
                    kind,
                    grant,
                    receiptContent,
                    receiptBytes,
                    edgeKey,
                    certifier,
                    certifiedEpoch,
                    certificateEnds,
                    body,
                    headers,
                    forgery);
        }

        Reply reply(Asked asked) {
            if (asked.target().startsWith("/certificates/")) {
                EdgeCertificate certificate = new EdgeCertificate(
                        1,
                        "fra-1",
                        certifiedEpoch,
                        new DidKey(EDGE.publicKey()),
                        NOW.minusSeconds(60),
                        certificateEnds);
                return Reply.of(200, "{\"certificate\":\"" + certificate.sign(certifier) + "\"}");
            }
            int status = switch (kind) {
                case PARTIAL -> 206;
                case NOT_MODIFIED -> 304;
                default -> 200;
            };
            Map<String, String> all = new HashMap<>(headers);
            all.putIfAbsent("Tallystick-Receipt", receipt.apply(sealed()).text());
            all.values().removeIf(String::isEmpty);
            return new Reply(status, all, body, body.length);
        }

        private Receipt sealed() {
            byte[] leaves = new byte[3 * Leaf.LENGTH];
            for (int i = 0; i < 3; i++) {
                leaf(i == 1, 1 + i).encode(leaves, i * Leaf.LENGTH);
            }
            return Batch.seal(leaves, BatchHeader.NONE, edgeKey).receipt(1);
        }

        private Leaf leaf(boolean ours, long sequence) {
            return new Leaf(
                    ours ? kind : LeafKind.FULL,
                    ours ? grant.scope() : Scope.TRAINING,
                    false,
                    1,
                    1,
                    sequence,
                    NOW.toEpochMilli(),
                    ours ? grant.tokenId() : new TokenId(new byte[24]),
                    ours ? receiptContent : ContentId.of(new byte[] {9}),
                    ours ? kind == LeafKind.HEAD ? 0 : receiptBytes : 1,
                    0,
                    new byte[16]);
        }
    }

    @Test
    void theWholeIsHandedOver() throws IOException {
        try (LocalServer edge = serving(Truth.of(LeafKind.FULL, WORK))) {
            Delivery delivery = client(edge).fetch(CONTENT, TOKEN);

            assertThat(delivery.body()).isEqualTo(WORK);
            assertThat(delivery.bytes()).isEqualTo(WORK.length);
            assertThat(delivery.kind()).isEqualTo(LeafKind.FULL);
            assertThat(delivery.isCached()).isFalse();
            assertThat(delivery.licence().creator()).isEqualTo("creator-42");
            assertThat(Receipt.parse(delivery.receipt().text())).isEqualTo(delivery.receipt());
            assertThat(delivery).hasToString("Delivery[FULL " + CONTENT + " r-1-1-2]");
            assertThat(edge.asked().getFirst().header("Authorization")).contains("Bearer " + TOKEN);
        }
    }

    @Test
    void aRangeARevalidationAndTheHeadersAreHandedOver() throws IOException {
        try (LocalServer edge = serving(Truth.of(LeafKind.PARTIAL, Arrays.copyOfRange(WORK, 3, 10)))) {
            Delivery delivery = client(edge).fetchRange(CONTENT, TOKEN, 3, 9);
            assertThat(delivery.body()).isEqualTo(Arrays.copyOfRange(WORK, 3, 10));
            assertThat(edge.asked().getFirst().header("Range")).contains("bytes=3-9");
        }
        try (LocalServer edge = serving(Truth.of(LeafKind.NOT_MODIFIED, new byte[0]))) {
            assertThat(client(edge).revalidate(CONTENT, TOKEN).kind()).isEqualTo(LeafKind.NOT_MODIFIED);
            assertThat(edge.asked().getFirst().header("If-None-Match")).contains("\"" + CONTENT + "\"");
        }
        try (LocalServer edge = serving(Truth.of(LeafKind.HEAD, new byte[0]))) {
            assertThat(client(edge).head(CONTENT, TOKEN).kind()).isEqualTo(LeafKind.HEAD);
        }
        assertThatThrownBy(() -> EdgeClient.builder(java.net.URI.create("http://127.0.0.1:1"), PLATFORM_DID)
                        .build()
                        .fetchRange(CONTENT, TOKEN, 3, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileAppearsOnlyOnceItIsVerified() throws IOException {
        Path file = folder.resolve("work");
        try (LocalServer edge = serving(Truth.of(LeafKind.FULL, WORK).body(new byte[WORK.length]))) {
            assertThatThrownBy(() -> client(edge).fetchTo(CONTENT, TOKEN, file)).isInstanceOf(UntrustedException.class);
            assertThat(folder).isEmptyDirectory();
        }
        try (LocalServer edge = serving(Truth.of(LeafKind.FULL, WORK))) {
            client(edge).fetchTo(CONTENT, TOKEN, file);
            assertThat(Files.readAllBytes(file)).isEqualTo(WORK);
            assertThat(folder.toFile().list()).containsExactly("work");
        }
    }

    @Test
    void certificateTokenAndHeaderAreVerifiedOnce() throws IOException {
        int[] verifications = new int[1];
        try (LocalServer edge = serving(Truth.of(LeafKind.FULL, WORK))) {
            EdgeClient client = EdgeClient.builder(edge.uri(), PLATFORM_DID)
                    .verifier((key, message, signature) -> {
                        verifications[0]++;
                        return JdkEd25519.verifier().verify(key, message, signature);
                    })
                    .build();
            for (int i = 0; i < 5; i++) {
                client.fetch(CONTENT, TOKEN);
            }
        }
        assertThat(verifications[0]).isEqualTo(3);
    }

    @Test
    void aDeliveryThatBreaksOffIsFetchedAgain() throws IOException {
        Truth truth = Truth.of(LeafKind.FULL, WORK);
        try (LocalServer edge = LocalServer.answering(
                (asked, earlier) -> earlier < 2 ? truth.reply(asked).brokenOff() : truth.reply(asked))) {
            assertThat(client(edge).fetch(CONTENT, TOKEN).body()).isEqualTo(WORK);
        }
    }

    @Test
    void aRefusalIsAProblem() throws IOException {
        String problem = "{\"type\":\"https://tallystick.org/problems/token/expired\",\"detail\":\"d\"}";
        try (LocalServer edge = LocalServer.answering((asked, earlier) -> Reply.of(401, problem))) {
            assertThatThrownBy(() -> client(edge).fetch(CONTENT, TOKEN))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.type()).isEqualTo("token/expired"));
        }
    }

    @Test
    void aFloodIsRefused() throws IOException {
        try (LocalServer edge = serving(Truth.of(LeafKind.FULL, WORK))) {
            EdgeClient client = EdgeClient.builder(edge.uri(), PLATFORM_DID)
                    .largestInMemory(WORK.length - 1)
                    .build();
            assertThatThrownBy(() -> client.fetch(CONTENT, TOKEN))
                    .isInstanceOfSatisfying(
                            UntrustedException.class,
                            e -> assertThat(e.reason()).isEqualTo("delivery/too-large"));
        }
    }

    static Stream<Arguments> lies() {
        Truth truth = Truth.of(LeafKind.FULL, WORK);
        byte[] flipped = WORK.clone();
        flipped[0] ^= 1;
        ContentId other = ContentId.of(flipped);
        Instant ends = NOW.plus(Duration.ofDays(1));
        return Stream.of(
                Arguments.of("delivery/content-hash", truth.body(flipped)),
                Arguments.of("delivery/content-hash", truth.body(Arrays.copyOf(WORK, WORK.length - 1))),
                Arguments.of("delivery/content-hash", truth.body(new byte[0])),
                Arguments.of("delivery/content-id", truth.header("Tallystick-Content-Id", Optional.empty())),
                Arguments.of(
                        "delivery/content-id", truth.header("Tallystick-Content-Id", Optional.of(other.toString()))),
                Arguments.of(
                        "delivery/content-id",
                        truth.header("Tallystick-Manifest", Optional.of(manifest(other, "cnf-1")))),
                Arguments.of("delivery/manifest-missing", truth.header("Tallystick-Manifest", Optional.empty())),
                Arguments.of(
                        "delivery/manifest-malformed", truth.header("Tallystick-Manifest", Optional.of("not base64!"))),
                Arguments.of("json/missing-member", truth.header("Tallystick-Manifest", Optional.of("e30"))),
                Arguments.of(
                        "delivery/contract",
                        truth.header("Tallystick-Manifest", Optional.of(manifest(CONTENT, "cnf-2")))),
                Arguments.of("delivery/receipt-missing", truth.header("Tallystick-Receipt", Optional.of(""))),
                Arguments.of("receipt/malformed", truth.header("Tallystick-Receipt", Optional.of("?"))),
                Arguments.of("receipt/truncated", truth.header("Tallystick-Receipt", Optional.of("AQ"))),
                Arguments.of("delivery/receipt-content", truth.receiptFor(other, WORK.length)),
                Arguments.of("delivery/receipt-bytes", truth.receiptFor(CONTENT, WORK.length + 1)),
                Arguments.of(
                        "delivery/receipt-kind",
                        truth.forged(receipt -> truth.kind(LeafKind.HEAD).sealed())),
                Arguments.of("receipt/wrong-grant", truth.grant(grant(Scope.TRAINING, "job-2"))),
                Arguments.of("receipt/wrong-grant", truth.grant(grant(Scope.INFERENCE, "job-1"))),
                Arguments.of(
                        "receipt/path",
                        truth.forged(
                                r -> new Receipt(r.leaf(), r.index(), r.path().reversed(), r.signed()))),
                Arguments.of(
                        "receipt/path", truth.forged(r -> new Receipt(r.leaf(), r.index(), List.of(), r.signed()))),
                Arguments.of("receipt/sequence", truth.forged(r -> new Receipt(r.leaf(), 0, r.path(), r.signed()))),
                Arguments.of("batch/signature", truth.keys(STRANGER, PLATFORM, 1, ends)),
                Arguments.of("jws/wrong-key", truth.keys(EDGE, STRANGER, 1, ends)),
                Arguments.of("batch/wrong-edge", truth.keys(EDGE, PLATFORM, 2, ends)),
                Arguments.of("batch/outside-certificate", truth.keys(EDGE, PLATFORM, 1, NOW.minusSeconds(1))));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void everyLieIsCaught(String reason, Truth lie) throws IOException {
        try (LocalServer edge = serving(lie)) {
            assertThatThrownBy(() -> client(edge).fetch(CONTENT, TOKEN))
                    .isInstanceOfSatisfying(
                            UntrustedException.class,
                            e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    @Test
    void aTokenThePlatformDidNotSignProvesNothing() throws IOException {
        try (LocalServer edge = serving(Truth.of(LeafKind.FULL, WORK))) {
            assertThatThrownBy(() -> client(edge).fetch(CONTENT, GRANT.sign(STRANGER)))
                    .isInstanceOfSatisfying(
                            UntrustedException.class,
                            e -> assertThat(e.reason()).isEqualTo("jws/wrong-key"));
            assertThatThrownBy(() -> client(edge).fetch(CONTENT, "not-a-token"))
                    .isInstanceOfSatisfying(
                            UntrustedException.class,
                            e -> assertThat(e.reason()).isEqualTo("jws/malformed"));
        }
    }

    private static LocalServer serving(Truth truth) throws IOException {
        return LocalServer.answering((asked, earlier) -> truth.reply(asked));
    }

    private static EdgeClient client(LocalServer edge) {
        return EdgeClient.builder(edge.uri(), PLATFORM_DID)
                .retry(new Retry(4, Duration.ofMillis(1), Duration.ofMillis(5)))
                .build();
    }

    private static Grant grant(Scope scope, String job) {
        return new Grant(
                "tallystick.example/log",
                "buyer-7",
                "cnf-1",
                job,
                scope,
                Hash.of(new byte[32]),
                NOW.minusSeconds(60),
                NOW.plusSeconds(3600),
                Optional.empty());
    }

    private static String manifest(ContentId content, String contract) {
        return Base64Url.encode(Jcs.bytes(Json.object()
                .put("content_id", content.toString())
                .put("creator_id", "creator-42")
                .put("license_uri", "https://marketplace.example/licenses/6789")
                .put("contract", contract)
                .put("manifest_id", "mf-" + "0".repeat(40))
                .build()));
    }
}
