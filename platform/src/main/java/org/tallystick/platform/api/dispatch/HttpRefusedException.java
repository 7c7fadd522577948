package org.tallystick.platform.api.dispatch;

import org.tallystick.platform.kernel.Problem;

/**
 * A refusal by what HTTP itself asks for, with its own status; everything that has a meaning beyond HTTP is a {@link
 * Problem} with a category. Nothing has been changed when it is thrown.
 */
public final class HttpRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;

    public HttpRefusedException(int status, Problem problem) {
        super(problem.type() + ": " + problem.detail(), null, false, false);
        this.status = status;
        this.problem = problem;
    }

    /** A request that cannot be read. */
    public static HttpRefusedException malformed(Problem problem) {
        return new HttpRefusedException(400, problem);
    }

    int status() {
        return status;
    }

    Problem problem() {
        return problem;
    }
}
