package org.tallystick.platform.log;

import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;

/** An entry a command wants appended; the sequencer gives it its time and its place. */
public sealed interface Draft {
    /**
     * A document. One whose canonical form is longer than {@link LogEntry#INLINE_MAX} goes to the blob store by itself.
     *
     * @param type as {@link LogEntry.DocumentEntry} demands
     * @param body without personal data: the log never forgets
     */
    static Draft document(String type, Json.Obj body) {
        return new Document(type, body);
    }

    /** A batch of receipts; its bundle must be in the blob store already. */
    static Draft batch(LogEntry.BatchEntry entry) {
        return new Batch(entry);
    }

    /** The entry, taken in at that time. */
    LogEntry at(Instant time);

    /** A document. */
    record Document(String type, Json.Obj body) implements Draft {
        public Document {
            Objects.requireNonNull(type);
            Objects.requireNonNull(body);
        }

        @Override
        public LogEntry at(Instant time) {
            return new LogEntry.DocumentEntry(type, time, body);
        }
    }

    /** A batch. */
    record Batch(LogEntry.BatchEntry entry) implements Draft {
        public Batch {
            Objects.requireNonNull(entry);
        }

        @Override
        public LogEntry at(Instant time) {
            return entry;
        }
    }
}
