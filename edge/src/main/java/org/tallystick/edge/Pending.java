package org.tallystick.edge;

import java.util.Optional;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;

/** Something that is to become the next leaf. Given to the sealer, which answers on its own thread, once. */
sealed interface Pending {

    /** Milliseconds since 1970 that the leaf will carry. */
    long time();

    /** Content bytes the leaf will carry. */
    long bytes();

    LeafKind kind();

    TokenVerdict.Granted granted();

    /** The leaf at its number. */
    Leaf leaf(int edge, Epoch epoch, long sequence);

    /** The answer to a request, which waits for its receipt. */
    record Delivery(
            Exchange exchange,
            LeafKind kind,
            TokenVerdict.Granted granted,
            ContentId content,
            long bytes,
            long time,
            boolean cached)
            implements Pending {
        @Override
        public Leaf leaf(int edge, Epoch epoch, long sequence) {
            return new Leaf(
                    kind,
                    granted.grant().scope(),
                    cached,
                    edge,
                    epoch.number(),
                    sequence,
                    time,
                    granted.token(),
                    content,
                    bytes,
                    0,
                    epoch.salt(sequence));
        }
    }

    /** Takes back a delivery that broke off after its leaf was sealed. */
    record VoidLeaf(Delivery delivery, SealedBatch batch, int index, long time) implements Pending {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public LeafKind kind() {
            return LeafKind.VOID;
        }

        @Override
        public TokenVerdict.Granted granted() {
            return delivery.granted();
        }

        @Override
        public Leaf leaf(int edge, Epoch epoch, long sequence) {
            return new Leaf(
                    LeafKind.VOID,
                    granted().grant().scope(),
                    delivery.cached(),
                    edge,
                    epoch.number(),
                    sequence,
                    time,
                    granted().token(),
                    delivery.content(),
                    0,
                    batch.sequence(index),
                    epoch.salt(sequence));
        }
    }

    /** The epoch the leaf must belong to, where that is not simply the current one. */
    default Optional<Epoch> boundTo() {
        return this instanceof VoidLeaf taken ? Optional.of(taken.batch().epoch()) : Optional.empty();
    }
}
