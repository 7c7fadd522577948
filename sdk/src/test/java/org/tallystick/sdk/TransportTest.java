package org.tallystick.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.sdk.LocalServer.Reply;

/** What is worth another try, and that a try more never does a thing twice. */
final class TransportTest {
    private static final String JOB = """
            {"job_id":"job-1","contract_id":"cnf-1","buyer_id":"buyer-7","model":"m","status":"open","root":"%s"}""".formatted("0".repeat(64));
    private static final String PROBLEM = """
            {"type":"https://tallystick.org/problems/%s","title":"T","status":409,"detail":"why","expected":"17"}""";

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void busyIsTriedAgainUnderTheSameKey(int status) throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) ->
                earlier < 3 ? Reply.of(status, PROBLEM.formatted("service/unavailable")) : Reply.of(201, JOB))) {
            assertThat(client(server).openJob("cnf-1", "m").id()).isEqualTo("job-1");

            assertThat(server.asked()).hasSize(4);
            assertThat(server.asked().stream()
                            .map(asked -> asked.header("Idempotency-Key").orElseThrow()))
                    .allMatch(
                            server.asked().getFirst().header("Idempotency-Key").orElseThrow()::equals);
        }
    }

    @Test
    void everyCommandHasAKeyOfItsOwn() throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) -> Reply.of(201, JOB))) {
            TallystickClient client = client(server);
            client.openJob("cnf-1", "m");
            client.openJob("cnf-1", "m");
            client.once("my-own").openJob("cnf-1", Optional.of("job-1"), "m");

            assertThat(server.asked().stream()
                            .map(asked -> asked.header("Idempotency-Key").orElseThrow()))
                    .doesNotHaveDuplicates()
                    .contains("my-own");
            assertThat(server.asked())
                    .allMatch(asked -> asked.header("Authorization").orElse("").equals("Bearer tsk_a_b"));
        }
    }

    @Test
    void aRequestInProgressIsTriedAgain() throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) ->
                earlier == 0 ? Reply.of(409, PROBLEM.formatted("idempotency/in-progress")) : Reply.of(201, JOB))) {
            assertThat(client(server).openJob("cnf-1", "m").id()).isEqualTo("job-1");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsTriedAgain() throws IOException {
        try (LocalServer server = LocalServer.answering(
                (asked, earlier) -> earlier < 2 ? Reply.of(201, JOB).brokenOff() : Reply.of(201, JOB))) {
            assertThat(client(server).openJob("cnf-1", "m").id()).isEqualTo("job-1");
            assertThat(server.asked()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,json/missing-member",
        "401,auth/key-invalid",
        "403,auth/role-not-allowed",
        "404,job/unknown",
        "409,job/conflict",
        "413,http/body-too-large",
        "422,contract/split-not-whole",
        "500,service/error"
    })
    void refusalsAreNotTriedAgain(int status, String type) throws IOException {
        try (LocalServer server =
                LocalServer.answering((asked, earlier) -> Reply.of(status, PROBLEM.formatted(type)))) {
            ProblemException problem = catchThrowableOfType(
                    ProblemException.class, () -> client(server).openJob("cnf-1", "m"));

            assertThat(problem.status()).isEqualTo(status);
            assertThat(problem.type()).isEqualTo(type);
            assertThat(problem.title()).isEqualTo("T");
            assertThat(problem).hasMessageContaining("why");
            assertThat(problem.extras()).containsExactly(java.util.Map.entry("expected", "17"));
            assertThat(server.asked()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>no</html>", "[]", "{}", "{\"type\":1}", "{\"type\":\"a\",\"type\":\"b\"}"})
    void anErrorThatIsNoProblemDocumentIsStillOne(String body) throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) -> Reply.of(418, body))) {
            assertThatThrownBy(() -> client(server).keys())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.type()).isEqualTo("http/status-418"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"job_id\":7}", "{\"job_id\":\"j\"", "nonsense"})
    void anAnswerThatCannotBeReadIsAProblem(String body) throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) -> Reply.of(200, body))) {
            assertThatThrownBy(() -> client(server).openJob("cnf-1", "m"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.type()).isEqualTo("client/answer-not-understood"));
        }
    }

    @Test
    void busyForGoodEndsInTheProblem() throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) ->
                Reply.of(503, PROBLEM.formatted("service/unavailable")).with("Retry-After", "1"))) {
            assertThatThrownBy(() -> client(server).openJob("cnf-1", "m"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.status()).isEqualTo(503));
            assertThat(server.asked()).hasSize(5);
        }
    }

    @Test
    void nobodyThereEndsInUnreachable() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        TallystickClient client =
                TallystickClient.builder(nobody).retry(quick()).build();
        assertThatThrownBy(client::keys)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("after 5 tries");
        assertThat(client.isHealthy()).isFalse();
    }

    @Test
    void aBodyThatNeverEndsIsGivenUp() throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) -> {
            try {
                Thread.sleep(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.of(200, "{}");
        })) {
            TallystickClient client = TallystickClient.builder(server.uri())
                    .retry(Retry.none())
                    .timeout(Duration.ofMillis(200))
                    .build();
            assertThatThrownBy(client::keys).isInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (LocalServer server = LocalServer.answering((asked, earlier) -> Reply.of(503, "{}"))) {
            TallystickClient client = TallystickClient.builder(server.uri())
                    .retry(new Retry(5, Duration.ofSeconds(30), Duration.ofSeconds(30)))
                    .build();
            Thread caller = Thread.ofVirtual()
                    .start(() -> assertThatThrownBy(client::keys).isInstanceOf(UnreachableException.class));
            while (server.asked().isEmpty()) {
                Thread.sleep(5);
            }
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void pausesGrowAreJitteredAndBounded() {
        long seed = Long.getLong("tallystick.seed", 7L);
        Random random = new Random(seed);
        Retry retry = new Retry(10, Duration.ofMillis(100), Duration.ofSeconds(2));
        for (int failed = 1; failed < 80; failed++) {
            long grown = failed > 20 ? 2_000 : Math.min(2_000, 100L << (failed - 1));
            assertThat(retry.pause(failed, Duration.ZERO, random).toMillis())
                    .as("try %s, seed %s", failed, seed)
                    .isBetween(grown / 2, grown);
        }
        assertThat(retry.pause(1, Duration.ofSeconds(1), random)).isEqualTo(Duration.ofSeconds(1));
        assertThat(retry.pause(1, Duration.ofHours(1), random)).isEqualTo(Duration.ofSeconds(2));
        assertThatThrownBy(() -> new Retry(0, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatStandsInAPathOrQueryIsEncoded() throws IOException {
        try (LocalServer server = LocalServer.answering((asked, earlier) -> Reply.of(200, "{\"items\":[]}"))) {
            TallystickClient client = client(server);
            client.search(DatasetQuery.all().text("a b&c=d/é"));
            assertThatThrownBy(() -> client.contract("../keys?x")).isInstanceOf(ProblemException.class);
            assertThatThrownBy(() -> client.explain("st-1/2")).isInstanceOf(ProblemException.class);

            assertThat(server.asked().stream().map(LocalServer.Asked::target))
                    .containsExactly(
                            "/marketplace/datasets?q=a%20b%26c%3Dd%2F%C3%A9&limit=100",
                            "/contracts/..%2Fkeys%3Fx", "/explain/st-1/2");
        }
    }

    private static Retry quick() {
        return new Retry(5, Duration.ofMillis(1), Duration.ofMillis(5));
    }

    private static TallystickClient client(LocalServer server) {
        return TallystickClient.builder(server.uri())
                .apiKey("tsk_a_b\n")
                .retry(quick())
                .build();
    }
}
