package org.tallystick.edge.sealing;

import java.util.Optional;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;

/**
 * What the next leaf will say, before it has a sequence number. Handed to the {@link Sealer}, which writes it into a
 * batch. {@link #leaf} is the one place where an edge builds leaves. Immutable.
 */
public sealed interface PendingLeaf {
    LeafKind kind();

    Scope scope();

    /** Whether the work was in the cache when it was asked for. */
    boolean cached();

    /** When the delivery was admitted, or taken back, in milliseconds since 1970. */
    long time();

    TokenId token();

    ContentId content();

    /** Bytes of content delivered; 0 for a leaf that delivers none. */
    long bytes();

    /** Sequence number of the leaf this one takes back; 0 for none. */
    long voids();

    /** The token's quota, where it has one. */
    Optional<Quotas.Quota> quota();

    /** The epoch the leaf must belong to; empty where the current one will do. */
    Optional<Epoch> boundTo();

    /** The leaf under its sequence number. */
    default Leaf leaf(int edge, Epoch epoch, long sequence) {
        return new Leaf(
                kind(),
                scope(),
                cached(),
                edge,
                epoch.number(),
                sequence,
                time(),
                token(),
                content(),
                bytes(),
                voids(),
                epoch.salt(sequence));
    }

    /**
     * The answer to a request, which must not leave before its leaf is durable.
     *
     * @param listener who is told whether the leaf is durable
     */
    record Delivery(
            SealListener listener,
            LeafKind kind,
            Scope scope,
            TokenId token,
            Optional<Quotas.Quota> quota,
            ContentId content,
            long bytes,
            long time,
            boolean cached)
            implements PendingLeaf {
        @Override
        public long voids() {
            return 0;
        }

        @Override
        public Optional<Epoch> boundTo() {
            return Optional.empty();
        }
    }

    /**
     * Takes back a delivery that broke off after its leaf was sealed. Belongs to the epoch of that leaf.
     *
     * @param batch the batch that holds the leaf
     * @param index place of the leaf in the batch, from 0
     */
    record VoidLeaf(Delivery delivery, SealedBatch batch, int index, long time) implements PendingLeaf {
        @Override
        public LeafKind kind() {
            return LeafKind.VOID;
        }

        @Override
        public Scope scope() {
            return delivery.scope();
        }

        @Override
        public boolean cached() {
            return delivery.cached();
        }

        @Override
        public TokenId token() {
            return delivery.token();
        }

        @Override
        public ContentId content() {
            return delivery.content();
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public long voids() {
            return batch.sequence(index);
        }

        @Override
        public Optional<Quotas.Quota> quota() {
            return delivery.quota();
        }

        @Override
        public Optional<Epoch> boundTo() {
            return Optional.of(batch.epoch());
        }
    }
}
