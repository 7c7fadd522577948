package org.tallystick.cli.demo;

import java.util.Objects;

/** A check of the demo failed: the run was no proof of anything, and says which number is off. */
public final class DoesNotAddUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DoesNotAddUpException(String sentence) {
        super(Objects.requireNonNull(sentence));
    }

    /** What does not hold. */
    public String sentence() {
        return Objects.requireNonNull(getMessage());
    }
}
