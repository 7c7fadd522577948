package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.cache.WorkStore;
import org.tallystick.edge.sealing.Epoch;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.JdkEd25519;

/** What a consumer gets: bytes, header fields and receipts, by ranges, conditions and methods. */
class DeliveryTest {
    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private List<ContentId> works = List.of();
    private Hash dataset = Hash.of(new byte[32]);
    private String token = "";

    @BeforeEach
    void serve() throws IOException {
        fixture = new EdgeFixture(dir);
        works = fixture.works(20_000, 0, 3_000_000, WorkStore.SMALL, WorkStore.SMALL + 1);
        dataset = fixture.platform.publish(works);
        token = fixture.token(dataset);
        fixture.start();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private byte[] content(ContentId work) {
        return fixture.platform.blobs.getOrDefault(work, new byte[0]);
    }

    private RawHttp.Response get(ContentId work, String... headers) throws IOException {
        return fixture.call(RawHttp.get(EdgeFixture.path(work), token, headers));
    }

    private EdgeServer edge() {
        return fixture.running.orElseThrow();
    }

    @Test
    void worksOfAnySizeAreDeliveredWithReceiptsThatReachThePlatform() throws IOException {
        for (int round = 0; round < 2; round++) {
            for (ContentId work : works) {
                RawHttp.Response response = get(work);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo(content(work));
                assertThat(response.header("Tallystick-Cache")).isEqualTo(round == 0 ? "miss" : "hit");
                Leaf leaf = fixture.verified(response).leaf();
                assertThat(leaf.kind()).isEqualTo(LeafKind.FULL);
                assertThat(leaf.cached()).isEqualTo(round == 1);
                assertThat(leaf.content()).isEqualTo(work);
                assertThat(leaf.bytes()).isEqualTo(content(work).length);
                assertThat(leaf.token()).isEqualTo(fixture.grant(dataset).tokenId());
                assertThat(leaf.time()).isEqualTo(EdgeFixture.NOON.toEpochMilli());
                assertThat(leaf.scope()).isEqualTo(Scope.TRAINING);
                response.receipt().checkGrant(fixture.grant(dataset));
            }
        }
        assertThat(edge().awaitDrained(Duration.ofSeconds(5))).isTrue();
        assertThat(fixture.platform.leaves(1))
                .hasSize(10)
                .extracting(Leaf::sequence)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        fixture.platform.blobRequests.forEach(
                (work, requests) -> assertThat(requests).hasValue(1));
    }

    @Test
    void everyDeliverySaysWhatTheWorkIsAndUnderWhichLicence() throws IOException {
        ContentId work = works.getFirst();
        String etag = "\"" + work + "\"";
        for (RawHttp.Response response : List.of(
                get(work),
                get(work, "Range: bytes=5-9"),
                get(work, "If-None-Match: " + etag),
                fixture.call(RawHttp.request("HEAD", EdgeFixture.path(work), token)))) {
            assertThat(response.header("ETag")).isEqualTo(etag);
            assertThat(response.header("Accept-Ranges")).isEqualTo("bytes");
            assertThat(response.header("Tallystick-Content-Id")).isEqualTo(work.toString());
            assertThat(response.header("Link")).isEqualTo("<https://licence.example/1>; rel=\"license\"");
            assertThat(response.header("Cache-Control")).isEqualTo("private, no-cache");
            assertThat(response.has("Date")).isTrue();
            Json.Obj manifest =
                    Json.parseObject(Base64Url.decode(response.header("Tallystick-Manifest"), "manifest/malformed"));
            assertThat(manifest)
                    .isEqualTo(Json.object()
                            .put("content_id", work.toString())
                            .put("creator_id", "creator-1")
                            .put("license_uri", "https://licence.example/1")
                            .put("contract", "contract-1")
                            .put("manifest_id", "mf-" + work.hex().substring(0, 40))
                            .build());
            fixture.verified(response);
        }
    }

    /** Work, range, other header; expected status, first byte and length. */
    private static final String RANGES = """
        0 | bytes=0-0           |                        | 206 | 0     | 1
        0 | bytes=100-199       |                        | 206 | 100   | 100
        0 | bytes=19999-        |                        | 206 | 19999 | 1
        0 | bytes=-5            |                        | 206 | 19995 | 5
        0 | bytes=0-            |                        | 206 | 0     | 20000
        0 | bytes=0-99999999    |                        | 206 | 0     | 20000
        0 | bytes=0-1,5-6       |                        | 200 | 0     | 20000
        0 | bytes=9-5           |                        | 200 | 0     | 20000
        0 | items=0-1           |                        | 200 | 0     | 20000
        0 | bytes=0-1           | Range: bytes=3-4       | 200 | 0     | 20000
        0 | bytes=10-19         | If-Range: $etag        | 206 | 10    | 10
        0 | bytes=10-19         | If-Range: W/$etag      | 200 | 0     | 20000
        0 | bytes=10-19         | If-Range: "other"      | 200 | 0     | 20000
        0 | bytes=10-19         | If-Range: Sun, 01 Mar 2026 12:00:00 GMT | 200 | 0 | 20000
        0 | bytes=90000-        | If-Range: "other"      | 200 | 0     | 20000
        0 | bytes=10-19         | If-None-Match: "other" | 206 | 10    | 10
        0 | bytes=10-19         | If-Match: $etag        | 206 | 10    | 10
        2 | bytes=1000000-1999999 |                      | 206 | 1000000 | 1000000
        2 | bytes=-1            |                        | 206 | 2999999 | 1
        2 | bytes=2999999-      |                        | 206 | 2999999 | 1
        3 | bytes=262143-       |                        | 206 | 262143 | 1
        4 | bytes=262144-       |                        | 206 | 262144 | 1
        1 | bytes=5-3           |                        | 200 | 0     | 0
        1 | bytes=0-            |                        | 200 | 0     | 0
        1 | bytes=-5            |                        | 200 | 0     | 0
        """;

    @Test
    void rangesDeliverExactlyWhatWasAskedFor() throws IOException {
        for (String row : RANGES.lines().toList()) {
            String[] cells = row.split("\\|");
            ContentId work = works.get(Integer.parseInt(cells[0].strip()));
            byte[] whole = content(work);
            String other = cells[2].strip().replace("$etag", "\"" + work + "\"");
            String range = "Range: " + cells[1].strip();
            RawHttp.Response response = other.isEmpty() ? get(work, range) : get(work, range, other);
            int from = Integer.parseInt(cells[4].strip());
            int length = Integer.parseInt(cells[5].strip());
            assertThat(response.status()).as(row).isEqualTo(Integer.parseInt(cells[3].strip()));
            assertThat(response.body()).as(row).isEqualTo(Arrays.copyOfRange(whole, from, from + length));
            Leaf leaf = fixture.verified(response).leaf();
            assertThat(leaf.bytes()).as(row).isEqualTo(length);
            boolean part = response.status() == 206;
            assertThat(leaf.kind()).as(row).isEqualTo(part ? LeafKind.PARTIAL : LeafKind.FULL);
            assertThat(leaf.from()).as(row).isEqualTo(from);
            if (part) {
                assertThat(response.header("Content-Range"))
                        .isEqualTo("bytes " + from + "-" + (from + length - 1) + "/" + whole.length);
            } else {
                assertThat(response.has("Content-Range")).isFalse();
            }
        }
    }

    /** Method, If-None-Match; expected status and kind of leaf. */
    private static final String CONDITIONS = """
        GET  | $etag             | 304 | NOT_MODIFIED
        GET  | W/$etag           | 304 | NOT_MODIFIED
        GET  | "x", $etag        | 304 | NOT_MODIFIED
        GET  | *                 | 304 | HEAD
        GET  | "x"               | 206 | PARTIAL
        GET  | $bare             | 206 | PARTIAL
        HEAD | $etag             | 304 | HEAD
        HEAD | *                 | 304 | HEAD
        HEAD | "x"               | 200 | HEAD
        """;

    @Test
    void onlyACopyThatIsNamedIsAUse() throws IOException {
        ContentId work = works.getFirst();
        for (String row : CONDITIONS.lines().toList()) {
            String[] cells = row.split("\\|");
            String tags = cells[1].strip().replace("$etag", "\"" + work + "\"").replace("$bare", work.toString());
            RawHttp.Response response = fixture.call(RawHttp.request(
                    cells[0].strip(), EdgeFixture.path(work), token, "If-None-Match: " + tags, "Range: bytes=0-1"));
            assertThat(response.status()).as(row).isEqualTo(Integer.parseInt(cells[2].strip()));
            Leaf leaf = fixture.verified(response).leaf();
            LeafKind expected = LeafKind.valueOf(cells[3].strip());
            assertThat(leaf.kind()).as(row).isEqualTo(expected);
            assertThat(leaf.bytes()).as(row).isEqualTo(expected == LeafKind.PARTIAL ? 2 : 0);
        }
    }

    @Test
    void headTellsTheLengthAndFetchesNothing() throws IOException {
        ContentId work = works.get(2);
        RawHttp.Response response = fixture.call(RawHttp.request("HEAD", EdgeFixture.path(work), token));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length")).isEqualTo("3000000");
        assertThat(response.header("Content-Type")).isEqualTo("text/plain");
        assertThat(response.header("Tallystick-Cache")).isEqualTo("miss");
        assertThat(fixture.verified(response).leaf().kind()).isEqualTo(LeafKind.HEAD);
        assertThat(fixture.platform.blobRequests).isEmpty();
    }

    @Test
    void saltsFollowFromTheEpochsSecretAndReceiptsFromTheProtocol() throws IOException {
        Receipt receipt = fixture.verified(get(works.getFirst()));
        receipt.verify(fixture.platform.certificate(1), JdkEd25519.verifier());
        byte[] seed = Base64Url.decode(
                org.tallystick.protocol.codec.Fields.of(
                                Json.parseObject(
                                        java.nio.file.Files.readAllBytes(dir.resolve("epochs/0000000001.json"))),
                                "epoch")
                        .text("seed"),
                "seed");
        assertThat(receipt.leaf().salt()).isEqualTo(Epoch.salt(Epoch.saltSecret(seed), 1));
        assertThat(Receipt.decode(receipt.encode())).isEqualTo(receipt);
        assertThat(java.nio.file.Files.getPosixFilePermissions(dir.resolve("epochs/0000000001.json")))
                .containsExactlyInAnyOrder(
                        java.nio.file.attribute.PosixFilePermission.OWNER_READ,
                        java.nio.file.attribute.PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void whatCreatorsWroteCannotBreakOutOfAHeaderField() throws IOException {
        ContentId work = works.getFirst();
        String evil = "https://x.example/a>; rel=\"next\"\r\nSet-Cookie: a=b\u00e9 \\";
        Hash odd = fixture.platform.publish(
                List.of(StubPlatform.member(work, 20_000, "text/html\r\nX-Evil: 1", evil)), true);
        RawHttp.Response response = fixture.call(RawHttp.get(EdgeFixture.path(work), fixture.token(odd)));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(response.has("X-Evil")).isFalse();
        assertThat(response.has("Set-Cookie")).isFalse();
        assertThat(response.header("Link"))
                .isEqualTo("<https://x.example/a%3E;%20rel=%22next%22%0D%0ASet-Cookie:%20a=b%C3%A9%20%5C>;"
                        + " rel=\"license\"");
        Json.Obj manifest = Json.parseObject(Base64Url.decode(response.header("Tallystick-Manifest"), "manifest"));
        assertThat(manifest.get("license_uri")).contains(Json.of(evil));
    }

    /** Each is a way in which clients write the colon of a content id. */
    @Test
    void aWorkIsFoundHoweverItsAddressIsWritten() throws IOException {
        String path = EdgeFixture.path(works.getFirst());
        for (String written : List.of(
                path,
                path.replace(":", "%3A"),
                path.replace(":", "%3a"),
                path.replace("/works/", "/works/./"),
                "http://edge" + path)) {
            assertThat(fixture.call(RawHttp.get(written, token)).status())
                    .as(written)
                    .isEqualTo(200);
        }
        for (String other :
                List.of(path.replace("/works/", "/works/../"), path + "/", path + "/.", "/works/../healthz")) {
            assertThat(fixture.call(RawHttp.get(other, token)).status())
                    .as(other)
                    .isIn(400, 404);
        }
    }

    @Test
    void theCertificateIsPublicAndVerifies() throws IOException {
        String body = new String(
                fixture.call(RawHttp.get("/certificate", "")).body(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(body)
                .isEqualTo(new String(
                        fixture.call(RawHttp.get("/certificates/1", "")).body(),
                        java.nio.charset.StandardCharsets.UTF_8));
        String compact = org.tallystick.protocol.codec.Fields.of(Json.parse(body), "answer")
                .text("certificate");
        assertThat(org.tallystick.protocol.receipt.EdgeCertificate.verify(
                        compact, fixture.platform.key, JdkEd25519.verifier()))
                .isEqualTo(fixture.platform.certificate(1));
    }

    @Test
    void oldClientsAndThoseThatAskForItAreLetGo() throws IOException {
        String path = EdgeFixture.path(works.getFirst());
        String fields = "Authorization: Bearer " + token + "\r\n";
        try (RawHttp client = fixture.client()) {
            RawHttp.Response response = client.call("GET " + path + " HTTP/1.0\r\n" + fields + "\r\n");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        try (RawHttp client = fixture.client()) {
            RawHttp.Response response =
                    client.call("GET " + path + " HTTP/1.0\r\nConnection: keep-alive\r\n" + fields + "\r\n");
            assertThat(response.header("Connection")).isEqualTo("keep-alive");
            response = client.call(RawHttp.get(path, token, "Connection: close"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).hasSize(20_000);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
