package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Every method with every condition and range of RFC 9110 on a full and on an empty work: what the edge answers is
 * compared with section 13.2.2 read once more in this class, which shares nothing with the edge.
 */
class ConditionsTableTest {
    private static final int LENGTH = 1000;
    private static final String PAST = "Sat, 01 Jan 2000 00:00:00 GMT";
    private static final String NONE = "";
    private static final List<String> OTHER_METHODS =
            List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get");

    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private List<ContentId> works = List.of();
    private String token = "";

    @BeforeEach
    void serve() throws IOException {
        fixture = new EdgeFixture(dir);
        works = fixture.works(LENGTH, 0);
        Hash dataset = fixture.platform.publish(works);
        token = fixture.token(dataset);
        fixture.start();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    /** One cell of the table; an empty text is a field that is not sent, {@code $e} the work's own entity tag. */
    private record Cell(String method, int length, String match, String noneMatch, String since, Part part) {
        /** Status by RFC 9110, section 13.2.2: If-Match, then If-None-Match, then Range with If-Range. */
        int status() {
            if (!match.isEmpty() && !List.of("*", "$e", "\"x\", $e").contains(match)) {
                return 412; // strong comparison: W/$e is none
            }
            if (!noneMatch.isEmpty() && !noneMatch.equals("\"x\"")) {
                return 304;
            }
            boolean counts = method.equals("GET") && part.counts() && length > 0;
            return counts ? part.status() : 200;
        }
    }

    /** A range with its condition; {@code from} and {@code to} are what it means, {@code to} not included. */
    private record Part(String range, String condition, int status, int from, int to) {
        boolean counts() {
            return !range.isEmpty() && (condition.isEmpty() || condition.equals("$e"));
        }
    }

    private static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(NONE, NONE, 200, 0, LENGTH));
        parts.add(new Part(NONE, "$e", 200, 0, LENGTH)); // If-Range without Range means nothing
        for (String condition : List.of(NONE, "$e", "W/$e", "\"x\"", PAST)) {
            parts.add(new Part("bytes=0-9", condition, 206, 0, 10));
            parts.add(new Part("BYTES=990-", condition, 206, 990, LENGTH));
            parts.add(new Part("bytes=-10", condition, 206, 990, LENGTH));
            parts.add(new Part("bytes=5-99999", condition, 206, 5, LENGTH));
            parts.add(new Part("bytes=1000-", condition, 416, 0, 0));
            parts.add(new Part("bytes=-0", condition, 416, 0, 0));
            parts.add(new Part("bytes=0-1,5-6", condition, 200, 0, LENGTH)); // several: the whole, as the RFC allows
            parts.add(new Part("bytes=9-5", condition, 200, 0, LENGTH)); // invalid: ignored
            parts.add(new Part("items=0-9", condition, 200, 0, LENGTH)); // another unit: ignored
        }
        return parts;
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String method : List.of("GET", "HEAD")) {
            for (int length : List.of(LENGTH, 0)) {
                for (String match : List.of(NONE, "*", "$e", "\"x\", $e", "W/$e", "\"x\"")) {
                    for (String noneMatch : List.of(NONE, "*", "$e", "W/$e", "\"x\", W/$e", "\"x\"")) {
                        for (String since : List.of(NONE, PAST)) {
                            parts().forEach(part -> cells.add(new Cell(method, length, match, noneMatch, since, part)));
                        }
                    }
                }
            }
        }
        return cells;
    }

    private String request(Cell cell, ContentId work) {
        List<String> fields = new ArrayList<>();
        String tag = "\"" + work + "\"";
        add(fields, "If-Match", cell.match(), tag);
        add(fields, "If-None-Match", cell.noneMatch(), tag);
        add(fields, "If-Modified-Since", cell.since(), tag);
        add(fields, "If-Unmodified-Since", cell.since(), tag);
        add(fields, "Range", cell.part().range(), tag);
        add(fields, "If-Range", cell.part().condition(), tag);
        return RawHttp.request(cell.method(), EdgeFixture.path(work), token, fields.toArray(String[]::new));
    }

    private static void add(List<String> fields, String name, String value, String tag) {
        if (!value.isEmpty()) {
            fields.add(name + ": " + value.replace("$e", tag));
        }
    }

    @Test
    void everyConditionWithEveryRangeIsAnsweredAsTheRfcSays() throws IOException {
        List<Cell> cells = cells();
        assertThat(cells).hasSizeGreaterThan(6000);
        try (RawHttp client = fixture.client()) {
            for (Cell cell : cells) {
                ContentId work = works.get(cell.length() > 0 ? 0 : 1);
                RawHttp.Response response = client.call(request(cell, work));
                assertThat(response.status()).as(cell.toString()).isEqualTo(cell.status());
                check(cell, work, response);
            }
        }
    }

    private void check(Cell cell, ContentId work, RawHttp.Response response) {
        byte[] content = fixture.platform.blobs.getOrDefault(work, new byte[0]);
        boolean head = cell.method().equals("HEAD");
        Part part = cell.part();
        assertThat(response.header("Date")).as(cell.toString()).hasSize(29);
        switch (response.status()) {
            case 200 -> {
                assertThat(response.header("Content-Length"))
                        .as(cell.toString())
                        .isEqualTo("" + content.length);
                assertThat(response.body()).as(cell.toString()).isEqualTo(head ? new byte[0] : content);
                assertThat(response.has("Content-Range")).as(cell.toString()).isFalse();
            }
            case 206 -> {
                assertThat(response.body())
                        .as(cell.toString())
                        .isEqualTo(Arrays.copyOfRange(content, part.from(), part.to()));
                assertThat(response.header("Content-Range"))
                        .as(cell.toString())
                        .isEqualTo("bytes " + part.from() + "-" + (part.to() - 1) + "/" + content.length);
            }
            case 304 -> assertThat(response.header("ETag")).isEqualTo("\"" + work + "\"");
            case 416 ->
                assertThat(response.header("Content-Range")).as(cell.toString()).isEqualTo("bytes */" + content.length);
            default -> assertThat(response.problem()).as(cell.toString()).isEqualTo(head ? "" : "precondition/failed");
        }
    }

    @Test
    void otherMethodsAreNotAllowedWhateverTheyAreConditionedOn() throws IOException {
        for (String method : OTHER_METHODS) {
            for (String path :
                    List.of(EdgeFixture.path(works.getFirst()), "/healthz", "/metrics", "/certificate", "/no")) {
                for (String field :
                        List.of("X-Nothing: 1", "If-Match: \"x\"", "If-None-Match: *", "Range: bytes=0-1")) {
                    RawHttp.Response response = fixture.call(RawHttp.request(method, path, token, field));
                    assertThat(response.status())
                            .as(method + " " + path + " " + field)
                            .isEqualTo(405);
                    assertThat(response.header("Allow")).isEqualTo("GET, HEAD");
                }
            }
        }
        assertThat(fixture.platform.blobRequests)
                .as("nothing was fetched for them")
                .isEmpty();
    }

    @Test
    void withoutATokenNoConditionIsLookedAt() throws IOException {
        for (String method : List.of("GET", "HEAD")) {
            for (String field : List.of("If-Match: \"x\"", "If-None-Match: *", "Range: bytes=99999-")) {
                RawHttp.Response response =
                        fixture.call(RawHttp.request(method, EdgeFixture.path(works.getFirst()), "", field));
                assertThat(response.status()).as(method + " " + field).isEqualTo(401);
                assertThat(response.header("WWW-Authenticate")).startsWith("Bearer ");
            }
        }
    }
}
