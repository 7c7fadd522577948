package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Jws;

/** Each refusal by its reason, from outside, with real requests; refused requests leave no leaf. */
class RefusalTest {
    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private List<ContentId> works = List.of();
    private Hash dataset = Hash.of(new byte[32]);
    private final Map<String, String> tokens = new HashMap<>();

    @BeforeEach
    void serve() throws IOException {
        fixture = new EdgeFixture(dir);
        works = fixture.works(1000, 10);
        dataset = fixture.platform.publish(works);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Grant grant(Scope scope, Instant from, Instant until, Optional<Long> quota) {
        return new Grant("test.example/log", "buyer-1", "contract-1", "job-1", scope, dataset, from, until, quota);
    }

    private void makeTokens() {
        Instant noon = EdgeFixture.NOON;
        Grant good = fixture.grant(dataset);
        String token = fixture.token(dataset);
        int dot = token.lastIndexOf('.');
        tokens.put("good", token);
        tokens.put("none", "");
        tokens.put("junk", "junk");
        tokens.put("twoparts", token.substring(0, dot));
        tokens.put("fourparts", token + ".AA");
        tokens.put("long", "a".repeat(5000));
        tokens.put(
                "badsig",
                token.substring(0, dot + 1) + (token.charAt(dot + 1) == 'A' ? 'B' : 'A') + token.substring(dot + 2));
        tokens.put("otherkey", EdgeFixture.token(good, JdkEd25519.generate()));
        tokens.put(
                "certificate",
                Jws.sign("tallystick-edge-certificate+jws", good.claims(), fixture.platform.signer)
                        .compact());
        tokens.put(
                "wrongid",
                Jws.sign(
                                Grant.TYPE,
                                good.claims().with("job", org.tallystick.protocol.codec.Json.of("job-2")),
                                fixture.platform.signer)
                        .compact());
        tokens.put("expired", sign(grant(Scope.TRAINING, noon.minusSeconds(9), noon, Optional.empty())));
        tokens.put(
                "future", sign(grant(Scope.TRAINING, noon.plusSeconds(301), noon.plusSeconds(309), Optional.empty())));
        tokens.put("soon", sign(grant(Scope.TRAINING, noon.plusSeconds(300), noon.plusSeconds(309), Optional.empty())));
        tokens.put("elsewhere", sign(Grants.onEdges(good, List.of(2, 3))));
        tokens.put("inference", sign(grant(Scope.INFERENCE, noon, noon.plusSeconds(9), Optional.empty())));
        tokens.put("embedding", sign(grant(Scope.EMBEDDING, noon, noon.plusSeconds(9), Optional.empty())));
        tokens.put("preview", sign(grant(Scope.PREVIEW, noon, noon.plusSeconds(9), Optional.empty())));
        tokens.put("nodataset", fixture.token(Hash.of(new byte[32])));
    }

    private String sign(Grant grant) {
        return EdgeFixture.token(grant, fixture.platform.signer);
    }

    /** Method, path, token, header; expected status and problem ("-" for none). */
    private static final String TABLE = """
        GET    | /works/$0            | good        |                      | 200 | -
        HEAD   | /works/$0            | good        |                      | 200 | -
        GET    | /works/$0            | embedding   |                      | 200 | -
        GET    | /works/$0            | preview     |                      | 403 | preview/outside
        HEAD   | /works/$0            | preview     |                      | 200 | -
        GET    | /works/$0            | soon        |                      | 200 | -
        GET    | /works/$0            | elsewhere   |                      | 403 | token/wrong-edge
        GET    | /works/$0?release=   | good        |                      | 200 | -
        GET    | http://edge/works/$0 | good        |                      | 200 | -
        GET    | /works/$%0           | good        |                      | 200 | -
        GET    | /works/$0            | none        |                      | 401 | token/missing
        GET    | /works/$0            | junk        |                      | 401 | token/malformed
        GET    | /works/$0            | twoparts    |                      | 401 | token/malformed
        GET    | /works/$0            | fourparts   |                      | 401 | token/malformed
        GET    | /works/$0            | certificate | ,                    | 401 | token/malformed
        GET    | /works/$0            | wrongid     |                      | 401 | token/malformed
        GET    | /works/$0            | none        | Authorization: Basic YTpi  | 401 | token/malformed
        GET    | /works/$0            | good        | Authorization: Bearer x    | 401 | token/malformed
        GET    | /works/$0            | long        |                      | 401 | token/too-long
        GET    | /works/$0            | badsig      |                      | 401 | token/signature
        GET    | /works/$0            | otherkey    |                      | 401 | token/wrong-key
        GET    | /works/$0            | expired     |                      | 401 | token/expired
        GET    | /works/$0            | future      |                      | 401 | token/not-yet-valid
        GET    | /works/$0            | inference   |                      | 403 | token/wrong-scope
        HEAD   | /works/$0            | inference   |                      | 403 | -
        GET    | /works/$0            | nodataset   |                      | 404 | dataset/unknown
        GET    | /works/$absent       | good        |                      | 403 | work/not-granted
        GET    | /works/sha256:00     | good        |                      | 400 | content-id/malformed
        GET    | /works/              | good        |                      | 400 | content-id/malformed
        GET    | /works/$0/x          | good        |                      | 400 | content-id/malformed
        GET    | /works/$0?x=y        | good        |                      | 400 | content-id/malformed
        GET    | /works/$upper        | good        |                      | 400 | content-id/malformed
        GET    | /works               | good        |                      | 404 | path/unknown
        GET    | /                    | good        |                      | 404 | path/unknown
        GET    | *                    | good        |                      | 404 | path/unknown
        GET    | /../works/$0         | good        |                      | 404 | path/unknown
        GET    | /certificates/2      | none        |                      | 404 | certificate/unknown
        GET    | /certificates/x      | none        |                      | 404 | certificate/unknown
        GET    | /certificates/1      | none        |                      | 200 | -
        GET    | /certificate         | none        |                      | 200 | -
        POST   | /works/$0            | good        |                      | 405 | method/not-allowed
        DELETE | /works/$0            | good        |                      | 405 | method/not-allowed
        PUT    | /works/$0            | good        | Content-Length: 5    | 405 | method/not-allowed
        OPTIONS| *                    | none        |                      | 405 | method/not-allowed
        GET    | /works/$0            | good        | Content-Length: 5    | 400 | request/body-not-allowed
        GET    | /works/$0            | good        | Transfer-Encoding: chunked | 400 | request/body-not-allowed
        GET    | /works/$0            | good        | Content-Length: 0    | 200 | -
        GET    | /works/$0            | good        | Content-Length: x    | 400 | request/malformed
        GET    | /works/$0            | good        | Host: twice          | 400 | request/malformed
        GET    | /works/$0            | good        | Range: bytes=1000-   | 416 | range/unsatisfiable
        GET    | /works/$0            | good        | If-Match: "x"        | 412 | precondition/failed
        GET    | /works/$0            | good        | X: $long             | 431 | request/too-large
        GET    | /$long               | good        |                      | 414 | request/target-too-long
        """;

    @Test
    void everyRefusalSaysItsReason() throws IOException {
        fixture.start();
        makeTokens();
        int delivered = 0;
        for (String row : TABLE.lines().toList()) {
            String[] cells = row.split("\\|");
            String header = filled(cells[3].strip()).replace(",", "");
            RawHttp.Response response = fixture.call(RawHttp.request(
                    cells[0].strip(),
                    filled(cells[1].strip()),
                    tokens.getOrDefault(cells[2].strip(), ""),
                    header.isEmpty() ? new String[0] : new String[] {header}));
            assertThat(response.status()).as(row).isEqualTo(Integer.parseInt(cells[4].strip()));
            String expected = cells[5].strip();
            assertThat(response.problem()).as(row).isEqualTo(expected.equals("-") ? "" : expected);
            assertThat(response.has("Tallystick-Receipt"))
                    .as(row)
                    .isEqualTo(response.status() == 200 && cells[1].contains("works"));
            delivered += response.has("Tallystick-Receipt") ? 1 : 0;
        }
        fixture.stop();
        fixture.start();
        EdgeFixture.await("all is shipped", () -> fixture.platform.leaves(1).size() >= 7);
        assertThat(fixture.platform.leaves(1)).hasSize(delivered);
    }

    private String filled(String text) {
        return text.replace("$%0", works.getFirst().toString().replace(":", "%3A"))
                .replace("$0", works.getFirst().toString())
                .replace("$absent", ContentId.of(new byte[] {9}).toString())
                .replace("$upper", "sha256:" + "A".repeat(64))
                .replace("$long", "x".repeat(17_000));
    }

    @Test
    void refusalsCarryTheFieldsTheirStatusAsksFor() throws IOException {
        fixture.start();
        String path = EdgeFixture.path(works.getFirst());
        String token = fixture.token(dataset);
        RawHttp.Response missing = fixture.call(RawHttp.get(path, ""));
        assertThat(missing.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"tallystick\"");
        assertThat(missing.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(missing.header("Cache-Control")).isEqualTo("no-store");
        RawHttp.Response junk = fixture.call(RawHttp.get(path, "junk"));
        assertThat(junk.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(fixture.call(RawHttp.get(path, token, "Range: bytes=1000-")).header("Content-Range"))
                .isEqualTo("bytes */1000");
        assertThat(fixture.call(RawHttp.request("POST", path, token)).header("Allow"))
                .isEqualTo("GET, HEAD");
        RawHttp.Response head = fixture.call(RawHttp.request("HEAD", path, ""));
        assertThat(head.status()).isEqualTo(401);
        assertThat(head.body()).isEmpty();
        assertThat(Integer.parseInt(head.header("Content-Length"))).isPositive();
    }

    @Test
    void aRefusalThatLeavesTheRequestUnreadClosesTheConnection() throws IOException {
        fixture.start();
        for (String request : List.of(
                RawHttp.get("/healthz", "", "Content-Length: 5") + "hello",
                RawHttp.request("POST", "/works/x", "", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n",
                "GET /healthz\r\n\r\n",
                "GET /healthz HTTP/1.1\r\n\r\n",
                "GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
                "\0\1\2\3 / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")) {
            try (RawHttp client = fixture.client()) {
                RawHttp.Response response = client.call(request);
                assertThat(response.status()).as(request).isBetween(400, 499);
                assertThat(response.header("Connection")).as(request).isEqualTo("close");
                assertThat(client.isClosedByPeer()).as(request).isTrue();
            }
        }
    }

    @Test
    void aTokenIsRefusedOnceThePlatformRevokesIt() throws IOException {
        fixture.start();
        String path = EdgeFixture.path(works.getFirst());
        String one = fixture.token(dataset);
        Grant second = new Grant(
                "test.example/log",
                "buyer-1",
                "contract-2",
                "job-1",
                Scope.TRAINING,
                dataset,
                EdgeFixture.NOON,
                EdgeFixture.NOON.plusSeconds(60),
                Optional.empty());
        String two = sign(second);
        assertThat(fixture.call(RawHttp.get(path, one)).status()).isEqualTo(200);
        assertThat(fixture.call(RawHttp.get(path, two)).status()).isEqualTo(200);
        fixture.platform.revokeToken(fixture.grant(dataset).tokenId().toString());
        EdgeFixture.await("the token is refused", () -> problem(path, one).equals("token/revoked"));
        assertThat(fixture.call(RawHttp.get(path, one)).status()).isEqualTo(401);
        assertThat(fixture.call(RawHttp.get(path, two)).status()).isEqualTo(200);
        fixture.platform.revokeContract("contract-2");
        EdgeFixture.await("the contract is refused", () -> problem(path, two).equals("contract/revoked"));
        fixture.stop();
        fixture.platform.away = true;
        fixture.start();
        assertThat(problem(path, one))
                .as("after a restart without the platform")
                .isEqualTo("token/revoked");
        assertThat(problem(path, two)).isEqualTo("contract/revoked");
    }

    /** Closing a job is no revocation: its buyer did nothing wrong, and asking for another token does not help. */
    @Test
    void aTokenOfAClosedJobIsToldSo() throws IOException {
        fixture.start();
        String path = EdgeFixture.path(works.getFirst());
        String token = fixture.token(dataset);
        assertThat(fixture.call(RawHttp.get(path, token)).status()).isEqualTo(200);
        fixture.platform.closeJobOf(fixture.grant(dataset).tokenId().toString());
        EdgeFixture.await("the job is closed", () -> problem(path, token).equals("job/closed"));
        assertThat(fixture.call(RawHttp.get(path, token)).status()).isEqualTo(403);
        fixture.stop();
        fixture.platform.away = true;
        fixture.start();
        assertThat(problem(path, token))
                .as("after a restart without the platform")
                .isEqualTo("job/closed");
    }

    private String problem(String path, String token) {
        return StubPlatform.unchecked(
                () -> fixture.call(RawHttp.get(path, token)).problem());
    }

    @Test
    void aQuotaIsTheMostDistinctWorksAlsoAcrossRestarts() throws IOException {
        works = fixture.works(1000, 10, 20, 30);
        dataset = fixture.platform.publish(works);
        fixture.start();
        String token = sign(grant(Scope.TRAINING, EdgeFixture.NOON, EdgeFixture.NOON.plusSeconds(60), Optional.of(3L)));
        String first = EdgeFixture.path(works.getFirst());
        String third = EdgeFixture.path(works.get(2));
        String fourth = EdgeFixture.path(works.get(3));
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.call(RawHttp.get(first, token)).status()).isEqualTo(200);
        }
        assertThat(fixture.call(RawHttp.get(EdgeFixture.path(works.get(1)), token, "Range: bytes=0-3"))
                        .status())
                .isEqualTo(206);
        fixture.crash();
        fixture.start();
        assertThat(fixture.call(RawHttp.get(third, token, "If-None-Match: *")).status())
                .isEqualTo(304);
        assertThat(fixture.call(RawHttp.request("HEAD", fourth, token)).status())
                .isEqualTo(200);
        String etag = "If-None-Match: \"" + works.get(2) + "\"";
        assertThat(fixture.call(RawHttp.get(third, token, etag)).status()).isEqualTo(304);
        fixture.stop();
        fixture.start();
        assertThat(problem(fourth, token)).isEqualTo("token/quota");
        assertThat(fixture.call(RawHttp.get(fourth, token)).status()).isEqualTo(403);
        assertThat(fixture.call(RawHttp.get(third, token)).status()).isEqualTo(200);
        assertThat(fixture.call(RawHttp.get(first, token)).status()).isEqualTo(200);
        assertThat(fixture.call(RawHttp.request("HEAD", fourth, token)).status())
                .isEqualTo(200);
    }

    @Test
    void whatThePlatformGetsWrongIsRefusedWithItsOwnReasons() throws IOException {
        fixture.start();
        ContentId wrong = fixture.platform.store(new byte[] {1, 2, 3});
        fixture.platform.blobs.put(wrong, new byte[] {1, 2, 4});
        ContentId shorter = fixture.platform.store(new byte[] {5, 6, 7});
        ContentId longer = fixture.platform.store(new byte[] {8, 9, 10});
        ContentId gone = ContentId.of(new byte[] {7});
        ContentId huge = fixture.platform.store(new byte[] {1, 1});
        dataset = fixture.platform.publish(
                List.of(
                        StubPlatform.member(wrong, 3, "text/plain", "l"),
                        StubPlatform.member(shorter, 4, "text/plain", "l"),
                        StubPlatform.member(longer, 2, "text/plain", "l"),
                        StubPlatform.member(gone, 1, "text/plain", "l"),
                        StubPlatform.member(huge, 1L << 40, "text/plain", "l")),
                true);
        String token = fixture.token(dataset);
        assertThat(problem(EdgeFixture.path(wrong), token)).isEqualTo("platform/wrong-content");
        assertThat(problem(EdgeFixture.path(shorter), token)).isEqualTo("platform/wrong-content");
        assertThat(problem(EdgeFixture.path(longer), token)).isEqualTo("platform/wrong-content");
        assertThat(problem(EdgeFixture.path(gone), token)).isEqualTo("work/unknown");
        assertThat(problem(EdgeFixture.path(huge), token)).isEqualTo("cache/too-small");
        fixture.platform.blobs.put(wrong, new byte[] {1, 2, 3});
        assertThat(fixture.call(RawHttp.get(EdgeFixture.path(wrong), token)).status())
                .as("once it is right")
                .isEqualTo(200);
        Hash lie = fixture.platform.publish(List.of(StubPlatform.member(wrong, 3, "text/plain", "l")), false);
        assertThat(problem(EdgeFixture.path(wrong), fixture.token(lie))).isEqualTo("dataset/wrong-root");
        fixture.platform.away = true;
        ContentId later = fixture.works(77, 78).getLast();
        fixture.platform.away = false;
        dataset = fixture.platform.publish(List.of(later));
        String known = fixture.token(dataset);
        assertThat(fixture.call(RawHttp.request("HEAD", EdgeFixture.path(later), known))
                        .status())
                .isEqualTo(200);
        fixture.platform.away = true;
        RawHttp.Response away = fixture.call(RawHttp.get(EdgeFixture.path(later), known));
        assertThat(away.problem()).isEqualTo("platform/unavailable");
        assertThat(away.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void theEdgeRefusesAllWhileItHasNoCertificateOrItIsNotValid() throws IOException {
        fixture.platform.away = true;
        EdgeServer edge = fixture.launch();
        String path = EdgeFixture.path(works.getFirst());
        String token = fixture.token(dataset);
        assertThat(problem(path, token)).isEqualTo("edge/starting");
        assertThat(problem("/certificate", "")).isEqualTo("edge/starting");
        RawHttp.Response health = EdgeFixture.health(edge);
        assertThat(health.status()).isEqualTo(503);
        assertThat(new String(health.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"status\":\"edge/starting\"");
        EdgeFixture.await(
                "it says why",
                () -> new String(EdgeFixture.health(edge).body(), java.nio.charset.StandardCharsets.UTF_8)
                        .contains("cannot be reached"));
        fixture.platform.away = false;
        EdgeFixture.await("the edge serves", () -> EdgeFixture.health(edge).status() == 200);
        assertThat(fixture.call(RawHttp.get(path, token)).status()).isEqualTo(200);
        fixture.clock.step(java.time.Duration.ofHours(-1));
        assertThat(problem(path, token)).isEqualTo("edge/certificate-not-valid");
    }

    @Test
    void everyReasonIsCountedByItsType() throws IOException {
        fixture.start();
        makeTokens();
        String path = EdgeFixture.path(works.getFirst());
        fixture.call(RawHttp.get(path, "junk"));
        fixture.call(RawHttp.get(path, "junk"));
        fixture.call(RawHttp.get(path, tokens.getOrDefault("expired", "")));
        String metrics = fixture.metrics();
        assertThat(metrics)
                .contains("tallystick_edge_refusals_total{reason=\"token/malformed\"} 2\n")
                .contains("tallystick_edge_refusals_total{reason=\"token/expired\"} 1\n");
        Set<RefusalReason> all = EnumSet.allOf(RefusalReason.class);
        List<String> types = new ArrayList<>();
        for (RefusalReason reason : all) {
            assertThat(metrics).contains("{reason=\"" + reason.type() + "\"}");
            assertThat(reason.type()).matches("[a-z-]+/[a-z-]+");
            types.add(reason.type());
        }
        assertThat(types).doesNotHaveDuplicates();
    }
}
