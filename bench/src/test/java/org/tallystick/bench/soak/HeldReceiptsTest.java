package org.tallystick.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.tallystick.bench.sim.Violation;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;

/** What the campaign would say if something were lost, exchanged or given out twice. */
final class HeldReceiptsTest {
    private final HeldReceipts received = new HeldReceipts();

    private static Leaf leaf(long sequence, String work) {
        return new Leaf(
                LeafKind.FULL,
                Scope.TRAINING,
                false,
                1,
                1,
                sequence,
                1_700_000_000_000L,
                new TokenId(new byte[TokenId.LENGTH]),
                ContentId.of(work.getBytes(StandardCharsets.UTF_8)),
                100,
                0,
                new byte[Leaf.SALT_LENGTH]);
    }

    @Test
    void whatTheLogDoesNotShowIsLeft() {
        received.add(leaf(1, "a"));
        received.add(leaf(2, "b"));
        received.found(leaf(1, "a"));
        received.found(leaf(3, "of somebody who never got the answer"));
        assertThat(received.any()).contains(new HeldReceipts.Place(1, 1, 2));
        received.found(leaf(2, "b"));
        assertThat(received.any()).isEmpty();
        assertThat(received.size()).isZero();
    }

    @Test
    void aNumberIsGivenOutOnce() {
        received.add(leaf(1, "a"));
        assertThatThrownBy(() -> received.add(leaf(1, "a")))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("r-1-1-1");
    }

    @Test
    void theLogShowsWhatWasHandedOut() {
        received.add(leaf(1, "a"));
        assertThatThrownBy(() -> received.found(leaf(1, "b")))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("another leaf");
    }
}
