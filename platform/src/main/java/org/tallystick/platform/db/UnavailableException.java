package org.tallystick.platform.db;

/**
 * The database cannot answer now; ask again later. Nothing was done, unless {@link #mayHaveCommitted()}: then the
 * connection was lost while committing and only reading can tell. Every command is safe to repeat, so repeating is the
 * answer to both.
 */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveCommitted;

    UnavailableException(String message, Throwable cause, boolean mayHaveCommitted) {
        super(message, cause);
        this.mayHaveCommitted = mayHaveCommitted;
    }

    /** Whether the transaction may have been committed although no answer came. */
    public boolean mayHaveCommitted() {
        return mayHaveCommitted;
    }
}
