package org.tallystick.platform.metering;

import java.util.List;
import java.util.Objects;
import org.tallystick.platform.delivery.UsageRecord;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.receipt.ContentId;

/**
 * What was delivered to a job, held against what its buyer says it trained on.
 *
 * @param position log entries metered
 * @param delivered distinct works delivered, over all scopes that meter
 * @param trained works in the training manifest; 0 while the job is open
 * @param withoutReceipt trained on, but never delivered; sorted
 * @param withoutTraining delivered, but not trained on; sorted; empty while the job is open
 * @param events batches of training reported
 * @param samples samples those add up to
 * @param gaps event numbers missing below one that has come
 */
public record CrossCheck(
        JobId job,
        long position,
        boolean closed,
        long delivered,
        long trained,
        List<ContentId> withoutReceipt,
        List<ContentId> withoutTraining,
        long events,
        long samples,
        List<UsageRecord.Missing> gaps) {
    public CrossCheck {
        Objects.requireNonNull(job);
        withoutReceipt = List.copyOf(withoutReceipt);
        withoutTraining = List.copyOf(withoutTraining);
        gaps = List.copyOf(gaps);
    }

    /** Whether both sides name the same works. */
    public boolean agrees() {
        return closed && withoutReceipt.isEmpty() && withoutTraining.isEmpty();
    }
}
