package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.terms.UsageEvent;

class UsageEventsTest {
    private static final String SAMPLE = """
            {
              "eventType": "usage.batch",
              "contractId": "cnf-123456",
              "batchId": "b-20260116-0001",
              "sampleCount": 4720,
              "pricePerSampleUsd": 0.005,
              "signature": "0xdeadbeef...",
              "timestamp": "2026-01-10T11:00:00Z"
            }
            """;

    @TempDir
    static Path dir;

    private static DeliveriesWorld world;
    private static Contract contract;
    private static Job job;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
        contract = world.world.accepted("cnf-123456");
        job = world.jobs
                .openJob(ContractFixture.BUYER, contract.id(), Optional.of(new JobId("job-1")), "model")
                .orThrow();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void theSampleIsRefusedForItsSignatureAlone() {
        DeliveriesWorld.State before = world.state();
        DeliveriesWorld.assertRefused(
                world.usageEvents.accept(Json.parseObject(SAMPLE.getBytes(StandardCharsets.UTF_8))),
                "usage-event/signature");
        assertThat(world.state()).isEqualTo(before);
        assertThat(world.usageEvents
                        .accept(UsageEvent.sign(
                                        Json.parseObject(SAMPLE.getBytes(StandardCharsets.UTF_8)),
                                        ContractFixture.signer(ContractFixture.BUYER))
                                .json())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void aSignedEventIsKeptAsItIs() {
        UsageEvent event = signed(event("b-kept").with("epoch", Json.of(2)).with("model", Json.of("m")));
        UsageRecord record = world.usageEvents.accept(event.json()).orThrow();
        assertThat(record.samples()).isEqualTo(100);
        assertThat(record.job()).contains(job.id());
        assertThat(record.epoch()).contains(2L);
        assertThat(record.model()).contains("m");
        assertThat(record.sequence()).isEmpty();
        assertThat(record.reported()).isEqualTo(event.timestamp());
        assertThat(world.world.sequencer.entry(record.position()))
                .isInstanceOfSatisfying(
                        LogEntry.DocumentEntry.class,
                        entry -> assertThat(entry.body()).isEqualTo(event.json()));
        assertThat(world.list(tx -> world.usageEvents.events(tx, contract.id())))
                .contains(record);
        assertThat(world.list(tx -> world.usageEvents.events(tx, contract.id(), job.id())))
                .contains(record);
    }

    @Test
    void theSameEventAgainIsARepeatAndAnotherOfItsNameConflicts() throws Exception {
        Json.Obj event = signed(event("b-again")).json();
        long size = world.world.log.size();
        List<Outcome<UsageRecord>> outcomes = DeliveriesWorld.atOnce(20, i -> world.usageEvents.accept(event));
        assertThat(outcomes.stream().map(Outcome::orThrow).distinct()).hasSize(1);
        assertThat(outcomes.stream().filter(o -> !DeliveriesWorld.isRepeat(o))).hasSize(1);
        assertThat(world.world.log.size()).isEqualTo(size + 1);
        DeliveriesWorld.State before = world.state();
        DeliveriesWorld.assertRefused(
                world.usageEvents.accept(signed(event("b-again").with("sampleCount", Json.of(101)))
                        .json()),
                "usage-event/conflict");
        assertThat(world.state()).isEqualTo(before);
    }

    @Test
    void missingNumbersAreListedUntilTheyCome() {
        ContractId other = world.world.accepted("cnf-numbers").id();
        Job numbered = world.jobs
                .openJob(ContractFixture.BUYER, other, Optional.of(new JobId("job-numbers")), "model")
                .orThrow();
        for (long sequence : new long[] {3, 4, 9}) {
            world.usageEvents.accept(numbered(numbered, sequence)).orThrow();
        }
        Optional<JobId> in = Optional.of(numbered.id());
        assertThat(world.list(tx -> world.usageEvents.missing(tx, other)))
                .containsExactly(new UsageRecord.Missing(other, in, 1, 2), new UsageRecord.Missing(other, in, 5, 8));
        world.usageEvents.accept(numbered(numbered, 1)).orThrow();
        world.usageEvents.accept(numbered(numbered, 2)).orThrow();
        assertThat(world.list(tx -> world.usageEvents.missing(tx, other)))
                .containsExactly(new UsageRecord.Missing(other, in, 5, 8));
        DeliveriesWorld.assertRefused(
                world.usageEvents.accept(signed(event("b-other-name")
                                .with("contractId", Json.of("cnf-numbers"))
                                .with("jobId", Json.of("job-numbers"))
                                .with("sequence", Json.of(9)))
                        .json()),
                "usage-event/sequence-conflict");
        assertThat(world.usageEvents
                        .accept(signed(event("b-no-job")
                                        .with("contractId", Json.of("cnf-numbers"))
                                        .without("jobId")
                                        .with("sequence", Json.of(9)))
                                .json())
                        .isAccepted())
                .isTrue();
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        contractId        | "cnf-none"             | usage-event/contract-unknown
        jobId             | "job-none"             | usage-event/job-unknown
        pricePerSampleUsd | 0.004                  | usage-event/price-mismatch
        timestamp         | "2026-01-10T12:06:00Z" | usage-event/future-dated
        datasetVersion    | "1111111111111111111111111111111111111111111111111111111111111111" | usage-event/dataset-mismatch
        sampleCount       | -1                     | json/number-out-of-range
        surprise          | 1                      | json/unknown-member
        eventType         | "usage.inference"      | usage-event/type
        """)
    void whatDoesNotFitIsRefusedAndChangesNothing(String member, String value, String reason) {
        DeliveriesWorld.State before = world.state();
        Json.Obj event = event("b-misfit").with(member, Json.parse(value));
        Json.Obj document = reason.startsWith("json/") || reason.endsWith("/type")
                ? event.with("signature", Json.of("0x"))
                : signed(event).json();
        DeliveriesWorld.assertRefused(world.usageEvents.accept(document), reason);
        assertThat(world.state()).isEqualTo(before);
    }

    @Test
    void onlyTheContractsBuyerSigns() {
        DeliveriesWorld.State before = world.state();
        for (Principal other :
                List.of(ContractFixture.OTHER_BUYER, ContractFixture.CURATOR, ContractFixture.OPERATOR)) {
            DeliveriesWorld.assertRefused(
                    world.usageEvents.accept(UsageEvent.sign(event("b-forged"), ContractFixture.signer(other))
                            .json()),
                    "usage-event/signature");
        }
        Json.Obj changed = signed(event("b-forged")).json().with("sampleCount", Json.of(99));
        DeliveriesWorld.assertRefused(world.usageEvents.accept(changed), "usage-event/signature");
        assertThat(world.state()).isEqualTo(before);
    }

    @Test
    void aJobOfAnotherContractDoesNotFit() {
        world.world.accepted("cnf-elsewhere");
        DeliveriesWorld.assertRefused(
                world.usageEvents.accept(signed(event("b-x").with("contractId", Json.of("cnf-elsewhere")))
                        .json()),
                "usage-event/job-unknown");
    }

    @Test
    void aLateReportIsTakenAfterTheContractEnded() {
        Contract ended = world.world.accepted("cnf-late");
        world.world.contracts.revoke(ContractFixture.BUYER, ended.id(), "done").orThrow();
        assertThat(world.usageEvents
                        .accept(signed(event("b-late")
                                        .with("contractId", Json.of("cnf-late"))
                                        .without("jobId"))
                                .json())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void aFlatContractNamesNoPricePerSample() {
        Json.Obj terms = world.world
                .terms("cnf-flat")
                .with("pricing", Json.parse("{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":1000}"));
        world.world.contracts.accept(world.world.signed(terms)).orThrow();
        assertThat(world.usageEvents
                        .accept(signed(event("b-flat")
                                        .with("contractId", Json.of("cnf-flat"))
                                        .with("pricePerSampleUsd", Json.of(0))
                                        .without("jobId"))
                                .json())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        world.usageEvents
                .accept(signed(event("b-rebuilt").with("sequence", Json.of(77))).json())
                .orThrow();
        Map<String, List<String>> before = world.world.rows("delivery");
        world.world.sequencer.rebuild();
        assertThat(world.world.rows("delivery")).isEqualTo(before);
    }

    private static Json.Obj event(String batch) {
        return Json.parseObject(SAMPLE.getBytes(StandardCharsets.UTF_8))
                .without("signature")
                .with("batchId", Json.of(batch))
                .with("sampleCount", Json.of(100))
                .with("jobId", Json.of("job-1"))
                .with("timestamp", Json.of(ContractFixture.START.minus(Duration.ofMinutes(1))));
    }

    private static Json.Obj numbered(Job in, long sequence) {
        return signed(event("b-" + sequence)
                        .with("contractId", Json.of(in.contract().value()))
                        .with("jobId", Json.of(in.id().value()))
                        .with("sequence", Json.of(sequence)))
                .json();
    }

    private static UsageEvent signed(Json.Obj event) {
        return UsageEvent.sign(event, ContractFixture.signer(ContractFixture.BUYER));
    }
}
