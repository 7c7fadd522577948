package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;

/**
 * Bytes that a creator gives away. Shows that a preview serves those and no others, that a reader of footers takes no quota, and
 * that repeats, which cost nothing, end at a number of bytes.
 */
class FreeRangesTest {
    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private List<ContentId> works;
    private Grant grant;

    @BeforeEach
    void publish() throws IOException {
        fixture = new EdgeFixture(dir);
        works = fixture.works(1000, 2000, 0);
        grant = fixture.grant(fixture.platform.publish(
                List.of(
                        StubPlatform.member(works.get(0), 1000, "text/plain", "l")
                                .with("free_ranges", ranges(0, 4, 4, 8, 900, 1000)),
                        StubPlatform.member(works.get(1), 2000, "text/plain", "l"),
                        StubPlatform.member(works.get(2), 0, "text/plain", "l")),
                true));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static Json ranges(int... bounds) {
        java.util.ArrayList<Json> ranges = new java.util.ArrayList<>();
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.add(Json.object()
                    .put("from", bounds[i])
                    .put("to", bounds[i + 1])
                    .build());
        }
        return Json.array(ranges);
    }

    private RawHttp.Response get(Grant under, int work, String... headers) throws IOException {
        return fixture.call(RawHttp.get(
                EdgeFixture.path(works.get(work)), EdgeFixture.token(under, fixture.platform.signer), headers));
    }

    /** Range; expected status. */
    private static final String PREVIEWS = """
        bytes=0-7      | 206
        bytes=3-5      | 206
        bytes=-100     | 206
        bytes=950-     | 206
        bytes=0-8      | 403
        bytes=7-8      | 403
        bytes=8-8      | 403
        bytes=-101     | 403
        bytes=0-       | 403
        bytes=899-999  | 403
        bytes=0-3,900- | 403
        junk           | 403
        """;

    @Test
    void aPreviewOfAWholeWorkIsRefusedAndOneOfFreeBytesIsNot() throws IOException {
        fixture.start();
        Grant preview = Grants.scope(grant, Scope.PREVIEW);
        for (String row : PREVIEWS.lines().toList()) {
            String[] cells = row.split("\\|");
            RawHttp.Response response = get(preview, 0, "Range: " + cells[0].strip());
            assertThat(response.status()).as(row).isEqualTo(Integer.parseInt(cells[1].strip()));
        }
        RawHttp.Response whole = get(preview, 0);
        assertThat(whole.problem()).isEqualTo("preview/outside");
        assertThat(Fields.of(Json.parse(whole.body()), "problem").object().get("free_ranges"))
                .contains(ranges(0, 4, 4, 8, 900, 1000));
        assertThat(get(preview, 1, "Range: bytes=0-0").problem()).isEqualTo("preview/outside");
        assertThat(get(preview, 2).status())
                .as("an empty work has no byte outside")
                .isEqualTo(200);
        assertThat(fixture.running.orElseThrow().awaitDrained(java.time.Duration.ofSeconds(5)))
                .isTrue();
        assertThat(fixture.platform.leaves(1)).hasSize(5);
        assertThat(fixture.platform.uses()).isEmpty();
    }

    @Test
    void readersOfFootersTakeNoQuota() throws IOException {
        fixture.start();
        Grant one = Grants.quota(grant, 1);
        for (int i = 0; i < 3; i++) {
            assertThat(get(one, 0, "Range: bytes=-8").status()).isEqualTo(206);
            assertThat(get(one, 0, "Range: bytes=0-3").status()).isEqualTo(206);
        }
        assertThat(get(one, 1).status()).isEqualTo(200);
        assertThat(get(one, 0, "Range: bytes=-8").status()).isEqualTo(206);
        assertThat(get(one, 0, "Range: bytes=8-8").problem()).isEqualTo("token/quota");
        assertThat(get(one, 0).problem()).isEqualTo("token/quota");
    }

    @Test
    void repeatsEndWhereTheLimitInBytesDoes() throws IOException {
        fixture.settings.put("repeats", "3");
        fixture.settings.put("tokenBytes", "0");
        fixture.start();
        Grant two = Grants.quota(grant, 2);
        for (int i = 0; i < 3; i++) {
            assertThat(get(two, 0).status()).isEqualTo(200);
        }
        assertThat(get(two, 0).problem()).isEqualTo("token/bytes");
        assertThat(get(two, 0, "Range: bytes=500-500").problem()).isEqualTo("token/bytes");
        for (int i = 0; i < 3; i++) {
            assertThat(get(two, 1).status()).as("another work brings its own").isEqualTo(200);
        }
        assertThat(get(two, 0).problem()).isEqualTo("token/bytes");
        for (int i = 0; i < 9; i++) {
            assertThat(get(grant, 0).status())
                    .as("without a quota the whole version counts")
                    .isEqualTo(200);
        }
        assertThat(get(grant, 0).problem()).isEqualTo("token/bytes");
    }

    @Test
    void aTokenOfAClockALittleAheadIsTakenAndItsLeavesLieWithinIt() throws IOException {
        fixture.start();
        fixture.clock.step(java.time.Duration.ofSeconds(-30));
        Grant soon = new Grant(
                grant.issuer(),
                grant.consumer(),
                grant.contract(),
                grant.job(),
                Scope.TRAINING,
                grant.dataset(),
                EdgeFixture.NOON,
                EdgeFixture.NOON.plusSeconds(60),
                java.util.Optional.empty());
        RawHttp.Response answer = get(soon, 1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(fixture.verified(answer).leaf().time()).isEqualTo(EdgeFixture.NOON.toEpochMilli());
    }
}
