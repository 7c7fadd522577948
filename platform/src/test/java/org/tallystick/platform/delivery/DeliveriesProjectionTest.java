package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;

/** The projection is the last line: what contradicts the tables never gets into the log, whoever asks for it. */
class DeliveriesProjectionTest {
    @TempDir
    static Path dir;

    private static DeliveriesWorld world;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void aBatchOfAnEpochNobodyCertifiedIsNotAppended() {
        TestEdge edge = world.edge("edge");
        Batch batch = edge.seal(9, 1, 2, BatchHeader.NONE, world.world.clock.instant(), edge.key());
        assertThrowsAndChangesNothing(batch(batch), RuntimeException.class);
    }

    @Test
    void aBatchOfNumbersAlreadyTakenIsNotAppended() {
        TestEdge edge = world.edge("again");
        Batch batch = edge.seal(2);
        edge.ship(batch).orThrow();
        assertThrowsAndChangesNothing(batch(edge.seal(2, 1, BatchHeader.NONE)), IllegalStateException.class);
    }

    @Test
    void aBatchWithoutItsBundleIsNotAppended() {
        TestEdge edge = world.edge("bundle");
        Batch batch = edge.seal(2);
        Draft draft = Draft.batch(
                new LogEntry.BatchEntry(ContentId.of(new byte[] {1}).hash(), 0, batch.length(), batch.signed()));
        assertThrowsAndChangesNothing(draft, IllegalArgumentException.class);
    }

    @Test
    void aGrantForNoJobIsNotAppended() {
        Grant grant = new Grant(
                ContractFixture.ORIGIN,
                "buyer-7",
                "cnf-none",
                "job-none",
                Scope.TRAINING,
                world.world.version.root(),
                ContractFixture.START,
                ContractFixture.START.plusSeconds(60),
                Optional.empty());
        assertThrowsAndChangesNothing(Draft.document(Entries.GRANT, grant.claims()), RuntimeException.class);
        assertThrowsAndChangesNothing(
                Draft.document(Entries.GRANT, grant.claims().with("scope", Json.of("embedding"))),
                MalformedException.class);
    }

    @Test
    void halfAnEntryIsNotAppended() {
        for (String type : List.of(
                Entries.JOB,
                Entries.JOB_CLOSED,
                Entries.GRANT,
                Entries.GRANT_REVOKED,
                Entries.EDGE,
                Entries.EDGE_CERTIFICATE,
                Entries.EDGE_REVOKED,
                Entries.EDGE_EQUIVOCATION,
                Entries.USAGE_EVENT)) {
            assertThrowsAndChangesNothing(
                    Draft.document(type, Json.object().put("edge", 1).build()), MalformedException.class);
        }
    }

    @Test
    void anotherRoomsEntriesArePassedOver() {
        DeliveriesWorld.State before = world.state();
        append(Draft.document("something-else", Json.object().put("job", "x").build()));
        assertThat(world.state().rows()).isEqualTo(before.rows());
        assertThat(world.world.log.size()).isEqualTo(before.logSize() + 1);
    }

    private static Draft batch(Batch batch) {
        byte[] bytes = batch.encode();
        return Draft.batch(
                new LogEntry.BatchEntry(world.world.blobs.put(bytes).id().hash(), 0, batch.length(), batch.signed()));
    }

    private static void append(Draft draft) {
        world.world.sequencer.execute((tx, now) -> Decision.append(List.of(draft), position -> position));
    }

    private static void assertThrowsAndChangesNothing(Draft draft, Class<? extends Throwable> type) {
        DeliveriesWorld.State before = world.state();
        assertThatThrownBy(() -> append(draft)).isInstanceOf(type);
        assertThat(world.state()).isEqualTo(before);
    }
}
