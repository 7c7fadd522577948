package org.tallystick.platform.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.api.dispatch.Caller;
import org.tallystick.platform.api.dispatch.Endpoint;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.protocol.codec.Seeds;

/** Whatever bytes come as a body, the answer is a documented one: never a 500, and nothing else than what it says. */
final class FuzzTest {
    private static final int ROUNDS = 60;
    private static final List<String> SEEDS = List.of(
            "{\"id\":\"gus\",\"role\":\"buyer\",\"display_name\":\"G\",\"key\":\"did:key:z6Mk\"}",
            "{\"dataset_id\":\"d\",\"title\":\"T\",\"members\":[{\"content_id\":\"sha256:00\",\"creator_id\":\"ada\"}]}",
            "{\"contract_id\":\"cnf-1\",\"model\":\"m\",\"job_id\":\"j\"}",
            "{\"scope\":\"training\",\"ttl\":\"PT1H\",\"quota\":1}",
            "{\"trained_on\":[\"sha256:00\"]}",
            "{\"name\":\"x\",\"reason\":\"r\",\"epoch\":1,\"key\":\"did:key:z6Mk\",\"proof\":\"AAAA\"}",
            "{\"eventType\":\"usage.batch\",\"contractId\":\"c\",\"batchId\":\"b\",\"sampleCount\":1e3}",
            "{\"model\":\"m\",\"datasets\":[\"cnf-1\",{\"contract_id\":\"c\",\"manifest_id\":\"m\","
                    + "\"signed_receipt\":\"a.b.c\"}],\"trainingWindow\":\"P30D\"}",
            "{\"amount\":{\"amount\":\"1.00\",\"currency\":\"USD\"},\"reference\":\"r\"}",
            "{\"period\":\"p\",\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-02-01T00:00:00Z\"}",
            "{\"rail\":\"sepa\",\"destination\":\"x\",\"currency\":\"USD\",\"schedule\":\"weekly\"}");
    private static final List<String> MORSELS = List.of(
            "null",
            "true",
            "-0",
            "1e999",
            "1e-999",
            "9007199254740993",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[[[[",
            "}}",
            "\"\"",
            ",",
            ":",
            "\\",
            "\u00e9",
            "\ufeff",
            "\"__proto__\":1,");

    private static final Map<Caller, String> WHO = Map.of(
            Caller.OPERATOR, "operator",
            Caller.CREATOR, "ada",
            Caller.CURATOR, "cleo",
            Caller.BUYER, "dan",
            Caller.AUDITOR, "fay",
            Caller.EDGE, "edge");

    @TempDir
    Path data;

    @Test
    void neverABug() {
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            stage.apiKey("edge", stage.client("operator").registerEdge("fra-1").apiKey());
            Seeds.check(ROUNDS, random -> round(stage, random));
        }
    }

    private static void round(ApiFixture stage, RandomGenerator random) {
        for (Endpoint endpoint : Policy.endpoints().values()) {
            if (!endpoint.body().kind().isJson()) {
                continue;
            }
            Caller caller = endpoint.callers().iterator().next();
            String target = endpoint.path().replaceAll("\\{[a-z]+}", "1");
            byte[] body = mutated(random);
            ApiFixture.Reply reply = stage.send(
                    Objects.requireNonNull(WHO.get(caller)),
                    "POST",
                    target,
                    Map.of("Content-Type", "application/json"),
                    body);
            assertThat(reply.status())
                    .as("%s with %s", target, new String(body, StandardCharsets.UTF_8))
                    .isLessThan(500);
        }
    }

    private static byte[] mutated(RandomGenerator random) {
        StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, MORSELS.get(random.nextInt(MORSELS.size())));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
                default -> text.setLength(Math.max(1, at));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(8) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
