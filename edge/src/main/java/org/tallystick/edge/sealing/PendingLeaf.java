package org.tallystick.edge.sealing;

import java.util.Optional;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafForm;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
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

    /** When the delivery was admitted, or its end noticed, in milliseconds since 1970. */
    long time();

    TokenId token();

    ContentId content();

    /** First byte of the work that is delivered; 0 for a leaf that delivers none. */
    long from();

    /** Bytes of content promised, or handed over where the leaf says how a delivery ended; 0 where there are none. */
    long bytes();

    /** Sequence number of the leaf this one speaks of; 0 for none. */
    long refers();

    /** The release key the request showed, which then stands in the salt's place. */
    Optional<ReleaseKey> release();

    /** The epoch the leaf must belong to; empty where the current one will do. */
    Optional<Epoch> boundTo();

    /** The leaf under its sequence number. */
    default Leaf leaf(int edge, Epoch epoch, long sequence) {
        return new Leaf(
                LeafForm.CURRENT,
                kind(),
                scope(),
                cached(),
                release().isPresent(),
                edge,
                epoch.number(),
                sequence,
                time(),
                token(),
                content(),
                from(),
                bytes(),
                refers(),
                release().map(ReleaseKey::bytes).orElseGet(() -> epoch.salt(sequence)));
    }

    /**
     * The answer to a request, which must not leave before its leaf is durable.
     *
     * @param listener who is told whether the leaf is durable
     * @param quota the token's set of works, where the delivery stands in it
     */
    record Delivery(
            SealListener listener,
            LeafKind kind,
            Scope scope,
            TokenId token,
            Optional<Quotas.Quota> quota,
            ContentId content,
            long from,
            long bytes,
            long time,
            boolean cached,
            Optional<ReleaseKey> release)
            implements PendingLeaf {
        @Override
        public long refers() {
            return 0;
        }

        @Override
        public Optional<Epoch> boundTo() {
            return Optional.empty();
        }
    }

    /**
     * Says how much of a delivery was handed over that broke off after its leaf was sealed: a cut, or a void where nothing
     * was. Belongs to the epoch of that leaf.
     *
     * @param batch the batch that holds the leaf
     * @param index place of the leaf in the batch, from 0
     * @param bytes bytes of content handed to the socket, fewer than promised
     */
    record Amendment(Delivery delivery, SealedBatch batch, int index, long bytes, long time) implements PendingLeaf {
        @Override
        public LeafKind kind() {
            return bytes == 0 ? LeafKind.VOID : LeafKind.CUT;
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
        public long from() {
            return 0;
        }

        @Override
        public long refers() {
            return batch.sequence(index);
        }

        @Override
        public Optional<ReleaseKey> release() {
            return Optional.empty();
        }

        @Override
        public Optional<Epoch> boundTo() {
            return Optional.of(batch.epoch());
        }
    }
}
