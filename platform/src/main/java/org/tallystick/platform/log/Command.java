package org.tallystick.platform.log;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Something a party asks of the platform, as a pure decision: it reads, and answers or asks for entries to be appended.
 * It may be asked to decide more than once, until one decision has been appended, so it holds no state of its own.
 *
 * @param <R> what the asker is told
 */
@FunctionalInterface
public interface Command<R> {
    /**
     * Decides on the state that all earlier commands have left.
     *
     * @param tx to read by; whatever is written through it is undone, since only what {@link Projection}s write from
     *     entries can be built again from the log
     * @param now the time the entries will carry, in whole milliseconds, never before that of an earlier entry
     */
    Decision<R> decide(Handle tx, Instant now);
}
