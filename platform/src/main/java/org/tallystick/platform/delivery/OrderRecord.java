package org.tallystick.platform.delivery;

import java.util.Objects;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.JobOrder;

/**
 * A job order that was taken in.
 *
 * @param compact the order as its buyer signed it
 * @param table the blob that holds its table of commitments
 * @param position log position of its entry
 */
public record OrderRecord(JobOrder order, String compact, ContentId table, long position) {
    public OrderRecord {
        Objects.requireNonNull(order);
        Objects.requireNonNull(compact);
        Objects.requireNonNull(table);
    }
}
