package org.tallystick.platform.metering.fold;

import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/** What the folder asks of the world: once per token, dataset version, set and epoch, never once per leaf. */
public interface FoldInputs {
    /** A grant and where it stands in the log. */
    record Granted(Grant grant, long position) {}

    /** The grant of a token id, wherever it stands in the log. */
    Optional<Granted> grant(TokenId token);

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
