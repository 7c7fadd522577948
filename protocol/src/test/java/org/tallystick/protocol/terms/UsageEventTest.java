package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.statement.Changed;

class UsageEventTest {
    private static final String SAMPLE = """
            {
              "eventType": "usage.batch",
              "contractId": "cnf-123456",
              "batchId": "b-20260116-0001",
              "sampleCount": 4720,
              "pricePerSampleUsd": 0.005,
              "signature": "0xdeadbeef...",
              "timestamp": "2026-01-16T18:00:00Z"
            }
            """;
    private static final DidKey BUYER = new DidKey(Contracting.BUYER.publicKey());

    @Test
    void matchesTheGoldenVectors() {
        Json.Obj signed = UsageEvent.sign(full(), Contracting.BUYER).json();
        List<Json.Obj> cases = new ArrayList<>();
        for (UsageEvent event : List.of(
                UsageEvent.parse(signed),
                UsageEvent.sign(signed.without("jobId").without("sequence").without("epoch"), Contracting.BUYER))) {
            cases.add(Json.object()
                    .put("event", event.json())
                    .put("hash", event.hash().hex())
                    .put("key", BUYER.toString())
                    .build());
        }
        for (String[] broken : new String[][] {
            {"signature", "\"0xdeadbeef...\"", "usage-event/signature"},
            {"sampleCount", "4721", "usage-event/signature"},
            {"sampleCount", "-1", "json/number-out-of-range"},
            {"pricePerSampleUsd", "-1", "usage-event/price"},
            {"batchId", "\"\"", "usage-event/id"},
            {"tokens", "1", "json/unknown-member"}
        }) {
            cases.add(Json.object()
                    .put("event", Changed.at(signed, broken[0], broken[1]))
                    .put("key", BUYER.toString())
                    .put("refused", broken[2])
                    .build());
        }
        Vectors.matches("usage-event.json", "Usage events signed by a buyer's key; broken ones with the reason", cases);
    }

    @Test
    void theVectorsAreReadAsTheySay() {
        for (Fields vector : Vectors.cases("usage-event.json")) {
            Json.Obj event = vector.fields("event").object();
            DidKey key = DidKey.parse(vector.text("key"));
            Optional<String> refused = vector.optionalText("refused");
            if (refused.isPresent()) {
                ContractFormTest.assertReason(
                        () -> UsageEvent.parse(event).verify(key, Deliveries.VERIFIER), refused.get());
            } else {
                UsageEvent.parse(event).verify(key, Deliveries.VERIFIER);
                assertThat(UsageEvent.parse(event).hash().hex()).isEqualTo(vector.text("hash"));
            }
        }
    }

    @Test
    void theSampleIsReadAsItStandsAndIsNotAuthentic() {
        UsageEvent event = UsageEvent.parse(SAMPLE.getBytes(StandardCharsets.UTF_8));
        assertThat(event.contract()).isEqualTo("cnf-123456");
        assertThat(event.batch()).isEqualTo("b-20260116-0001");
        assertThat(event.sampleCount()).isEqualTo(4720);
        assertThat(event.pricePerSample()).isEqualTo(new Pricing.Price("USD", new BigDecimal("0.005")));
        assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-01-16T18:00:00Z"));
        assertThat(event.job()).isEmpty();
        assertThat(event.sequence()).isEmpty();
        ContractFormTest.assertReason(() -> event.verify(BUYER, Deliveries.VERIFIER), "usage-event/signature");
    }

    @Test
    void everythingItSaysIsSigned() {
        UsageEvent signed = UsageEvent.sign(full(), Contracting.BUYER);
        signed.verify(BUYER, Deliveries.VERIFIER);
        assertThat(UsageEvent.parse(Jcs.bytes(signed.json()))).isEqualTo(signed);
        for (String[] change : new String[][] {
            {"contractId", "\"cnf-2\""},
            {"batchId", "\"b-2\""},
            {"sampleCount", "4721"},
            {"pricePerSampleUsd", "0.004"},
            {"timestamp", "\"2026-01-16T18:00:01Z\""},
            {"jobId", "\"job-2\""},
            {"jobId", "-"},
            {"sequence", "2"},
            {"epoch", "1"},
            {"model", "\"m2\""},
            {"datasetVersion", "\"" + "1".repeat(64) + "\""}
        }) {
            UsageEvent changed = UsageEvent.parse(Changed.at(signed.json(), change[0], change[1]));
            ContractFormTest.assertReason(() -> changed.verify(BUYER, Deliveries.VERIFIER), "usage-event/signature");
            assertThat(changed.hash()).isNotEqualTo(signed.hash());
        }
        DidKey other = new DidKey(Contracting.CREATOR.publicKey());
        ContractFormTest.assertReason(() -> signed.verify(other, Deliveries.VERIFIER), "usage-event/signature");
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        eventType         | "usage.inference" | usage-event/type
        eventType         | -                 | json/missing-member
        contractId        | "a b"             | usage-event/id
        batchId           | ""                | usage-event/id
        sampleCount       | -1                | json/number-out-of-range
        sampleCount       | 1.5               | json/not-an-integer
        sampleCount       | 1e13              | json/number-out-of-range
        sampleCount       | 0                 | ok
        sampleCount       | "7"               | json/wrong-type
        pricePerSampleUsd | -                 | usage-event/price
        pricePerSampleUsd | -0.1              | usage-event/price
        pricePerSampleEur | 0.1               | usage-event/price
        timestamp         | "yesterday"       | time/malformed
        signature         | "deadbeef"        | usage-event/signature-form
        signature         | -                 | json/missing-member
        jobId             | "/"               | usage-event/id
        sequence          | 0                 | json/number-out-of-range
        epoch             | -1                | json/number-out-of-range
        epoch             | 0                 | ok
        model             | ""                | json/text-length
        model             | "a\\u0000b"        | usage-event/model
        datasetVersion    | "v1"              | hash/malformed
        tokens            | 5                 | json/unknown-member
        """)
    void eachMemberIsJudged(String path, String value, String expected) {
        Json.Obj changed = Changed.at(UsageEvent.sign(full(), Contracting.BUYER).json(), path, value);
        if (expected.equals("ok")) {
            assertThat(UsageEvent.parse(changed).json()).isEqualTo(changed);
        } else {
            ContractFormTest.assertReason(() -> UsageEvent.parse(changed), expected);
        }
    }

    @Test
    void oversizedTextIsRefused() {
        ContractFormTest.assertReason(
                () -> UsageEvent.parse(new byte[UsageEvent.MAX_BYTES + 1]), "usage-event/oversized");
    }

    @Test
    void anyMutationIsAnEventOrRefusedWithAReason() {
        Json.Obj sound = UsageEvent.sign(full(), Contracting.BUYER).json();
        Seeds.check(4_000, random -> {
            if (Changed.anywhere(sound, random) instanceof Json.Obj changed) {
                try {
                    assertThat(UsageEvent.parse(changed).json()).isEqualTo(changed);
                } catch (MalformedException e) {
                    assertThat(e.reason()).matches("(usage-event|json|time|hash)/[a-z-]+");
                }
            }
        });
    }

    private static Json.Obj full() {
        return Json.parseObject(SAMPLE.getBytes(StandardCharsets.UTF_8))
                .without("signature")
                .with("jobId", Json.of("job-1"))
                .with("sequence", Json.of(1))
                .with("epoch", Json.of(0))
                .with("model", Json.of("my-prod-model-v3"))
                .with("datasetVersion", Json.of(Contracting.VERSION.hex()));
    }
}
