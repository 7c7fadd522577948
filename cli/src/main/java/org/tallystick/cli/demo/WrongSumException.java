package org.tallystick.cli.demo;

import java.util.Objects;

/** A check of the demo failed: the run was no proof of anything, and says which number is off. */
public final class WrongSumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongSumException(String sentence) {
        super(Objects.requireNonNull(sentence));
    }

    /** What does not hold. */
    public String sentence() {
        return Objects.requireNonNull(getMessage());
    }
}
