package org.tallystick.platform.api.dispatch;

import java.time.Duration;
import org.tallystick.platform.kernel.Problem;

/**
 * A refusal by what HTTP itself asks for, with its own status; everything that has a meaning beyond HTTP is a {@link
 * Problem} with a category. Nothing has been changed when it is thrown.
 */
public final class HttpRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;
    private final Duration retryAfter;

    public HttpRefusedException(int status, Problem problem) {
        this(status, problem, Duration.ZERO);
    }

    /** @param retryAfter after how long asking again helps; zero where it does not */
    HttpRefusedException(int status, Problem problem, Duration retryAfter) {
        super(problem.type() + ": " + problem.detail(), null, false, false);
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** A request that cannot be read. */
    public static HttpRefusedException malformed(Problem problem) {
        return new HttpRefusedException(400, problem);
    }

    int status() {
        return status;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    Problem problem() {
        return problem;
    }
}
