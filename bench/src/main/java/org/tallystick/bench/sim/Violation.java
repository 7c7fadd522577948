package org.tallystick.bench.sim;

/** The world is not as the plain list of deliveries says it must be. The message names seed and step, which replay it. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Violation(String message) {
        super(message);
    }

    public Violation(String message, Throwable cause) {
        super(message, cause);
    }
}
