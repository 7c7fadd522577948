package org.tallystick.platform.metering;

import org.tallystick.platform.metering.fold.BatchReader;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Batch;

/** Reads batches of receipts by log position, remembering the last ones; for reading many. Not thread-safe. */
public final class Batches {
    private final BatchReader reader;

    Batches(BatchReader reader) {
        this.reader = reader;
    }

    /** The log entry of the batch at a position; throws {@link IllegalStateException} where none is. */
    public LogEntry.BatchEntry entry(long position) {
        return reader.batchEntry(position);
    }

    /**
     * The batch at a position, of whose bundle few others will be asked for: only its own bytes are read, and checked
     * against the root the log has of them; throws as {@link #entry}.
     */
    public Batch single(long position) {
        return reader.single(position);
    }

    /** The batch at a position, checked against what the log has of it; throws as {@link #entry}. */
    public Batch batch(long position) {
        return reader.inBundle(reader.batchEntry(position));
    }
}
