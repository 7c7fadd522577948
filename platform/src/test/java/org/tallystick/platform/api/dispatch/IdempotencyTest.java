package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.api.ApiFixture;

/** The same key and the same request is one command with one answer, for good. */
final class IdempotencyTest {
    @TempDir
    Path data;

    private ApiFixture stage;

    @BeforeEach
    void open() {
        stage = ApiFixture.open(data).withCast();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private ApiFixture.Reply edge(String who, String key, String name) {
        return stage.send(
                who,
                "POST",
                "/edges",
                Map.of("Content-Type", "application/json", "Idempotency-Key", key),
                "{\"name\":\"" + name + "\"}");
    }

    private ApiFixture.Reply key(String who, String of, String key) {
        return stage.send(
                who,
                "POST",
                "/parties/" + of + "/keys",
                Map.of("Content-Type", "application/json", "Idempotency-Key", key),
                "{}");
    }

    @Test
    void theSameRequestHasTheSameAnswerAlsoAfterARestart() {
        ApiFixture.Reply first = edge("operator", "k-1", "fra-1");
        assertThat(first.status()).isEqualTo(201);
        assertThat(edge("operator", "k-1", "fra-1")).returns(first.body(), ApiFixture.Reply::body);
        stage.platform().restart();
        ApiFixture.Reply after = edge("operator", "k-1", "fra-1");
        assertThat(after.status()).isEqualTo(201);
        assertThat(after.body()).isEqualTo(first.body());
    }

    @Test
    void anotherRequestUnderTheSameKeyIsRefused() {
        edge("operator", "k-1", "fra-1");
        long before = stage.platform().running().log().size();
        assertThat(edge("operator", "k-1", "fra-2"))
                .returns(422, ApiFixture.Reply::status)
                .returns("idempotency/mismatch", ApiFixture.Reply::type);
        assertThat(key("operator", "fay", "k-1")).returns("idempotency/mismatch", ApiFixture.Reply::type);
        assertThat(stage.platform().running().log().size()).isEqualTo(before);
    }

    @Test
    void keysBelongToWhoChoseThem() {
        ApiFixture.Reply mine = key("fay", "fay", "k-1");
        ApiFixture.Reply others = key("operator", "fay", "k-1");
        assertThat(mine.status()).isEqualTo(201);
        assertThat(others.status()).isEqualTo(201);
        assertThat(others.body()).isNotEqualTo(mine.body());
    }

    @Test
    void aSecretIsRepeatedToTheSameApiKeyOnlyAndKeptSealed() {
        ApiFixture.Reply first = key("fay", "fay", "k-1");
        assertThat(key("fay", "fay", "k-1").body()).isEqualTo(first.body());
        String issued = first.json().get("api_key").orElseThrow().toString().replace("\"", "");
        stage.apiKey("fay", issued);
        assertThat(key("fay", "fay", "k-1"))
                .returns(409, ApiFixture.Reply::status)
                .returns("idempotency/sealed", ApiFixture.Reply::type);
        byte[] sealed = new KeySealing("tsk_a_b").seal(new byte[] {1, 2, 3});
        assertThat(new KeySealing("tsk_a_b").open(sealed)).contains(new byte[] {1, 2, 3});
        assertThat(new KeySealing("tsk_a_c").open(sealed)).isEmpty();
        assertThat(new KeySealing("tsk_a_b").open(new byte[5])).isEmpty();
    }

    @Test
    void aRefusalIsNotKept() {
        Map<String, String> headers = Map.of("Content-Type", "application/json", "Idempotency-Key", "k-1");
        String party =
                "{\"id\":\"gus\",\"role\":\"creator\",\"display_name\":\"G\",\"key\":\"did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK\",\"possession\":\"\"}";
        assertThat(stage.send("operator", "POST", "/parties", headers, party.replace("gus", "creators"))
                        .type())
                .isEqualTo("party/reserved-id");
        assertThat(stage.send("operator", "POST", "/parties", headers, party.replace("gus", "creators"))
                        .type())
                .isEqualTo("party/reserved-id");
        assertThat(stage.send("operator", "POST", "/parties", headers, party).type())
                .isEqualTo("idempotency/mismatch");
    }

    @Test
    void malformedKeysAreRefused() {
        assertThat(edge("operator", "a b", "fra-1")).returns("idempotency/malformed-key", ApiFixture.Reply::type);
        assertThat(edge("operator", "k".repeat(129), "fra-1"))
                .returns("idempotency/malformed-key", ApiFixture.Reply::type)
                .returns(400, ApiFixture.Reply::status);
    }

    @Test
    void manyAtOnceAreOneCommand() throws InterruptedException, ExecutionException {
        List<Future<ApiFixture.Reply>> replies = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                replies.add(threads.submit(() -> edge("operator", "k-1", "fra-1")));
            }
        }
        List<String> done = new ArrayList<>();
        for (Future<ApiFixture.Reply> reply : replies) {
            if (reply.get().status() == 201) {
                done.add(reply.get().body());
            } else {
                assertThat(reply.get().type()).isEqualTo("idempotency/in-progress");
            }
        }
        assertThat(done).isNotEmpty().allMatch(done.getFirst()::equals);
        assertThat(edge("operator", "k-1", "fra-1").body()).isEqualTo(done.getFirst());
    }

    @Test
    void aJobWithoutAnIdIsNamedByItsKey() {
        Map<String, String> headers = Map.of("Content-Type", "application/json", "Idempotency-Key", "k-1");
        String job = "{\"contract_id\":\"cnf-0\",\"model\":\"m\"}";
        assertThat(stage.send("dan", "POST", "/jobs", headers, job).type()).isEqualTo("contract/unknown");
    }
}
