package org.tallystick.platform.log;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.log.LogEntry;

/**
 * What one room makes of the log in its own tables. What {@link #apply} writes depends on nothing but the entries so
 * far and their positions: no clock, no randomness, no outside world. So the tables can be emptied and built again.
 */
public interface Projection {
    /** Names it in messages. */
    String name();

    /**
     * Takes in one entry; called for every entry of the log, in order, exactly once in what is committed. Entries of
     * other rooms are to be passed over. Throwing refuses the command that asked for the entry; during recovery, when the
     * entry is in the log already, it stops the sequencer.
     *
     * @param position of the entry, from 0
     */
    void apply(Handle tx, long position, LogEntry entry);

    /**
     * Takes in batches that stand one after another, as {@link #apply} would one by one; for rooms that can do it at once.
     *
     * @param first position of the first
     */
    default void applyAll(Handle tx, long first, List<LogEntry.BatchEntry> batches) {
        long position = first;
        for (LogEntry.BatchEntry batch : batches) {
            apply(tx, position++, batch);
        }
    }

    /** Empties the tables; those marked personal, which the log cannot give back, stay. */
    void reset(Handle tx);
}
