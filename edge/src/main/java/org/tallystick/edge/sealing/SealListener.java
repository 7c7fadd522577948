package org.tallystick.edge.sealing;

import java.util.concurrent.Executor;
import org.tallystick.edge.refusal.RefusalReason;

/**
 * Who waits for a leaf to become durable, so that the sealer need not know what a request or a connection is. Is told
 * the outcome once, on a thread of its own choice: {@link #sealed}, then {@link #send}, or {@link #unsealed}.
 */
public interface SealListener {
    /** Runs every call below. Listeners of one batch that share an executor are told in one task. */
    Executor executor();

    /**
     * The leaf is signed and synced.
     *
     * @param index place of the leaf in the batch, from 0
     */
    void sealed(SealedBatch batch, int index);

    /** Every listener of this executor has been told of the batch, so that what is now ready can leave together. */
    void send();

    /** The leaf could not be made durable and never will be. */
    void unsealed(RefusalReason reason);
}
