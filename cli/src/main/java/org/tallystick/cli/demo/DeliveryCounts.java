package org.tallystick.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.sdk.Delivery;

/** Counts what the trainers receive, on their side. Safe from any thread. */
final class DeliveryCounts {
    private record First(Instant moment, String receiptId) {}

    private final Instant start;
    private volatile Optional<First> first = Optional.empty();
    private final LongAdder whole = new LongAdder();
    private final LongAdder ranges = new LongAdder();
    private final LongAdder confirmed = new LongAdder();
    private final LongAdder heads = new LongAdder();
    private final LongAdder cached = new LongAdder();
    private final LongAdder brokenOff = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * @param start of the whole run
     */
    DeliveryCounts(Instant start) {
        this.start = start;
    }

    /** Counts a delivery whose receipt has been verified. */
    void delivered(Delivery delivery, Instant now) {
        switch (delivery.kind()) {
            case FULL -> whole.increment();
            case PARTIAL -> ranges.increment();
            case NOT_MODIFIED -> confirmed.increment();
            case HEAD -> heads.increment();
            case VOID, CUT ->
                throw new WrongSumException("a leaf of kind " + delivery.kind() + " was handed out as a receipt");
        }
        if (delivery.isCached()) {
            cached.increment();
        }
        if (delivery.kind() == LeafKind.FULL && first.isEmpty()) {
            noteFirst(new First(now, delivery.receipt().leaf().receiptId()));
        }
    }

    private synchronized void noteFirst(First candidate) {
        first = first.or(() -> Optional.of(candidate));
    }

    void brokeOff() {
        brokenOff.increment();
    }

    void refused() {
        refused.increment();
    }

    /** Verified deliveries that count as a use by their kind. */
    long deliveries() {
        return whole.sum() + ranges.sum() + confirmed.sum();
    }

    long refusals() {
        return refused.sum();
    }

    /** The time from the start of the run to the first delivery; empty before it. */
    Optional<Duration> untilFirstDelivery() {
        return first.map(one -> Duration.between(start, one.moment()));
    }

    /** The id of one of the receipts, as an example for {@code tallystick explain}. */
    Optional<String> someReceipt() {
        return first.map(First::receiptId);
    }

    /** All counts by name, for the report. */
    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        all.put("whole", whole.sum());
        all.put("ranges", ranges.sum());
        all.put("not_modified", confirmed.sum());
        all.put("head", heads.sum());
        all.put("from_cache", cached.sum());
        all.put("broken_off", brokenOff.sum());
        return all;
    }
}
