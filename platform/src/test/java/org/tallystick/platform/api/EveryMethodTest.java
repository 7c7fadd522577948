package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.DateGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.api.dispatch.Endpoint;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.sdk.ManifestDraft;

/** Every path with every method, over plain sockets: nothing is answered past the dispatcher, and no input ends a connection. */
final class EveryMethodTest {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE");

    @TempDir
    static Path data;

    private static ApiFixture stage;

    @BeforeAll
    static void open() {
        stage = ApiFixture.open(data).withCast();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static RawHttp.Reply ask(String method, String path, String more) throws IOException {
        return RawHttp.exchange(
                stage.uri(), method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + "\r\n");
    }

    @Test
    void everyPathWithEveryMethodGoesThroughTheDispatcher() throws IOException {
        Set<String> paths = new TreeSet<>();
        Policy.endpoints().values().forEach(endpoint -> paths.add(endpoint.path()));
        List<String> wrong = new ArrayList<>();
        long before = stage.platform().running().log().size();
        for (String template : paths) {
            String path = template.replaceAll("\\{[a-z]+}", "1");
            for (String method : METHODS) {
                RawHttp.Reply reply = ask(method, path, "");
                objection(path, method, reply).ifPresent(wrong::add);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(stage.platform().running().log().size()).isEqualTo(before);
    }

    private static java.util.Optional<String> objection(String path, String method, RawHttp.Reply reply) {
        boolean known = Policy.methods(path).contains(method);
        boolean open = Policy.endpoints().values().stream()
                .filter(endpoint -> endpoint.methods().contains(method))
                .filter(endpoint -> path.equals(endpoint.path().replaceAll("\\{[a-z]+}", "1")))
                .anyMatch(Endpoint::isPublic);
        boolean right = !known
                ? reply.status() == 405
                        && (method.equals("HEAD") || reply.body().contains("http/method-not-allowed"))
                        && reply.header("Allow").isPresent()
                : open
                        ? reply.status() != 401 && reply.status() < 500
                        : reply.status() == 401
                                && reply.header("WWW-Authenticate").isPresent();
        boolean safe = reply.header("X-Content-Type-Options").equals(java.util.Optional.of("nosniff"))
                && reply.header("Content-Security-Policy").isPresent()
                && reply.header("Cache-Control").isPresent();
        boolean bodiless = !method.equals("HEAD") || reply.body().isEmpty();
        return right && safe && bodiless
                ? java.util.Optional.empty()
                : java.util.Optional.of(method + " " + path + ": " + reply.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing/here", "/", "//healthz", "/healthz/", "/parties"})
    void aPathWithoutAnEndpointIsAProblemForEveryMethod(String path) throws IOException {
        for (String method : METHODS) {
            RawHttp.Reply reply = ask(method, path, "");
            assertThat(reply.status()).as(method + " " + path).isIn(400, 401, 404, 405);
            assertThat(reply.header("Content-Type").orElse(""))
                    .as(method + " " + path)
                    .startsWith("application/problem+json");
        }
    }

    @Test
    void theAllowedMethodsAreNamed() throws IOException {
        assertThat(ask("DELETE", "/parties/ada", "").header("Allow")).contains("GET, HEAD");
        assertThat(ask("OPTIONS", "/contracts/negotiations", "").header("Allow"))
                .contains("GET, HEAD, POST");
        assertThat(ask("PUT", "/log/tile/entries/000", "").header("Allow")).contains("GET, HEAD");
    }

    @Test
    void headIsGetWithoutABodyAndWithTheSameKey() throws IOException {
        String key = "Authorization: Bearer " + stage.apiKey("ada") + "\r\n";
        String work = stage.upload("ada", "0123456789").content().toString();
        String edge = "Authorization: Bearer "
                + stage.client("operator").registerEdge("fra-1").apiKey() + "\r\n";
        for (Map.Entry<String, String> asked : Map.of(
                        "/parties/ada",
                        key,
                        "/parties/nobody",
                        key,
                        "/keys",
                        "",
                        "/openapi.yaml",
                        "",
                        "/blobs/" + work,
                        edge,
                        "/blobs/sha256:" + "0".repeat(64),
                        edge)
                .entrySet()) {
            RawHttp.Reply get = ask("GET", asked.getKey(), asked.getValue());
            RawHttp.Reply head = ask("HEAD", asked.getKey(), asked.getValue());
            assertThat(head.status()).as(asked.getKey()).isEqualTo(get.status());
            assertThat(head.body()).as(asked.getKey()).isEmpty();
            for (String header : List.of("Content-Type", "Content-Length", "ETag", "Accept-Ranges", "Cache-Control")) {
                assertThat(head.header(header))
                        .as(asked.getKey() + " " + header)
                        .isEqualTo(get.header(header));
            }
        }
        assertThat(ask("HEAD", "/parties/ada", "").status()).isEqualTo(401);
        assertThat(ask("HEAD", "/ledger/trial-balance", key).status()).isEqualTo(403);
        assertThat(ask("HEAD", "/blobs/" + work, edge + "Range: bytes=2-4\r\n").header("Content-Length"))
                .contains("3");
    }

    @Test
    void aClientThatHalfClosesGetsItsAnswer() throws IOException {
        String key = "Host: x\r\nConnection: close\r\nAuthorization: Bearer " + stage.apiKey("ada") + "\r\n";
        String manifest = Base64Url.encode(Jcs.bytes(
                ManifestDraft.of("ada", ApiFixture.LICENCE).path("half").json()));
        for (String request : List.of(
                "GET /keys HTTP/1.0\r\n\r\n",
                "GET /keys HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /parties/ada HTTP/1.1\r\n" + key + "\r\n",
                "POST /ingest/uploads HTTP/1.1\r\n" + key + "Content-Type: application/octet-stream\r\n"
                        + "Tallystick-Manifest: " + manifest + "\r\nContent-Length: 4\r\n\r\nhalf")) {
            try (RawHttp connection = new RawHttp(stage.uri())) {
                RawHttp.Reply reply = connection.send(request).halfClose().reply();
                assertThat(reply.status()).as(request).isIn(200, 201);
                assertThat(reply.body()).as(request).isNotEmpty();
            }
        }
        try (RawHttp connection = new RawHttp(stage.uri())) {
            assertThat(connection
                            .send("POST /contract-lint HTTP/1.1\r\n" + key
                                    + "Content-Type: application/json\r\nContent-Length: 40\r\n\r\n{")
                            .halfClose()
                            .reply()
                            .status())
                    .as("a body that ends too early is refused, not dropped")
                    .isEqualTo(400);
        }
    }

    /** RFC 9110: {@code Date} has two digits for the day of the month on every day; the clock's day cannot be chosen here. */
    @Test
    void theDateOfAnAnswerHasTwoDigitsOnEveryDay() throws IOException {
        assertThat(ask("GET", "/keys", "").header("Date").orElseThrow())
                .matches(
                        "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT");
        DateTimeFormatter wanted = DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT);
        LocalDateTime day = LocalDateTime.of(2026, 12, 28, 23, 59, 59);
        for (int i = 0; i < 400; i++) {
            LocalDateTime at = day.plus(Duration.ofDays(i));
            assertThat(DateGenerator.formatDate(at.toInstant(ZoneOffset.UTC).toEpochMilli()))
                    .isEqualTo(wanted.format(at));
        }
    }
}
