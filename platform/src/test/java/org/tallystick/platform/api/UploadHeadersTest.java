package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.sdk.ManifestDraft;

/** What headers and manifests say about an upload is honoured or refused, never passed over. */
final class UploadHeadersTest {
    private static final String SILENT = "0123456789";

    @TempDir
    static Path data;

    private static ApiFixture stage;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data.resolve("platform")).withCast();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static ManifestDraft draft() {
        return ManifestDraft.of("ada", ApiFixture.LICENCE).path("a/b.txt");
    }

    private static String encoded(Json.Obj manifest) {
        return Base64Url.encode(Jcs.bytes(manifest));
    }

    /** A header of the request, with {@code POST} of a work, {@code PATCH} of a piece and {@code POST} of JSON. */
    @ParameterizedTest(name = "{0}: {1} of a {2} is {3}")
    @CsvSource(delimiter = '|', textBlock = """
            Content-Encoding | gzip            | work  | 415
            Content-Encoding | GZIP            | work  | 415
            Content-Encoding | br, gzip        | work  | 415
            Content-Encoding | x-nothing       | work  | 415
            Content-Encoding | identity        | work  | 201
            Content-Range    | bytes 0-3/10    | work  | 415
            Content-Encoding | gzip            | piece | 415
            Content-Range    | bytes 0-3/10    | piece | 415
            Content-Encoding | identity        | piece | 204
            Content-Encoding | gzip            | json  | 415
            Content-Encoding | deflate         | form  | 415
            """)
    void aHeaderThatChangesTheBodysMeaningIsHonouredOrRefused(String name, String value, String what, int status) {
        Map<String, String> headers = new HashMap<>(Map.of(name, value));
        String method = what.equals("piece") ? "PATCH" : "POST";
        String target = "/ingest/uploads";
        switch (what) {
            case "work" -> {
                headers.put("Content-Type", "application/octet-stream");
                headers.put("Tallystick-Manifest", encoded(draft().json()));
            }
            case "piece" -> {
                target = begin("");
                headers.put("Content-Type", "application/partial-upload");
                headers.put("Upload-Offset", "0");
                headers.put("Upload-Complete", "?0");
            }
            case "form" -> headers.put("Content-Type", "multipart/form-data; boundary=b");
            default -> {
                headers.put("Content-Type", "application/json");
                target = "/contract-lint";
            }
        }
        ApiFixture.Reply reply = stage.send("ada", method, target, headers, "1234");
        assertThat(reply.status()).isEqualTo(status);
        if (status == 415) {
            assertThat(reply.type()).isEqualTo("http/unsupported-encoding");
            assertThat(reply.header("Accept-Encoding")).contains("identity");
        }
    }

    @Test
    void jsonInAnotherCharsetIsRefused() {
        Map<String, String> latin = Map.of("Content-Type", "application/json; charset=ISO-8859-1");
        assertThat(stage.send("ada", "POST", "/contract-lint", latin, "{}").type())
                .isEqualTo("http/unsupported-encoding");
        Map<String, String> utf8 = Map.of("Content-Type", "application/json; charset=UTF-8");
        assertThat(stage.send("ada", "POST", "/contract-lint", utf8, "{}").type())
                .isEqualTo("json/missing-member");
    }

    private static String begin(String content) {
        ApiFixture.Reply begun = stage.send(
                "ada",
                "POST",
                "/ingest/uploads",
                Map.of(
                        "Content-Type",
                        "application/octet-stream",
                        "Tallystick-Manifest",
                        encoded(draft().json()),
                        "Upload-Complete",
                        "?0"),
                content);
        assertThat(begun.status()).isEqualTo(201);
        return begun.header("Location").orElseThrow();
    }

    // ---- forms

    private static ApiFixture.Reply form(String manifestHeaders, String contentHeaders, String content, String more) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"content\"" + contentHeaders + "\r\n\r\n" + content
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"manifest\"" + manifestHeaders + "\r\n\r\n"
                + draft().json() + "\r\n" + more + "--b--\r\n";
        return stage.send(
                "ada", "POST", "/ingest/uploads", Map.of("Content-Type", "multipart/form-data; boundary=b"), body);
    }

    @Test
    void partsNeedNoFileName() {
        assertThat(form("", "", "without a name", "").body())
                .contains(ContentId.of("without a name".getBytes(StandardCharsets.UTF_8))
                        .toString());
        String large =
                "x".repeat(3 << 20); // more than a part in memory, and than the web server's own limit for fields
        assertThat(form("", "", large, "").body())
                .contains(ContentId.of(large.getBytes(StandardCharsets.UTF_8)).toString());
        assertThat(form("; filename=\"m.json\"", "; filename=\"c\"", "named", "")
                        .status())
                .isEqualTo(201);
        assertThat(temporary()).as("nothing is left of large parts").isEmpty();
    }

    private static java.util.List<Path> temporary() {
        try (Stream<Path> files = Files.list(data.resolve("platform/tmp"))) {
            return files.toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0} in a part is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Content-Encoding: gzip                   | 415
            Content-Encoding: identity               | 201
            Content-Transfer-Encoding: base64        | 415
            Content-Transfer-Encoding: quoted-printable | 415
            Content-Transfer-Encoding: binary        | 201
            Content-Transfer-Encoding: 8BIT          | 201
            """)
    void aPartsOwnHeadersAreHonouredOrRefused(String header, int status) {
        assertThat(form("", "\r\n" + header, "with " + header, "").status()).isEqualTo(status);
    }

    @Test
    void aFormSaysWhatIsWrongWithIt() {
        assertThat(form("\r\nContent-Type: application/json; charset=utf-16", "", "c", "")
                        .type())
                .isEqualTo("http/unsupported-encoding");
        String extra = "--b\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\nutf-16\r\n";
        assertThat(form("", "", "c", extra).type()).isEqualTo("http/part-unknown");
        Map<String, String> form = new HashMap<>(Map.of("Content-Type", "multipart/form-data; boundary=b"));
        assertThat(stage.send("ada", "POST", "/ingest/uploads", form, "no form at all")
                        .type())
                .isEqualTo("http/form-malformed");
        form.put("Upload-Complete", "?0");
        assertThat(stage.send("ada", "POST", "/ingest/uploads", form, "--b--").type())
                .isEqualTo("upload/form");
        Map<String, String> without = Map.of("Content-Type", "multipart/form-data");
        assertThat(stage.send("ada", "POST", "/ingest/uploads", without, "--b--")
                        .type())
                .isEqualTo("http/boundary-missing");
    }

    // ---- silence

    @Test
    void aSilentPieceLocksNobodyOutAndItsLateBytesNeverEnterTheWork() throws IOException {
        String at = begin("");
        String head = "PATCH " + at + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + stage.apiKey("ada")
                + "\r\nContent-Type: application/partial-upload\r\nUpload-Offset: 0\r\nUpload-Complete: ?1\r\n"
                + "Content-Length: 20\r\nConnection: close\r\n\r\n";
        try (RawHttp silent = new RawHttp(stage.uri())) {
            silent.send(head + SILENT);
            awaitStaged(at.substring(at.lastIndexOf('/') + 1));
            long reached = offset(at);
            assertThat(reached).isEqualTo(SILENT.length());
            String rest = SILENT.substring((int) reached) + "and the rest";
            ApiFixture.Reply done = stage.send(
                    "ada",
                    "PATCH",
                    at,
                    Map.of(
                            "Content-Type",
                            "application/partial-upload",
                            "Upload-Offset",
                            Long.toString(reached),
                            "Upload-Complete",
                            "?1"),
                    rest);
            assertThat(done.body())
                    .contains(ContentId.of((SILENT + "and the rest").getBytes(StandardCharsets.UTF_8))
                            .toString());
            RawHttp.Reply late = silent.send("too late!!").reply();
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.body()).contains("upload/superseded");
        }
    }

    /** Waits until what the silent client has sent lies on disk, not yet acknowledged. */
    private static void awaitStaged(String upload) throws IOException {
        Path content;
        try (Stream<Path> files = Files.walk(data.resolve("platform"), 3)) {
            content = files.filter(file -> file.endsWith(Path.of(upload, "content")))
                    .findFirst()
                    .orElseThrow();
        }
        long deadline = System.nanoTime() + java.time.Duration.ofSeconds(20).toNanos();
        while (Files.size(content) < SILENT.length()) {
            assertThat(System.nanoTime()).as("nothing arrives").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Asks where the upload stands, as a client does that thinks its request lost. */
    private static long offset(String at) {
        return Long.parseLong(stage.send("ada", "HEAD", at, Map.of(), "")
                .header("Upload-Offset")
                .orElseThrow());
    }

    // ---- manifests

    @ParameterizedTest(name = "{0} {1} is refused")
    @CsvSource(delimiter = '|', textBlock = """
            path        | ../../etc/passwd          | manifest/path
            path        | a/../../b                 | manifest/path
            path        | /etc/passwd               | manifest/path
            path        | a//b                      | manifest/path
            path        | a/./b                     | manifest/path
            path        | ..                        | manifest/path
            path        | ..\\..\\windows          | manifest/path
            path        | C:\\windows                | manifest/path
            path        | a¶b                       | manifest/path
            path        | a§b                       | manifest/path
            media_type  | text/plain¶; X=y          | manifest/media-type
            media_type  | text/plain;¶x             | manifest/media-type
            license_uri | javascript:alert(1)       | manifest/license-uri
            license_uri | JavaScript:alert(1)       | manifest/license-uri
            license_uri | data:text/html,x          | manifest/license-uri
            license_uri | vbscript:x                | manifest/license-uri
            license_uri | file:///etc/passwd        | manifest/license-uri
            origin_url  | javascript:alert(1)       | manifest/origin-url
            """)
    void aManifestThatWouldDoHarmLaterIsRefused(String member, String value, String type) {
        Json.Obj manifest =
                draft().json().with(member, Json.of(value.replace("¶", "\r\n").replace("§", "\u2028")));
        assertThat(upload(manifest).type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            path        | a/b..c/...txt/.hidden
            path        | Ünïcode/東京 (1).txt
            media_type  | text/plain; charset=utf-8
            license_uri | urn:licence:a
            license_uri | HTTPS://example.org/l
            """)
    void aHarmlessManifestIsTaken(String member, String value) {
        assertThat(upload(draft().json().with(member, Json.of(value))).status()).isEqualTo(201);
    }

    private static ApiFixture.Reply upload(Json.Obj manifest) {
        return stage.send(
                "ada",
                "POST",
                "/ingest/uploads",
                Map.of("Content-Type", "application/octet-stream", "Tallystick-Manifest", encoded(manifest)),
                "content");
    }

    @Test
    void foldersAreTheirOwnersAlone() throws IOException {
        for (String folder : new String[] {"", "log", "blobs", "tmp"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            data.resolve("platform").resolve(folder))))
                    .as(folder)
                    .isEqualTo("rwx------");
        }
    }
}
