package org.tallystick.platform.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;

/**
 * A usage event that was taken in.
 *
 * @param position log position of its entry, which is the signed event
 * @param samples how many samples the buyer says it used
 * @param reported when, by the buyer's clock
 */
public record UsageRecord(
        ContractId contract,
        String batch,
        long position,
        Optional<JobId> job,
        Optional<Long> sequence,
        long samples,
        Optional<Long> epoch,
        Optional<String> model,
        Instant reported) {
    public UsageRecord {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(batch);
        Objects.requireNonNull(job);
        Objects.requireNonNull(sequence);
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(model);
        Objects.requireNonNull(reported);
    }

    /**
     * Event numbers that are missing below one that has come.
     *
     * @param job empty for the events of a contract that name no job
     */
    public record Missing(ContractId contract, Optional<JobId> job, long first, long last) {
        public Missing {
            Objects.requireNonNull(contract);
            Objects.requireNonNull(job);
        }
    }

    /** How many batches were reported, and how many samples they say. */
    public record Totals(int batches, long samples) {}
}
