package org.tallystick.platform.log;

import org.jspecify.annotations.Nullable;

/**
 * The log's disk or the database does not answer. Whoever asked may ask again: a command that threw this has changed
 * nothing, unless {@link #isOutcomeUnknown()} says that this is not certain.
 */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    LogUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    LogUnavailableException(String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    LogUnavailableException(String message) {
        super(message);
        this.outcomeUnknown = false;
    }

    /** Whether the entries may turn out to have been appended after all; the next start finds out. */
    public boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }
}
