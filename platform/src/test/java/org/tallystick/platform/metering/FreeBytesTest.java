package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.protocol.statement.Statement;

/** Bytes that a creator has signed as free: fetched by any number of jobs, they are no use; one byte more is. */
class FreeBytesTest {
    private static final byte[] CONTENT = new byte[2_000];

    @TempDir
    Path dir;

    private static Outcome<?> upload(Market market, FreeRanges free, boolean large, boolean signed) {
        org.tallystick.sdk.ManifestDraft manifest = org.tallystick.sdk.ManifestDraft.of(
                        ContractFixture.CREATOR.id().value(), "https://marketplace.example/licenses/6789")
                .content(ContentId.of(CONTENT))
                .uploaded(market.world.clock.instant())
                .free(free);
        manifest = large ? manifest.freeLarge(free) : manifest;
        manifest = signed ? manifest.sign(ContractFixture.signer(ContractFixture.CREATOR)) : manifest;
        try {
            return market.world.ingest.upload(
                    ContractFixture.CREATOR, ManifestDraft.parse(manifest.json()), new ByteArrayInputStream(CONTENT));
        } catch (org.tallystick.protocol.codec.MalformedException e) {
            return Outcome.refused(org.tallystick.platform.kernel.Problem.invalid(e.reason(), "refused", e.detail()));
        }
    }

    private static FreeRanges ranges(long from, long to) {
        return new FreeRanges(List.of(new FreeRanges.Range(from, to)));
    }

    private static String refusal(Outcome<?> outcome) {
        return outcome.refusal().orElseThrow().type();
    }

    @Test
    void whatIsFreeIsSignedSmallAndWithinTheWork() {
        try (Market market = new Market(dir, 1)) {
            assertThat(refusal(upload(market, ranges(0, 20), false, false))).isEqualTo("manifest/free-ranges-unsigned");
            assertThat(refusal(upload(market, ranges(0, 21), false, true))).isEqualTo("manifest/free-ranges-large");
            assertThat(refusal(upload(market, ranges(1_990, 2_001), false, true)))
                    .isEqualTo("free-ranges/beyond");
            assertThat(upload(market, ranges(0, 500), true, true).refusal()).isEmpty();
        }
    }

    @Test
    void freeBytesAreNoUseHoweverOftenAndOneByteMoreIs() {
        try (Market market = new Market(dir, 1)) {
            DatasetVersion version = published(market, ranges(1_980, 2_000));
            Member work = market.read(tx -> market.world.catalog.members(tx, version.root()))
                    .getFirst();
            assertThat(work.freeRanges()).isEqualTo(ranges(1_980, 2_000));
            assertThat(work.document().get("free_ranges")).isPresent();
            ContractId contract = contract(market, version);
            Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
            Market.TestEdge edge = market.edge("e");
            Instant now = market.world.clock.instant();
            for (int i = 0; i < 3; i++) {
                edge.leave(LeafKind.PARTIAL, grant, work.content(), now, 1_980 + i, 20 - i, 0, Optional.empty());
            }
            edge.leave(LeafKind.FULL, grant, work.content(), now, 0, 2_000, 0, Optional.empty());
            edge.leave(LeafKind.VOID, grant, work.content(), now, 0, 0, 4, Optional.empty());
            assertThat(uses(market, edge, contract)).isZero();
            edge.leave(LeafKind.PARTIAL, grant, work.content(), now, 1_979, 21, 0, Optional.empty());
            assertThat(uses(market, edge, contract)).isEqualTo(1);
        }
    }

    private static DatasetVersion published(Market market, FreeRanges free) {
        upload(market, free, false, true).orThrow();
        return market.world
                .catalog
                .publish(new PublishVersion(
                        new DatasetId("ds-market"),
                        ContractFixture.CURATOR.id(),
                        "One work",
                        "with a free footer",
                        List.of(new ContentAndCreator(ContentId.of(CONTENT), ContractFixture.CREATOR.id()))))
                .orThrow();
    }

    private static ContractId contract(Market market, DatasetVersion version) {
        return market.contract(
                "cnf-free",
                version.root(),
                "{\"model\":\"micropay\",\"unit\":\"sample\",\"pricePerUnitUsd\":0.005}",
                "0",
                "[{\"recipientId\":\"creators\",\"share\":1.0}]");
    }

    /** The line broke within the free head, and the edge's word of it came after the close that billed the use. */
    @Test
    void aCutThatComesAfterTheCloseGivesTheUseBackAndEveryPaperVerifies() {
        try (Market market = new Market(dir, 1)) {
            ContractId contract = contract(market, published(market, ranges(0, 20)));
            Grant grant = market.token(market.job(contract, "job-1"), Scope.TRAINING);
            Market.TestEdge edge = market.edge("e");
            ContentId work = ContentId.of(CONTENT);
            Instant first = market.world.clock.instant();
            edge.leave(LeafKind.FULL, grant, work, first, 0, 2_000, 0, Optional.empty());
            assertThat(uses(market, edge, contract)).isEqualTo(1);
            assertThat(closed(market, "p1", first.minusSeconds(60))).containsExactly("usage 1");
            Instant second = market.world.clock.instant();
            edge.leave(LeafKind.CUT, grant, work, second, 0, 5, 1, Optional.empty());
            assertThat(uses(market, edge, contract)).isZero();
            assertThat(closed(market, "p2", second)).containsExactly("withdrawal 1");
        }
    }

    /** Closes a period; the lines of its statements, whose files, and those of its invoices, verify. */
    private static List<String> closed(Market market, String period, Instant from) {
        market.world.clock.advance(Duration.ofMinutes(1));
        market.settlement()
                .close(new Period(period, from, market.world.clock.instant()))
                .orThrow();
        PaperVerifier verifier = new PaperVerifier(Market.noteSigner().key(), ContractFixture.VERIFIER);
        List<String> ids = new ArrayList<>();
        market.settlement()
                .invoices(Optional.empty(), Optional.empty(), Optional.of(period), Optional.empty(), 10)
                .items()
                .forEach(invoice -> ids.add(invoice.id()));
        market.settlement()
                .statements(Optional.empty(), Optional.of(period), Optional.empty(), 10)
                .items()
                .forEach(statement -> ids.add(statement.id()));
        List<String> lines = new ArrayList<>();
        for (String id : ids) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            market.settlement().export(id, file).orThrow();
            if (verifier.verify(file.toByteArray()).paper() instanceof Statement statement) {
                statement
                        .lines()
                        .forEach(line -> lines.add(
                                line.kind().word() + " " + line.worth().uses()));
            }
        }
        return lines;
    }

    private static long uses(Market market, Market.TestEdge edge, ContractId contract) {
        edge.ship();
        market.metering().catchUp();
        assertThat(market.metering().check()).isEmpty();
        return market.read(tx -> market.metering().counts(tx, contract)).stream()
                .mapToLong(UsageCount::uses)
                .sum();
    }
}
