package org.tallystick.bench.sim;

/**
 * The system differs from the list of deliveries. The message names seed and step, with which the run can be repeated.
 */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Violation(String message) {
        super(message);
    }

    public Violation(String message, Throwable cause) {
        super(message, cause);
    }
}
