package org.tallystick.sdk;

import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Receipts against a job's training manifest.
 *
 * @param position log entries metered so far
 * @param delivered distinct works with a receipt
 * @param trained distinct works in the training manifest
 * @param withoutReceipt trained on, but never delivered
 * @param withoutTraining delivered, but not trained on
 * @param eventBatches usage events taken in
 * @param eventSamples what they sum up to
 * @param eventGaps runs of missing sequence numbers among them
 */
public record CrossCheck(
        String job,
        long position,
        long delivered,
        long trained,
        List<ContentId> withoutReceipt,
        List<ContentId> withoutTraining,
        long eventBatches,
        long eventSamples,
        List<Run> eventGaps) {
    private static final long MOST = Long.MAX_VALUE >> 11;

    /** Copies the lists. */
    public CrossCheck {
        withoutReceipt = List.copyOf(withoutReceipt);
        withoutTraining = List.copyOf(withoutTraining);
        eventGaps = List.copyOf(eventGaps);
    }

    /** A run of numbers, both ends inclusive. */
    public record Run(long from, long to) {}

    static CrossCheck of(Fields fields) {
        Fields events = fields.fields("events");
        return new CrossCheck(
                fields.text("job_id"),
                fields.integer("position", 0, MOST),
                fields.integer("delivered", 0, MOST),
                fields.integer("trained", 0, MOST),
                contents(fields, "without_receipt"),
                contents(fields, "without_training"),
                events.integer("batches", 0, MOST),
                events.integer("samples", 0, MOST),
                events.objects("gaps").stream()
                        .map(gap -> new Run(gap.integer("from", 0, MOST), gap.integer("to", 0, MOST)))
                        .toList());
    }

    private static List<ContentId> contents(Fields fields, String name) {
        return fields.strings(name).stream().map(ContentId::parse).toList();
    }
}
