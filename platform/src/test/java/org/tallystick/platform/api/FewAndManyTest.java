package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.api.dispatch.Action;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Limit;
import org.tallystick.platform.api.dispatch.Limits;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;

/** A few who are slow, silent or greedy keep nobody else waiting: over real sockets, against the limits of the table. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FewAndManyTest {
    private static final String DAN = "buyer-dan";
    private static final String EVE = "buyer-eve";
    private static final Limits NO_RATE = Limits.STANDARD.with(Limit.RATE, 1_000_000);

    @TempDir
    private Path data;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh(clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private BareServer server(Limits limits, Map<String, Action> actions) {
        return BareServer.start(data, database, clock, limits, actions);
    }

    private static List<RawHttp> silent(BareServer server, int count, String path, String key) throws IOException {
        List<RawHttp> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new RawHttp(server.uri())
                    .send(BareServer.head("POST", path, key, Map.of())
                            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        }
        return all;
    }

    private static void closeAll(List<RawHttp> connections) throws IOException {
        for (RawHttp one : connections) {
            one.close();
        }
    }

    @Test
    void sixIdleConnectionsHaltNoContracting() throws Exception {
        try (BareServer server = server(Limits.STANDARD, Map.of())) {
            List<RawHttp> idle = silent(server, 6, "/contracts/negotiations", DAN);
            for (String path : List.of("/contracts/negotiations", "/negotiations", "/negotiations/n-1/signatures")) {
                long begun = System.nanoTime();
                assertThat(server.post(path, "curator-cleo", Map.of(), "{}").status())
                        .as(path)
                        .isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(path).isLessThan(Duration.ofSeconds(5));
            }
            assertThat(server.post("/contracts/negotiations", DAN, Map.of(), "{}")
                            .status())
                    .as("nor its own")
                    .isEqualTo(200);
            closeAll(idle);
        }
    }

    @Test
    void twoHundredSlowBodiesTakeNoPlaceAndAreGivenUp() throws Exception {
        Limits hurried = Limits.STANDARD.with(Limit.BODY_GRACE, 2);
        try (BareServer server = server(hurried, Map.of())) {
            List<RawHttp> slow = silent(server, 200, "/jobs", DAN);
            assertThat(server.post("/jobs", EVE, Map.of(), "{}").status()).isEqualTo(200);
            assertThat(server.post("/jobs", DAN, Map.of(), "{}").status()).isEqualTo(200);
            assertThat(server.get("/contracts/c-1", DAN).status()).isEqualTo(200);
            Thread.ofVirtual().start(() -> trickle(slow));
            for (RawHttp one : slow) {
                RawHttp.Reply reply = one.reply();
                assertThat(reply.status()).isEqualTo(408);
                assertThat(reply.body()).contains("http/body-too-slow");
                assertThat(reply.header("Retry-After")).contains("1");
            }
            closeAll(slow);
        }
        assertNothingLeft();
    }

    /** One byte at a time, as long as the server listens. */
    private static void trickle(List<RawHttp> slow) {
        for (int i = 0; i < 50; i++) {
            for (RawHttp one : slow) {
                if (!trickle(one)) {
                    return;
                }
            }
        }
    }

    private static boolean trickle(RawHttp one) {
        try {
            one.send(" ");
            TimeUnit.MILLISECONDS.sleep(1);
            return true;
        } catch (IOException e) {
            return true; // this one was given up already
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.list(data.resolve("tmp"))) {
            assertThat(left).as("temporary files").isEmpty();
        }
    }

    @Test
    void aCallerWithTooManyUnansweredRequestsIsRefusedAndNobodyElse() throws Exception {
        try (BareServer server = server(Limits.STANDARD.with(Limit.REQUESTS, 20), Map.of())) {
            List<RawHttp> slow = silent(server, 20, "/jobs", DAN);
            RawHttp.Reply reply = untilRefused(server);
            assertThat(reply.body()).contains("limit/requests");
            assertThat(reply.header("Retry-After")).contains("1");
            assertThat(server.get("/contracts/c-1", EVE).status()).isEqualTo(200);
            closeAll(slow);
            untilServed(server);
        }
    }

    private static RawHttp.Reply untilRefused(BareServer server) throws IOException {
        RawHttp.Reply reply = server.get("/contracts/c-1", DAN);
        while (reply.status() != 429) { // the server has not read the beginning of all twenty yet
            reply = server.get("/contracts/c-1", DAN);
        }
        return reply;
    }

    private static void untilServed(BareServer server) throws IOException {
        while (server.get("/contracts/c-1", DAN).status() != 200) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoeverAsksTooOftenIsToldAndServedLater() throws Exception {
        try (BareServer server = server(Limits.STANDARD.with(Limit.RATE, 2), Map.of())) {
            for (int i = 0; i < 20; i++) {
                assertThat(server.get("/contracts/c-1", DAN).status()).isEqualTo(200);
            }
            RawHttp.Reply reply = server.get("/contracts/c-1", DAN);
            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.body()).contains("limit/rate");
            assertThat(reply.header("Retry-After")).contains("1");
            assertThat(server.get("/contracts/c-1", EVE).status()).isEqualTo(200);
            assertThat(server.get("/healthz", DAN).status()).as("health").isEqualTo(200);
            now.updateAndGet(at -> at.plusSeconds(1));
            assertThat(server.get("/contracts/c-1", DAN).status()).isEqualTo(200);
        }
    }

    @Test
    void thirtyTwoReadersOfOneEndpointLeaveEverythingElseAlone() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(4);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Action slow = call -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            inside.countDown();
            leave.await();
            now.decrementAndGet();
            return Answer.ok(BareServer.done("explain"));
        };
        try (BareServer server = server(Limits.STANDARD, Map.of("explain", slow));
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String key = "buyer-b" + i % 8;
                readers.add(pool.submit(status(() -> server.get("/explain/st-1", key))));
            }
            inside.await();
            assertThat(server.get("/contracts/c-1", "buyer-b1").status()).isEqualTo(200);
            assertThat(server.get("/statements", "auditor-fay").status()).isEqualTo(200);
            assertThat(server.post("/jobs", EVE, Map.of(), "{}").status()).isEqualTo(200);
            leave.countDown();
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isEqualTo(200);
            }
            assertThat(most.get()).isEqualTo(4);
        }
    }

    private static Callable<Integer> status(Callable<RawHttp.Reply> exchange) {
        return () -> exchange.call().status();
    }

    @Test
    void tenThousandKeysOfOnePartyAreOneParty() throws Exception {
        int most = 1_000;
        try (BareServer server = server(NO_RATE.with(Limit.IDEMPOTENCY_KEYS, most), Map.of());
                ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                Map<String, String> key = Map.of("Idempotency-Key", "k-" + i);
                all.add(pool.submit(status(() -> server.post("/jobs", DAN, key, "{}"))));
            }
            int taken = 0;
            for (Future<Integer> one : all) {
                taken += one.get() == 200 ? 1 : 0;
            }
            assertThat(taken).isBetween(most, most + 8); // those at the same moment may pass together
            Map<String, String> fresh = Map.of("Idempotency-Key", "k-10000");
            RawHttp.Reply refused = server.post("/jobs", DAN, fresh, "{}");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("idempotency/too-many-keys");
            assertThat(refused.header("Retry-After")).contains("600");
            assertThat(server.post("/jobs", EVE, fresh, "{}").status())
                    .as("another party")
                    .isEqualTo(200);
            assertThat(server.post("/jobs", DAN, Map.of(), "{}").status())
                    .as("without a key")
                    .isEqualTo(200);
            now.updateAndGet(at -> at.plus(Duration.ofHours(25)));
            assertThat(server.idempotency().forget()).isEqualTo(taken + 1);
            assertThat(server.post("/jobs", DAN, fresh, "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void aKeyIsForgottenAfterADayAndNamesAnotherCommandThen() throws Exception {
        try (BareServer server = server(Limits.STANDARD, Map.of())) {
            Map<String, String> key = Map.of("Idempotency-Key", "k");
            assertThat(server.post("/jobs", DAN, key, "{}").status()).isEqualTo(200);
            assertThat(server.post("/jobs", DAN, key, "[]").body()).contains("idempotency/mismatch");
            now.updateAndGet(at -> at.plus(Duration.ofHours(24)));
            assertThat(server.post("/jobs", DAN, key, "[]").status())
                    .as("not yet")
                    .isEqualTo(422);
            now.updateAndGet(at -> at.plusMillis(1));
            assertThat(server.post("/jobs", DAN, key, "[]").status()).isEqualTo(200);
        }
    }

    @Test
    void oneAddressMayHaveSoManyConnectionsOpen() throws Exception {
        try (BareServer server = server(Limits.STANDARD.with(Limit.CONNECTIONS, 3), Map.of())) {
            List<RawHttp> open = silent(server, 3, "/jobs", DAN);
            RawHttp.Reply reply = RawHttp.exchange(server.uri(), "");
            assertThat(reply.status()).as("closed without a word").isZero();
            closeAll(open);
        }
    }
}
