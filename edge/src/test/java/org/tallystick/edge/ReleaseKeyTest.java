package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;

/**
 * Release keys over real sockets. Shows that under an order a work is delivered only to whoever shows its key, so that a stolen
 * token fetches nothing new, and that the leaf carries the key in its salt's place.
 */
class ReleaseKeyTest {
    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private List<ContentId> works;
    private final ReleaseSeed seed = new ReleaseSeed(Hash.of(new byte[32]).toBytes());
    private Grant grant;
    private ReleaseTable table;
    private String token;

    @BeforeEach
    void order() throws IOException {
        fixture = new EdgeFixture(dir);
        works = fixture.works(1000, 2000, 3000, 0);
        Hash dataset = fixture.platform.publish(works);
        table = seed.table(works.size(), ordinal -> ordinal != 2);
        fixture.platform.orderTables.put(table.root(), table.entries());
        grant = Grants.under(
                fixture.grant(dataset), new Grant.Order(1, HexFormat.of().formatHex(table.tag()), table.root()));
        token = EdgeFixture.token(grant, fixture.platform.signer);
        fixture.start();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private RawHttp.Response get(int work, String... headers) throws IOException {
        return fixture.call(RawHttp.get(EdgeFixture.path(works.get(work)), token, headers));
    }

    private static String shown(ReleaseKey key) {
        return ReleaseKey.HTTP_HEADER + ": " + key;
    }

    private static long ordinal(RawHttp.Response problem) {
        return Fields.of(Json.parse(problem.body()), "problem").integer("ordinal", 0, 100);
    }

    @Test
    void theKeyStandsInTheLeafInTheSaltsPlaceHoweverItIsShown() throws IOException {
        String etag = "If-None-Match: \"" + works.get(1) + "\"";
        List<RawHttp.Response> answers = List.of(
                get(1, shown(seed.key(1))),
                get(1, shown(seed.key(1)), "Range: bytes=5-9"),
                get(1, shown(seed.key(1)), etag),
                fixture.call(RawHttp.get(EdgeFixture.path(works.get(1)) + "?release=" + seed.key(1), token)));
        for (RawHttp.Response answer : answers) {
            Leaf leaf = fixture.verified(answer).leaf();
            assertThat(leaf.released()).isTrue();
            assertThat(leaf.salt()).isEqualTo(seed.key(1).bytes());
        }
        assertThat(answers).extracting(RawHttp.Response::status).containsExactly(200, 206, 304, 200);
        assertThat(get(3, shown(seed.key(3))).status()).as("an empty work").isEqualTo(200);
        assertThat(fixture.platform.orderTableRequests).hasValue(1);
    }

    @Test
    void aStolenTokenWithoutTheSeedFetchesNothing() throws IOException {
        RawHttp.Response missing = get(1);
        assertThat(missing.status()).isEqualTo(403);
        assertThat(missing.problem()).isEqualTo("release/missing");
        assertThat(ordinal(missing)).isEqualTo(1);
        assertThat(get(1, "If-None-Match: \"" + works.get(1) + "\"").problem()).isEqualTo("release/missing");
        assertThat(get(1, "Range: bytes=0-0").problem()).isEqualTo("release/missing");
        String guessed = new ReleaseSeed("12345678901234567890123456789012".getBytes(StandardCharsets.US_ASCII))
                .key(1)
                .toString();
        assertThat(get(1, ReleaseKey.HTTP_HEADER + ": " + guessed).problem()).isEqualTo("release/wrong");
        assertThat(get(1, shown(new ReleaseKey(new byte[16]))).problem()).isEqualTo("release/wrong");
        assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(5)))
                .isTrue();
        assertThat(fixture.platform.leaves(1)).isEmpty();
        assertThat(fixture.platform.blobRequests).isEmpty();
    }

    @Test
    void theKeyOfAnotherWorkOpensNothing() throws IOException {
        RawHttp.Response wrong = get(1, shown(seed.key(0)));
        assertThat(wrong.problem()).isEqualTo("release/wrong");
        assertThat(ordinal(wrong)).isEqualTo(1);
        assertThat(get(1, ReleaseKey.HTTP_HEADER + ": nonsense").problem()).isEqualTo("release/wrong");
        assertThat(get(1, shown(seed.key(1)), shown(seed.key(0))).problem()).isEqualTo("release/wrong");
        assertThat(get(1, shown(seed.key(0)), shown(seed.key(1))).problem()).isEqualTo("release/wrong");
    }

    @Test
    void aWorkThatIsNotOrderedIsNotDelivered() throws IOException {
        RawHttp.Response refused = get(2, shown(seed.key(2)));
        assertThat(refused.problem()).isEqualTo("release/not-ordered");
        assertThat(ordinal(refused)).isEqualTo(2);
        assertThat(get(2).problem()).isEqualTo("release/not-ordered");
    }

    @Test
    void whatClaimsNoCopyNeedsNoKeyAndShowsNone() throws IOException {
        for (RawHttp.Response answer : List.of(
                fixture.call(RawHttp.request("HEAD", EdgeFixture.path(works.get(1)), token)),
                get(1, "If-None-Match: *"),
                get(1, shown(seed.key(1)), "If-None-Match: *"))) {
            Leaf leaf = fixture.verified(answer).leaf();
            assertThat(leaf.kind()).isEqualTo(LeafKind.HEAD);
            assertThat(leaf.released()).isFalse();
        }
    }

    @Test
    void aKnownTableServesWithThePlatformAwayAlsoAfterARestart() throws IOException {
        assertThat(get(0, shown(seed.key(0))).status()).isEqualTo(200);
        fixture.crash();
        fixture.start();
        fixture.platform.away = true;
        assertThat(get(0, shown(seed.key(0))).status()).isEqualTo(200);
        fixture.platform.away = false;
        assertThat(fixture.platform.orderTableRequests).hasValue(1);
        fixture.stop();
        try (Stream<Path> files = Files.list(dir.resolve("orders"))) {
            Path file = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[3] ^= 1;
            Files.write(file, bytes);
        }
        fixture.start();
        assertThat(get(0, shown(seed.key(0))).status()).as("fetched again").isEqualTo(200);
        assertThat(fixture.platform.orderTableRequests).hasValue(2);
    }

    @Test
    void aTableThatIsNotTheOrdersIsRefused() throws IOException {
        byte[] lie = table.entries().clone();
        lie[40] ^= 1;
        fixture.platform.orderTables.put(table.root(), lie);
        assertThat(get(0, shown(seed.key(0))).problem()).isEqualTo("order/wrong-table");
        fixture.platform.orderTables.put(table.root(), new byte[16]);
        assertThat(get(0, shown(seed.key(0))).problem()).isEqualTo("order/wrong-table");
        fixture.platform.orderTables.clear();
        assertThat(get(0, shown(seed.key(0))).problem()).isEqualTo("order/unknown");
        fixture.platform.away = true;
        assertThat(get(0, shown(seed.key(0))).problem()).isEqualTo("platform/unavailable");
    }
}
