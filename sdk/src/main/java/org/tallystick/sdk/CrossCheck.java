package org.tallystick.sdk;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 * @param events what the buyer's usage events say; empty where a creator asks, who sees its own works alone
 */
public record CrossCheck(
        String job,
        long position,
        long delivered,
        long trained,
        List<ContentId> withoutReceipt,
        List<ContentId> withoutTraining,
        Optional<Events> events) {
    private static final long MOST = Long.MAX_VALUE >> 11;

    /** Copies the lists. */
    public CrossCheck {
        withoutReceipt = List.copyOf(withoutReceipt);
        withoutTraining = List.copyOf(withoutTraining);
        Objects.requireNonNull(events);
    }

    /**
     * What the usage events of a job say.
     *
     * @param batches events taken in
     * @param samples what they sum up to
     * @param gaps runs of missing sequence numbers among them
     */
    public record Events(long batches, long samples, List<Run> gaps) {
        /** Copies the list. */
        public Events {
            gaps = List.copyOf(gaps);
        }

        private static Events of(Fields fields) {
            return new Events(
                    fields.integer("batches", 0, MOST),
                    fields.integer("samples", 0, MOST),
                    fields.objects("gaps").stream()
                            .map(gap -> new Run(gap.integer("from", 0, MOST), gap.integer("to", 0, MOST)))
                            .toList());
        }
    }

    /** A run of numbers, both ends inclusive. */
    public record Run(long from, long to) {}

    static CrossCheck of(Fields fields) {
        return new CrossCheck(
                fields.text("job_id"),
                fields.integer("position", 0, MOST),
                fields.integer("delivered", 0, MOST),
                fields.integer("trained", 0, MOST),
                contents(fields, "without_receipt"),
                contents(fields, "without_training"),
                fields.optionalFields("events").map(Events::of));
    }

    private static List<ContentId> contents(Fields fields, String name) {
        return fields.strings(name).stream().map(ContentId::parse).toList();
    }
}
