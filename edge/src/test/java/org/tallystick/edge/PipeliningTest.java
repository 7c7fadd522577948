package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;

/** Requests sent before their predecessors are answered: all answered, each with its own, in order. */
class PipeliningTest {
    @TempDir
    Path dir;

    @Test
    void answersComeInTheOrderOfTheRequestsHoweverLongEachTakes() {
        Seeds.check(2, random -> {
            Path each = java.nio.file.Files.createTempDirectory(dir, "run");
            try (EdgeFixture fixture = new EdgeFixture(each)) {
                int[] lengths = new int[12];
                for (int i = 0; i < lengths.length; i++) {
                    lengths[i] = random.nextInt(3) == 0 ? 300_000 + i : 1000 + i;
                }
                List<ContentId> works = fixture.works(lengths);
                Hash dataset = fixture.platform.publish(works);
                String token = fixture.token(dataset);
                fixture.platform.blobDelay = Duration.ofMillis(3);
                fixture.start();
                StringBuilder requests = new StringBuilder();
                List<Integer> expected = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    int pick = random.nextInt(works.size() + 2);
                    if (pick < works.size()) {
                        requests.append(RawHttp.get(EdgeFixture.path(works.get(pick)), token));
                        expected.add(lengths[pick]);
                    } else if (pick == works.size()) {
                        requests.append(RawHttp.get("/nothing", ""));
                        expected.add(-404);
                    } else {
                        requests.append(RawHttp.get(EdgeFixture.path(works.getFirst()), token, "If-None-Match: *"));
                        expected.add(-304);
                    }
                }
                check(fixture, requests.toString(), expected);
            }
        });
    }

    private static void check(EdgeFixture fixture, String requests, List<Integer> expected) throws IOException {
        try (RawHttp client = fixture.client()) {
            Thread sender = Thread.ofVirtual()
                    .start(() -> StubPlatform.unchecked(() -> {
                        client.send(requests);
                        return true;
                    }));
            long deliveries = 0;
            for (int what : expected) {
                RawHttp.Response response = client.read(false);
                assertThat(response.status()).isEqualTo(what >= 0 ? 200 : -what);
                if (what >= 0) {
                    assertThat(response.body()).hasSize(what);
                }
                if (what != -404) {
                    assertThat(response.header("Tallystick-Content-Id")).isNotEmpty();
                    fixture.verified(response);
                    deliveries++;
                }
            }
            assertThat(sender.isAlive()).isFalse();
            assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(5)))
                    .isTrue();
            assertThat(fixture.platform.leaves(1)).hasSize((int) deliveries);
        }
    }

    @Test
    void nothingAfterTheLastRequestIsAnswered() throws IOException {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(100);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            String path = EdgeFixture.path(works.getFirst());
            try (RawHttp client = fixture.client()) {
                client.send(RawHttp.get(path, token)
                        + RawHttp.get(path, token, "Connection: close")
                        + RawHttp.get(path, token));
                assertThat(client.read(false).status()).isEqualTo(200);
                assertThat(client.read(false).header("Connection")).isEqualTo("close");
                assertThat(client.isClosedByPeer()).isTrue();
            }
            assertThat(fixture.running.orElseThrow().awaitDrained(Duration.ofSeconds(5)))
                    .isTrue();
            assertThat(fixture.platform.leaves(1)).hasSize(2);
        }
    }

    @Test
    void aRequestMayComeInPieces() throws Exception {
        try (EdgeFixture fixture = new EdgeFixture(dir)) {
            List<ContentId> works = fixture.works(100);
            String token = fixture.token(fixture.platform.publish(works));
            fixture.start();
            try (RawHttp client = fixture.client()) {
                String request = RawHttp.get(EdgeFixture.path(works.getFirst()), token);
                int at = 0;
                while (at < request.length()) {
                    int end = Math.min(request.length(), at + 97);
                    client.send(request.substring(at, end));
                    Thread.sleep(1);
                    at = end;
                }
                assertThat(client.read(false).body()).hasSize(100);
            }
        }
    }
}
