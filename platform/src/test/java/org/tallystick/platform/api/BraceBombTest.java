package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.api.dispatch.Action;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Caller;
import org.tallystick.platform.api.dispatch.Endpoint;
import org.tallystick.platform.api.dispatch.Limits;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;

/** Short texts of many values must not become many times their length in memory, at any endpoint that reads JSON. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BraceBombTest {
    private static final int MIB = 1 << 20;

    private static final Map<String, Caller> CAST =
            Map.of("operator", Caller.OPERATOR, "cleo", Caller.CURATOR, "dan", Caller.BUYER, "ada", Caller.CREATOR);

    private static final int CLOSED = 499;

    @TempDir
    private Path data;

    /** {@code {"answers":[{},{},…]}} of so many bytes, made while it is read. */
    private static InputStream bomb(long bytes) {
        byte[] piece = "{},".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        List<InputStream> all = new ArrayList<>();
        all.add(new ByteArrayInputStream("{\"answers\":[".getBytes(StandardCharsets.US_ASCII)));
        for (long left = (bytes - 32) / 3 * 3; left > 0; left -= piece.length) {
            all.add(new ByteArrayInputStream(piece, 0, (int) Math.min(piece.length, left)));
        }
        all.add(new ByteArrayInputStream("{}]}".getBytes(StandardCharsets.US_ASCII)));
        return new SequenceInputStream(Collections.enumeration(all));
    }

    /** The status, or {@link #CLOSED} where the connection was closed while the body was still being sent. */
    private static int post(URI uri, String key, String path, InputStream body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(uri + path))
                    .header("Authorization", "Bearer " + key)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return CLOSED;
        }
    }

    private static long used() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Thirty-two MiB of {@code {}} took 5.4 GB; eight such bodies at once are refused within what one is allowed to take. */
    @Test
    void thirtyTwoMebibytesOfEmptyObjectsTakeLittle() throws Exception {
        List<Long> held = new ArrayList<>();
        Action reads = call -> {
            try {
                return Answer.ok(call.jsonObject("job-order"));
            } finally {
                synchronized (held) {
                    held.add(used());
                }
            }
        };
        try (Database database = TestDatabase.fresh(InstantSource.system());
                BareServer server = BareServer.start(
                        data, database, InstantSource.system(), Limits.STANDARD, Map.of("orderWorks", reads));
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            long before = used();
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String key = "buyer-b" + i;
                all.add(pool.submit(() -> post(server.uri(), key, "/jobs/job-1/orders", bomb(32 * MIB))));
            }
            for (Future<Integer> one : all) {
                assertThat(one.get()).isEqualTo(413);
            }
            assertThat(held)
                    .hasSize(8)
                    .allSatisfy(bytes -> assertThat(bytes - before)
                            .as("held beside what was held before")
                            .isLessThan(256L * MIB));
        }
    }

    /** Every endpoint that reads JSON, with the worst body it takes: refused or read, with the heap this test has. */
    @Test
    void everyEndpointTakesItsWorstBody() throws Exception {
        try (ApiFixture stage = ApiFixture.open(data.resolve("platform")).withCast()) {
            Map<String, Integer> answers = new LinkedHashMap<>();
            for (Endpoint endpoint : Policy.endpoints().values()) {
                if (endpoint.body().kind().isJson() && CAST.values().stream().anyMatch(endpoint.callers()::contains)) {
                    String who = CAST.entrySet().stream()
                            .filter(one -> endpoint.callers().contains(one.getValue()))
                            .findFirst()
                            .orElseThrow()
                            .getKey();
                    long bytes = Math.min(endpoint.body().limit(), 64L * MIB);
                    String path = endpoint.path().replaceAll("\\{[a-z]+}", "x-1");
                    answers.put(endpoint.operation(), post(stage.uri(), stage.apiKey(who), path, bomb(bytes)));
                }
            }
            assertThat(answers).hasSizeGreaterThan(20);
            assertThat(answers)
                    .allSatisfy((operation, status) ->
                            assertThat(status).as(operation).isBetween(400, 499));
            assertThat(stage.get("operator", "/healthz").status()).isEqualTo(200);
        }
    }
}
