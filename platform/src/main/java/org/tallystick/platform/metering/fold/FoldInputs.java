package org.tallystick.platform.metering.fold;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.TokenId;

/** What the folder asks of the world: once per token, dataset version, set and epoch as long as none of them is ended, never once per leaf. */
public interface FoldInputs {
    /** A grant, where it stands in the log, and what has ended it since. */
    record Granted(Grant grant, long position, Bounds bounds) {}

    /**
     * What bounds the deliveries under a grant beside the grant itself.
     *
     * @param revoked when the token was revoked
     * @param closed when its job was closed
     * @param order the job order that the grant names, if it is in the log
     */
    record Bounds(Optional<Instant> revoked, Optional<Instant> closed, Optional<Ordered> order) {
        /** Nothing has ended it, and it names no order. */
        public static final Bounds NONE = new Bounds(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A job order's table of commitments and its end. */
    record Ordered(ReleaseTable table, Instant ends) {}

    /** The grant of a token id, wherever it stands in the log. */
    Optional<Granted> grant(TokenId token);

    /** The log position from which on nothing an epoch of an edge has signed counts; {@link Long#MAX_VALUE} for none. */
    long revokedFrom(int edge, int epoch);

    /** The members of a dataset version; those of an unknown one are none. */
    Ordinals ordinals(Hash dataset);

    /** A set as it was saved, or an empty one. */
    FoldedSet set(UsageKey key, Hash dataset, int works);

    /** The saved sets with a bucket that begins before and ends after a moment. */
    List<Spanning> spanning(long moment);

    /** Such a set. */
    record Spanning(UsageKey key, Hash dataset, int works) {}

    /** An epoch as it was saved, or an empty one. */
    FoldedEpoch epoch(int edge, int epoch);

    /** The header of the batch at a log position. */
    BatchHeader header(long position);

    /** The batch at a log position. */
    Batch batch(long position);
}
