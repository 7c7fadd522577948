package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;

/** The log replayed without a database comes to the very statements, invoices and postings that the log holds. */
class ReplayTest {
    @TempDir
    Path dir;

    private static Replay.Outcome replay(TransparencyLog log, BlobStore blobs) {
        return new Replay(log, blobs, AuditWorld.platform(), ContractFixture.VERIFIER).run();
    }

    @Test
    void aLogReplaysFromItsFilesAlone() {
        AuditWorld world = new AuditWorld(dir);
        world.close();
        try (TransparencyLog log =
                        TransparencyLog.open(dir.resolve("log"), Market.noteSigner(), ContractFixture.VERIFIER);
                BlobStore blobs = BlobStore.open(dir.resolve("blobs"))) {
            Replay.Outcome outcome = replay(log, blobs);
            assertThat(outcome.bundles().differences()).isEmpty();
            assertThat(outcome.closes().differences()).isEmpty();
            assertThat(outcome.closes().checked()).isEqualTo("6 statements in 2 closes computed again from the log");
            assertThat(outcome.receipts()).isEqualTo(7);
        }
    }

    /** Random histories: several contracts, late receipts, withdrawals, deposits too small, a revoked contract. */
    @Test
    void randomHistoriesReplay() {
        try (Market market = new Market(dir, 5)) {
            List<ContractId> contracts = List.of(market.contract("cnf-1"), flat(market), market.contract("cnf-3"));
            List<Grant> grants = Stream.concat(
                            contracts.stream().map(id -> market.token(market.job(id, "job-" + id), Scope.TRAINING)),
                            Stream.of(market.token(market.job(contracts.getFirst(), "other"), Scope.EMBEDDING)))
                    .toList();
            List<Market.TestEdge> edges = List.of(market.edge("one"), market.edge("two"));
            int[] number = {0};
            Seeds.check(1, random -> {
                for (int round = 0; round < 4; round++) {
                    Instant from = number[0] == 0 ? ContractFixture.START : market.world.clock.instant();
                    if (random.nextBoolean()) {
                        Money amount = Money.ofMicros(Currency.of("USD"), 1 + random.nextInt(30_000));
                        market.settlement()
                                .fundEscrow(
                                        ContractFixture.OPERATOR,
                                        contracts.get(random.nextInt(3)),
                                        amount,
                                        "wire " + number[0])
                                .orThrow();
                    }
                    market.world.clock.advance(Duration.ofMinutes(20));
                    for (int i = 0; i < 25; i++) {
                        Grant grant = grants.get(random.nextInt(grants.size()));
                        Market.TestEdge edge = edges.get(random.nextInt(2));
                        Leaf leaf = edge.deliver(
                                grant,
                                market.members.get(random.nextInt(market.members.size())),
                                from.plusSeconds(random.nextInt(1200)));
                        if (random.nextInt(4) == 0) {
                            edge.takeBack(leaf, grant);
                        }
                    }
                    edges.get(0).seal(1 + random.nextInt(9)).ship();
                    if (random.nextBoolean()) {
                        edges.get(1).seal(1 + random.nextInt(9)).ship();
                    }
                    Close close = market.settlement()
                            .close(new Period("p" + ++number[0], from, market.world.clock.instant()))
                            .orThrow();
                    assertThat(close.number()).isEqualTo(number[0]);
                }
                Replay.Outcome outcome = replay(market.world.log, market.world.blobs);
                assertThat(outcome.bundles().differences()).isEmpty();
                assertThat(outcome.closes().differences()).isEmpty();
                List<String> tables = market.read(tx -> market.settlement().check(tx, outcome.recomputation()));
                assertThat(tables).isEmpty();
                assertThat(market.metering().check()).isEmpty();
            });
        }
    }

    private static ContractId flat(Market market) {
        return market.contract(
                "cnf-2",
                "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitUsd\":0.07}",
                "0.15",
                "[{\"recipientId\":\"creators\",\"share\":0.70},{\"recipientId\":\"curator-11\",\"share\":0.30}]");
    }
}
