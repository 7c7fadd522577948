package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Grade;

/**
 * One use a buyer makes of a contract: the window within which a work counts once.
 *
 * @param position log position of its opening
 * @param dataset root of the dataset version it may fetch
 * @param model what is trained, in the buyer's words
 * @param closed how it was closed, if it has
 * @param grade how its uses are proven: the weakest that any of its metering tokens allows
 */
public record Job(
        JobId id,
        long position,
        ContractId contract,
        PartyId buyer,
        Hash dataset,
        String model,
        Instant opened,
        Optional<Closed> closed,
        Grade grade) {
    public Job {
        Objects.requireNonNull(id);
        Objects.requireNonNull(contract);
        Objects.requireNonNull(buyer);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(model);
        Objects.requireNonNull(opened);
        Objects.requireNonNull(closed);
        Objects.requireNonNull(grade);
    }

    /** A job just opened. */
    static Job opened(
            JobId id, long position, ContractId contract, PartyId buyer, Hash dataset, String model, Instant opened) {
        return new Job(id, position, contract, buyer, dataset, model, opened, Optional.empty(), Grade.RECEIPT);
    }

    /**
     * The end of a job.
     *
     * @param position log position of the entry that closed it, whose body holds the training manifest
     * @param works how many works the buyer says it trained on
     * @param acknowledgement what the buyer signed of what arrived, if it did
     */
    public record Closed(long position, Instant at, int works, Optional<String> acknowledgement) {
        public Closed {
            Objects.requireNonNull(at);
            Objects.requireNonNull(acknowledgement);
        }
    }
}
