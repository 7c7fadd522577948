package org.tallystick.platform.kernel;

/**
 * Carries a {@link Problem} out of a decoder too deep to return an {@link Outcome}. Caught where the decoder was called,
 * never a sign of a bug; nothing has been changed when it is thrown.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** Wraps a problem. No stack trace is taken: the problem itself says what was wrong. */
    public RefusedException(Problem problem) {
        super(problem.type() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** What was refused and why. */
    public Problem problem() {
        return problem;
    }
}
