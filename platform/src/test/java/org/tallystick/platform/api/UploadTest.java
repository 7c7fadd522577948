package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.ManifestDraft;
import org.tallystick.sdk.UploadReceipt;

/** Works come in at once, in pieces or by form, and go out to edges whole or in ranges. */
final class UploadTest {
    @TempDir
    Path data;

    private ApiFixture stage;

    @BeforeEach
    void open() {
        stage = ApiFixture.open(data.resolve("platform")).withCast();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private static ManifestDraft draft() {
        return ManifestDraft.of("ada", ApiFixture.LICENCE).path("a/b.txt").mediaType("text/plain");
    }

    @Test
    void theSameUploadAgainHasTheSameReceipt() {
        UploadReceipt first = stage.client("ada").upload(draft(), new byte[] {1, 2, 3});
        assertThat(stage.client("ada").upload(draft(), new byte[] {1, 2, 3})).isEqualTo(first);
        assertThat(stage.http().seen()).contains("POST /ingest/uploads 201", "POST /ingest/uploads 200");
        first.verify(stage.client("ada").keys().platform(), Ed25519.verifier());
        assertThat(stage.client("ada").manifest(first.manifestId()).receipt()).isEqualTo(first);
        assertThat(stage.get("bob", "/manifests/" + first.manifestId()).type()).isEqualTo("manifest/unknown");
        for (String format : new String[] {"prov", "ro-crate"}) {
            assertThat(Jcs.text(stage.client("ada").manifestAs(first.manifestId(), format)))
                    .contains("@context")
                    .contains(first.content().toString());
        }
        assertThat(stage.get("ada", "/manifests/" + first.manifestId() + "?format=pdf")
                        .type())
                .isEqualTo("http/unknown-format");
    }

    @Test
    void aLargeWorkComesInPieces() throws IOException {
        byte[] content = new byte[300_001];
        new Random(7).nextBytes(content);
        Path file = Files.write(data.resolve("large"), content);
        UploadReceipt receipt = stage.client("ada").uploadResumable(draft(), file, 100_000);
        assertThat(receipt.content()).isEqualTo(ContentId.of(content));
        assertThat(receipt.bytes()).isEqualTo(content.length);
        Path empty = Files.createFile(data.resolve("empty"));
        assertThat(stage.client("ada").uploadResumable(draft(), empty, 10).bytes())
                .isZero();
    }

    @Test
    void anUploadGoesOnWhereItStandsAfterARestart() {
        String manifest = Base64Url.encode(Jcs.bytes(draft().json()));
        ApiFixture.Reply begun = stage.send(
                "ada",
                "POST",
                "/ingest/uploads",
                Map.of(
                        "Content-Type",
                        "application/octet-stream",
                        "Tallystick-Manifest",
                        manifest,
                        "Upload-Complete",
                        "?0"),
                "one ");
        assertThat(begun.status()).isEqualTo(201);
        String at = begun.header("Location").orElseThrow();
        assertThat(begun.header("Upload-Offset")).contains("4");
        stage.platform().restart();
        ApiFixture.Reply head = stage.send("ada", "HEAD", at, Map.of(), "");
        assertThat(head.header("Upload-Offset")).contains("4");
        assertThat(head.header("Upload-Complete")).contains("?0");
        assertThat(stage.send("bob", "HEAD", at, Map.of(), "").status()).isEqualTo(404);
        ApiFixture.Reply wrong = patch(at, "0", "?0", "x");
        assertThat(wrong.type()).isEqualTo("upload/offset");
        assertThat(wrong.json().get("upload_offset").orElseThrow().toString()).isEqualTo("\"4\"");
        assertThat(patch(at, "4", "?0", "two ").header("Upload-Offset")).contains("8");
        ApiFixture.Reply done = patch(at, "8", "?1", "three");
        assertThat(done.status()).isEqualTo(201);
        assertThat(done.body())
                .contains(ContentId.of("one two three".getBytes(StandardCharsets.UTF_8))
                        .toString());
        assertThat(patch(at, "13", "?1", "").status()).isEqualTo(200);
        assertThat(patch(at, "x", "?1", "").type()).isEqualTo("upload/number");
        assertThat(patch(at, "0", "?2", "").type()).isEqualTo("upload/complete");
    }

    private ApiFixture.Reply patch(String at, String offset, String complete, String body) {
        return stage.send(
                "ada",
                "PATCH",
                at,
                Map.of(
                        "Content-Type",
                        "application/partial-upload",
                        "Upload-Offset",
                        offset,
                        "Upload-Complete",
                        complete),
                body);
    }

    @Test
    void aFormWillDo() {
        ApiFixture.Reply reply = form("manifest", draft().toString(), "content", "by form");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body())
                .contains(
                        ContentId.of("by form".getBytes(StandardCharsets.UTF_8)).toString());
        assertThat(form("manifest", draft().toString(), "other", "by form").type())
                .isEqualTo("http/part-missing");
        assertThat(form("other", "{}", "content", "by form").type()).isEqualTo("http/part-missing");
        assertThat(form("manifest", "{", "content", "by form").type()).isEqualTo("json/truncated");
    }

    private ApiFixture.Reply form(String first, String manifest, String second, String content) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"" + first + "\"\r\n\r\n" + manifest
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"" + second
                + "\"; filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n--b--\r\n";
        return stage.send(
                "ada", "POST", "/ingest/uploads", Map.of("Content-Type", "multipart/form-data; boundary=b"), body);
    }

    @Test
    void edgesFetchWorksAndNothingElse() {
        UploadReceipt receipt = stage.upload("ada", "0123456789");
        DatasetVersion version = stage.publish("hn-1", Map.of(receipt.content(), "ada"));
        stage.apiKey("edge", stage.client("operator").registerEdge("fra-1").apiKey());
        String target = "/blobs/" + receipt.content();
        assertThat(stage.get("edge", target).body()).isEqualTo("0123456789");
        assertThat(range(target, "bytes=2-4")).isEqualTo("206 234 bytes 2-4/10");
        assertThat(range(target, "bytes=7-")).isEqualTo("206 789 bytes 7-9/10");
        assertThat(range(target, "bytes=-3")).isEqualTo("206 789 bytes 7-9/10");
        assertThat(range(target, "bytes=-30")).isEqualTo("206 0123456789 bytes 0-9/10");
        assertThat(range(target, "bytes=8-80")).isEqualTo("206 89 bytes 8-9/10");
        assertThat(range(target, "bytes=4-2")).isEqualTo("200 0123456789 ");
        assertThat(range(target, "bytes=1-2,4-5")).isEqualTo("200 0123456789 ");
        assertThat(range(target, "lines=1-2")).isEqualTo("200 0123456789 ");
        assertThat(range(target, "bytes=10-")).startsWith("416 ").contains("http/range-not-satisfiable");
        assertThat(range(target, "bytes=-0")).startsWith("416 ");
        assertThat(stage.client("edge").members(version.root()).isWhole()).isTrue();
        assertThat(stage.client("ada").members(version.root()).members()).hasSize(1);
        assertThat(stage.get("bob", "/datasets/versions/" + version.root().hex() + "/members")
                        .type())
                .isEqualTo("dataset-version/members-not-shown");
    }

    private String range(String target, String range) {
        ApiFixture.Reply reply = stage.send("edge", "GET", target, Map.of("Range", range), "");
        return reply.status() + " " + reply.body() + " "
                + reply.header("Content-Range").orElse("");
    }
}
